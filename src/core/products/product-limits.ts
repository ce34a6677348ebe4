import type { ApiKeyRole } from '../accounts/account.ts'
import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import { containers } from '../identity/container.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { Product } from './product.ts'
import {
  type AccountLimits,
  accountLimits,
  type ContainerLimits,
  type ProductLimit,
} from './product-limit.ts'

/** Who orders where. */
export interface LimitedBuyer {
  readonly accountId: AccountId
  readonly containerId: number
  readonly role: ApiKeyRole
}

/** A year has 365 days, and one in four a day more. */
const longestYear = 365.25

/** Containers lie no deeper than this in each other. */
const DEEPEST = 64

/**
 * A product as it may be ordered in a container: with the years, the longest lifetime and the choice of an end that its
 * limits leave. The limits of the nearest container count, upwards from the one ordered in, those of the buyer's role
 * before those of everybody; without any, the product is as the catalogue has it.
 *
 * @throws Fault product_not_allowed where there are limits that do not list it
 */
export function* productLimitsFor(
  view: Pick<View, 'collection'>,
  buyer: LimitedBuyer,
  product: Product,
): Program<Product> {
  const limits = yield* limitsFor(view, buyer)
  const limited = limits === undefined ? product : limitedProduct(product, limits)
  if (limited === undefined) throw new Fault('product_not_allowed', { product: product.nameId })
  return limited
}

/** The limits that count for somebody; undefined: there are none. */
export function* limitsFor(
  view: Pick<View, 'collection'>,
  { accountId, containerId, role }: LimitedBuyer,
): Program<ContainerLimits | undefined> {
  const all: AccountLimits | undefined = yield* view.collection(accountLimits).byId(accountId, accountId)
  if (all === undefined || all.containers.length === 0) return undefined
  let id: number | null = containerId
  for (let level = 0; id !== null && level < DEEPEST; level++) {
    const here = all.containers.filter((limits) => limits.containerId === id)
    const found = here.find((limits) => limits.role === role) ?? here.find((limits) => limits.role === null)
    if (found !== undefined) return found
    const container: { readonly parentId: number | null } | undefined = yield* view
      .collection(containers)
      .byId(accountId, id)
    id = container?.parentId ?? null
  }
  return undefined
}

/** Undefined when the limits leave nothing of the product. */
export function limitedProduct(product: Product, { products }: ContainerLimits): Product | undefined {
  const limit = products.find((each) => each.product === product.nameId)
  if (limit === undefined) return undefined
  const orderYears = product.orderYears.filter((years) => limit.orderYears?.includes(years) ?? true)
  if (orderYears.length === 0) return undefined
  return {
    ...product,
    orderYears,
    customExpiration: product.customExpiration && limit.customExpiration,
    maximumLifetimeDays: Math.min(product.maximumLifetimeDays, longestDays(limit)),
  }
}

function longestDays({ certificateYears }: ProductLimit): number {
  if (certificateYears === null || certificateYears.length === 0) return Number.POSITIVE_INFINITY
  return Math.ceil(Math.max(...certificateYears) * longestYear)
}
