import { Fault } from '../faults.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import type { Product } from './product.ts'
import { subjectProducts } from './subject-products.ts'
import { hostProducts } from './tls-products.ts'

/** Every product, in the order lists show them. */
export const products: readonly Product[] = [...hostProducts, ...subjectProducts]

const byNameId: ReadonlyMap<string, Product> = new Map(products.map((product) => [product.nameId, product]))

/** @throws Fault product_unknown */
export function productOf(nameId: string): Product {
  const product = byNameId.get(nameId)
  if (product === undefined) throw new Fault('product_unknown', { product: nameId })
  return product
}

/** What an account's policy says about products. */
export type ProductPolicy = Pick<AccountPolicy, 'disabledProducts'>

/** The products an account may order. */
export function enabledProducts(policy: ProductPolicy): readonly Product[] {
  return products.filter(({ nameId }) => !policy.disabledProducts.includes(nameId))
}

/**
 * A product that the account may order.
 * @throws Fault product_unknown, product_not_allowed
 */
export function enabledProductOf(nameId: string, policy: ProductPolicy): Product {
  const product = productOf(nameId)
  if (policy.disabledProducts.includes(nameId)) throw new Fault('product_not_allowed', { product: nameId })
  return product
}
