import type { Instant } from '../../brand.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction, View } from '../../store/store.ts'
import type { Order, OrderCertificate } from '../order.ts'
import { orderCertificates } from '../orders.ts'
import { openRequests } from './end-requests.ts'

type Kind = OrderCertificate['kind']
type Status = OrderCertificate['status']
type Owner = Pick<Order, 'accountId' | 'id'>

const A_PAGE = 500

/** The certificates of an order, oldest first. @param kind absent: of every kind */
export function certificatesOf(
  view: Pick<View, 'collection'>,
  order: Owner,
  kind?: Kind,
): Program<readonly OrderCertificate[]> {
  return allOf(view, conditions(order, kind))
}

/** The certificates that an order waits for, oldest first. */
export function waitingCertificatesOf(
  view: Pick<View, 'collection'>,
  order: Owner,
): Program<readonly OrderCertificate[]> {
  return allOf(view, conditions(order, undefined, 'pending'))
}

/** Those of them that nobody has to decide on, or not any more. */
export function* approvedCertificatesOf(
  view: Pick<View, 'collection'>,
  order: Owner,
): Program<readonly OrderCertificate[]> {
  const waiting = yield* waitingCertificatesOf(view, order)
  if (waiting.length === 0) return []
  // With a request that is rejected, its certificate does not wait any longer.
  const undecided = (yield* openRequests(view, order)).filter(({ type }) => type !== 'revoke')
  const ids = new Set(undecided.map(({ certificateId }) => certificateId))
  return waiting.filter(({ id }) => !ids.has(id))
}

/** Whether an order waits for any certificate. */
export function* waitsForCertificate(view: Pick<View, 'collection'>, order: Owner): Program<boolean> {
  const found = yield* view
    .collection(orderCertificates)
    .list({ ...conditions(order, undefined, 'pending'), offset: 0, limit: 1 })
  return found.items.length > 0
}

function* allOf(
  view: Pick<View, 'collection'>,
  wanted: ReturnType<typeof conditions>,
): Program<readonly OrderCertificate[]> {
  const found: OrderCertificate[] = []
  for (;;) {
    const { items } = yield* view.collection(orderCertificates).list({
      ...wanted,
      offset: found.length,
      limit: A_PAGE,
    })
    found.push(...items)
    if (items.length < A_PAGE) return found
  }
}

/** The one that was asked for last. */
export function* latestCertificate(
  view: Pick<View, 'collection'>,
  order: Owner,
  kind?: Kind,
): Program<OrderCertificate | undefined> {
  const { items } = yield* view.collection(orderCertificates).list({
    ...conditions(order, kind),
    sort: [{ column: 'id', descending: true }],
    offset: 0,
    limit: 1,
  })
  return items[0]
}

/**
 * Keeps an order from having more reissues or duplicates than can be looked through at once: what was rejected or
 * revoked counts, too.
 * @throws Fault duplicate_not_eligible; state_refused (`order_id`) for a reissue
 */
export function* requireRoom(
  view: Pick<View, 'collection'>,
  { settings: { maximumReissues, maximumDuplicates } }: Pick<Engine, 'settings'>,
  order: Owner,
  kind: 'reissue' | 'duplicate',
): Program<void> {
  const maximum = kind === 'reissue' ? maximumReissues : maximumDuplicates
  const latest = yield* latestCertificate(view, order)
  // Fewer certificates than that have fewer of one kind, and need no counting.
  if ((latest?.sequence ?? 0) <= maximum) return
  const { total } = yield* view
    .collection(orderCertificates)
    .list({ ...conditions(order, kind), offset: 0, limit: 1 })
  if (total < maximum) return
  throw kind === 'duplicate'
    ? new Fault('duplicate_not_eligible', {})
    : new Fault('state_refused', { object: 'order', state: 'full', parameter: 'order_id' })
}

/** The reissue that an order waits for; there is one at most, and it is the latest. */
export function* pendingReissue(
  view: Pick<View, 'collection'>,
  order: Owner,
): Program<OrderCertificate | undefined> {
  const latest = yield* latestCertificate(view, order, 'reissue')
  return latest?.status === 'pending' ? latest : undefined
}

/** Ends a certificate of an order that its transaction holds; nobody who issues it at this moment can record it. */
export function* endCertificate(
  transaction: Transaction,
  { accountId, id }: OrderCertificate,
  status: 'rejected' | 'revoked',
  at: Instant,
): Program<void> {
  const held = yield* transaction.collection(orderCertificates).hold(accountId, id)
  if (held === undefined) return
  yield* transaction.collection(orderCertificates).replace({ ...held, status, claim: null, updatedAt: at })
}

function conditions({ accountId, id }: Owner, kind: Kind | undefined, status?: Status) {
  const ofOrder = { column: 'order_id', is: 'any-of', values: [id] } as const
  const ofKind = kind === undefined ? [] : [{ column: 'kind', is: 'any-of', values: [kind] } as const]
  const ofStatus = status === undefined ? [] : [{ column: 'status', is: 'any-of', values: [status] } as const]
  return { accountId, where: [ofOrder, ...ofKind, ...ofStatus] }
}
