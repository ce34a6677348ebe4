import type { Product } from '../product.ts'
import { checkNameCount } from './check-count.ts'
import { checkInternalNames } from './check-internal.ts'
import { checkWildcardBase } from './check-wildcard-base.ts'
import { checkWildcards } from './check-wildcards.ts'
import type { OrderName } from './order-name.ts'

/** In this order, so that the same request always gets the same answer: what the product is, then what the names are. */
const checks: readonly ((product: Product, names: readonly OrderName[]) => void)[] = [
  checkNameCount,
  checkWildcards,
  checkWildcardBase,
  checkInternalNames,
]

/**
 * Whether a product may be ordered for these names, common name first, each in its normal form.
 * @throws Fault product_names_exceeded, name_refused, wildcard_foreign_name, names_internal
 */
export function checkOrderNames(product: Product, names: readonly OrderName[]): void {
  for (const check of checks) check(product, names)
}
