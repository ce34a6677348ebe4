import type { Instant } from '../../brand.ts'
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

/** Duplicates that an order may have, those that were rejected or revoked among them. */
export const MOST_DUPLICATES = 1_000

/**
 * Keeps an order from having more duplicates than can be looked through at once.
 * @throws Fault duplicate_not_eligible
 */
export function* requireRoom(view: Pick<View, 'collection'>, order: Owner): Program<void> {
  const latest = yield* latestCertificate(view, order)
  // Fewer certificates than that have fewer duplicates, and need no counting.
  if ((latest?.sequence ?? 0) <= MOST_DUPLICATES) return
  const { total } = yield* view
    .collection(orderCertificates)
    .list({ ...conditions(order, 'duplicate'), offset: 0, limit: 1 })
  if (total >= MOST_DUPLICATES) throw new Fault('duplicate_not_eligible', {})
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
