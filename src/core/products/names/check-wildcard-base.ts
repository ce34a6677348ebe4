import { Fault } from '../../faults.ts'
import { isBelowSuffix } from '../../policy/names/internal-names.ts'
import { baseOf } from '../../validation/methods.ts'
import type { Product } from '../product.ts'
import { isWildcard, type OrderName } from './order-name.ts'

/**
 * A product for one wildcard takes beside it only what lies at or below the wildcard's base, and no second wildcard.
 * @throws Fault wildcard_foreign_name
 */
export function checkWildcardBase({ names: rule }: Product, names: readonly OrderName[]): void {
  const [first] = names
  if (rule.of !== 'hosts' || rule.shape !== 'wildcard' || first === undefined) return
  const base = [baseOf(first.value)]
  for (const { value } of names) {
    if (value !== first.value && (isWildcard(value) || !isBelowSuffix(value, base))) {
      throw new Fault('wildcard_foreign_name', { name: value })
    }
  }
}
