import { Fault } from '../../faults.ts'
import type { Product } from '../product.ts'
import type { OrderName } from './order-name.ts'
import { wwwTwin } from './www-twin.ts'

/**
 * No more names than the product has room for. A product for one name takes its `www` twin beside it.
 * @throws Fault product_names_exceeded
 */
export function checkNameCount({ names: rule }: Product, names: readonly OrderName[]): void {
  if (rule.of === 'nothing') return
  const single = rule.of === 'hosts' && rule.shape === 'single'
  const distinct = new Set(names.map(({ value }) => value))
  const [first] = names
  if (single && first !== undefined) distinct.delete(wwwTwin(first.value))
  const maximum = single ? 1 : rule.maximum
  if (distinct.size > maximum) {
    throw new Fault('product_names_exceeded', { count: distinct.size, maximum })
  }
}
