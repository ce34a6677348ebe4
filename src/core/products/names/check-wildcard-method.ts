import type { ValidationMethod } from '../../domains/domain.ts'
import { Fault } from '../../faults.ts'
import { isWildcard, type OrderName } from './order-name.ts'

/**
 * A file on a web server proves control over that one host, never over what a wildcard covers (TLS BR section
 * 3.2.2.4.18).
 * @param method how control is going to be proven; null: the order's names are proven already
 * @param parameter the method came in
 * @throws Fault parameter_invalid
 */
export function checkWildcardMethod(
  method: ValidationMethod | null,
  names: readonly OrderName[],
  parameter: string,
): void {
  const wildcard = method === 'http-token' ? names.find(({ value }) => isWildcard(value)) : undefined
  if (wildcard !== undefined) {
    const reason = `a file proves nothing for the wildcard "${wildcard.value}"`
    throw new Fault('parameter_invalid', { parameter, reason })
  }
}
