import type { ValidationMethod } from '../../domains/domain.ts'
import { Fault } from '../../faults.ts'
import { canProve } from '../../validation/methods.ts'
import type { OrderName } from './order-name.ts'

/**
 * A method of proving control that can prove every name of the order: a file says nothing of what a wildcard covers.
 * @param method null: the order's names are proven already
 * @param parameter the method came in
 * @throws Fault parameter_invalid
 */
export function checkMethod(
  method: ValidationMethod | null,
  names: readonly OrderName[],
  parameter: string,
): void {
  if (method === null) return
  const odd = names.find(({ value }) => !canProve(method, value))
  if (odd !== undefined) {
    throw new Fault('parameter_invalid', { parameter, reason: `${method} cannot prove "${odd.value}"` })
  }
}
