import { Fault } from '../faults.ts'
import { isBelowSuffix } from '../policy/names/internal-names.ts'
import { baseOf } from '../validation/methods.ts'
import { isWildcard } from './names/order-name.ts'
import { wwwTwin } from './names/www-twin.ts'
import type { HostShape, Product, ProductGroup } from './product.ts'

/** What a caller may say about the product instead of its name. */
export const typeHints = ['ov', 'ev', 'dv', 'private', 'wildcard', 'cloud', 'grid'] as const
export type TypeHint = (typeof typeHints)[number]

/**
 * The product that a hint and the names of an order come down to: of those for servers that fit both, the narrowest.
 * Where several are equally narrow, the unbranded line stands for the rest.
 *
 * @param enabled products the account may order
 * @param hint undefined: an organization-validated public product
 * @param names common name first, in normal form, without any free twin
 * @throws Fault product_ambiguous when none fits, or several equally well
 */
export function determineProduct(
  enabled: readonly Product[],
  hint: TypeHint | undefined,
  names: readonly string[],
): Product {
  const fitting = enabled.filter(
    (product) => product.subject === 'server' && hints[hint ?? 'ov'](product) && takes(product, names),
  )
  const lowest = Math.min(...fitting.map(rank))
  const narrowest = fitting.filter((product) => rank(product) === lowest)
  const [first, ...others] = narrowest
  if (first === undefined || others.length > 0) {
    throw new Fault('product_ambiguous', { candidates: narrowest.map(({ nameId }) => nameId) })
  }
  return first
}

const isPublicOv = ({ validation, group }: Product) => validation === 'ov' && group !== 'grid_certificate'
const shapeOf = ({ names }: Product): HostShape | undefined =>
  names.of === 'hosts' ? names.shape : undefined

const hints: { readonly [Hint in TypeHint]: (product: Product) => boolean } = {
  ov: isPublicOv,
  ev: ({ validation }) => validation === 'ev',
  dv: ({ validation }) => validation === 'dv',
  private: ({ group }) => group === 'private_ssl_certificate',
  wildcard: (product) => isPublicOv(product) && shapeOf(product) === 'wildcard',
  cloud: (product) => isPublicOv(product) && shapeOf(product) === 'cloud',
  grid: ({ group }) => group === 'grid_certificate',
}

/** Whether all names have a place in the product. */
function takes({ names: rule }: Product, names: readonly string[]): boolean {
  const [first] = names
  if (rule.of !== 'hosts' || first === undefined || names.length > rule.maximum) return false
  if (!rule.wildcards && names.some(isWildcard)) return false
  switch (rule.shape) {
    case 'single':
      return names.every((name) => name === first || name === wwwTwin(first))
    case 'wildcard': {
      const base = [baseOf(first)]
      return (
        isWildcard(first) &&
        names.every((name) => name === first || (!isWildcard(name) && isBelowSuffix(name, base)))
      )
    }
    default:
      return true
  }
}

const shapes: readonly HostShape[] = ['single', 'wildcard', 'multi', 'cloud', 'flex']

/** Lines that are not sold under a brand. */
const unbranded: ReadonlySet<ProductGroup> = new Set([
  'ssl_certificate',
  'dv_ssl_certificate',
  'private_ssl_certificate',
  'grid_certificate',
])

/** Lower is preferred. */
function rank(product: Product): number {
  const shape = shapeOf(product)
  const breadth = shape === undefined ? shapes.length : shapes.indexOf(shape)
  return breadth * 2 + (unbranded.has(product.group) ? 0 : 1)
}
