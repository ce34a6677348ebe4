import type { Instant } from '../brand.ts'
import type { Order } from '../orders/order.ts'
import { waitingCertificatesOf } from '../orders/order-changes/order-certificates.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { authorizeNames, type NamesAuthority } from './authorize-names.ts'

/** The names that an order waits to have certified, and which of them are proven. */
export interface NamesOfOrder extends NamesAuthority {
  readonly names: readonly string[]
}

/**
 * The names of the certificates that the order waits for, else of the one it has. An order without control to prove has
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
  order: Pick<Order, 'id' | 'accountId' | 'lead'>,
): Program<readonly string[]> {
  const waiting = yield* waitingCertificatesOf(view, order)
  if (waiting.length === 0) return order.lead.dnsNames
  return [...new Set(waiting.flatMap(({ content }) => content.dnsNames))]
}
