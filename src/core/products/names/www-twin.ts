import { isInternalName } from '../../policy/names/internal-names.ts'
import type { NamesRule } from '../product.ts'
import { isWildcard, type OrderName } from './order-name.ts'

const prefix = 'www.'

/** The same name without `www.`, or with it. */
export function wwwTwin(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name
}

/**
 * The names of an order with the free one: products for one name certify a domain that can be registered together
 * with its `www` name, whichever of the two was asked for. Deeper names stay alone, because whoever controls
 * `shop.example.com` was not asked about `www.shop.example.com`.
 */
export function withFreeTwin(rule: NamesRule, names: readonly OrderName[]): readonly OrderName[] {
  const [first] = names
  if (rule.of !== 'hosts' || rule.shape !== 'single' || first === undefined || names.length > 1) return names
  const { value, parameter } = first
  const base = value.startsWith(prefix) ? value.slice(prefix.length) : value
  if (isWildcard(value) || !isRegistrable(base)) return names
  return [first, { value: wwwTwin(value), parameter }]
}

/** Right below a public suffix, which itself counts as internal. */
function isRegistrable(name: string): boolean {
  return !isInternalName(name) && isInternalName(name.slice(name.indexOf('.') + 1))
}
