import type { Instant } from '../brand.ts'
import type { Order } from '../orders/order.ts'
import { orderCertificates } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { authorizeNames, type NamesAuthority } from './authorize-names.ts'

/** Certificates of one order that are looked through for the one that waits. */
const mostCertificates = 1_000

/** The names that an order waits to have certified, and which of them are proven. */
export interface NamesOfOrder extends NamesAuthority {
  readonly names: readonly string[]
}

/**
 * The names of the certificate that the order waits for, else of the one it has. An order without control to prove has
 * all its names proven.
 */
export function* unprovenNames(
  view: Pick<View, 'collection'>,
  order: Pick<Order, 'id' | 'accountId' | 'lead' | 'methods'>,
  now: Instant,
): Program<NamesOfOrder> {
  const { accountId, methods } = order
  const names = yield* pendingNames(view, order)
  if (methods === null) return { names, missing: [], basis: [] }
  const { evidence } = methods
  const wish = { accountId, names, strictness: 'public-tls', evidence, now } as const
  return { names, ...(yield* authorizeNames(view, wish)) }
}

function* pendingNames(
  view: Pick<View, 'collection'>,
  { id, accountId, lead }: Pick<Order, 'id' | 'accountId' | 'lead'>,
): Program<readonly string[]> {
  const all = yield* view.collection(orderCertificates).withValue(accountId, 'order_id', id, mostCertificates)
  const waiting = all.findLast(({ status }) => status === 'pending')
  return waiting?.content.dnsNames ?? lead.dnsNames
}
