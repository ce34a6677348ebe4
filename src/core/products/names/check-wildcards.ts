import { Fault } from '../../faults.ts'
import type { Product } from '../product.ts'
import { isWildcard, type OrderName } from './order-name.ts'

/**
 * Wildcards only in products that have them, and a wildcard as the common name of products that are for one.
 * @throws Fault name_refused
 */
export function checkWildcards({ names: rule }: Product, names: readonly OrderName[]): void {
  if (rule.of !== 'hosts') return
  const odd = rule.wildcards ? undefined : names.find(({ value }) => isWildcard(value))
  if (odd !== undefined) throw refused(odd)
  const [first] = names
  if (rule.shape === 'wildcard' && first !== undefined && !isWildcard(first.value)) throw refused(first)
}

function refused({ value, parameter }: OrderName): Fault {
  return new Fault('name_refused', { parameter, value, defect: 'wildcard' })
}
