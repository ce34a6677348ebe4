import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { refundOrder } from '../finance/charge-order.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { Order, OrderStatus } from './order.ts'
import { openRequests, rejectRequests } from './order-changes/end-requests.ts'
import { holdOrder } from './order-changes/hold-order.ts'
import { endCertificate, pendingReissue } from './order-changes/order-certificates.ts'
import { orderCertificates, orderRequests, orders } from './orders.ts'
import { releaseRenewed } from './store-order.ts'

/** States in which nothing was issued yet, and the order can be given up. */
const unissued: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'needs_approval',
  'pending',
  'processing',
  'waiting_pickup',
  'needs_csr',
])

/** More than an order without certificate has. */
const mostRequests = 100

type Parts = Pick<Engine, 'clock' | 'store'>

/**
 * Gives up an order that has no certificate yet, or the reissue that an issued order waits for. Whoever is issuing
 * at this moment finds the wish gone when he wants to record the certificate, which then counts for nothing.
 *
 * @param note why, for the requests that are rejected with it
 * @throws Fault object_unknown; state_refused in any other state
 */
export function cancelOrder(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  note: string,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const at = clock.now()
    const wasReissue = held.status === 'reissue_pending'
    if (!wasReissue && !unissued.has(held.status)) throw notCancelable(held)
    const open = yield* openRequests(transaction, held)
    const dropped = wasReissue ? open.filter(({ type }) => type === 'reissue') : open
    yield* rejectRequests(transaction, dropped, by.user.id, note, at)
    yield* (wasReissue ? dropReissue : dropOrder)(transaction, held, at)
    transaction.record({
      action: 'order.canceled',
      at,
      actor: caller.actor,
      accountId: held.accountId,
      object: `order:${held.id}`,
      requestId: caller.requestId,
      detail: { before: held.status, note: note.slice(0, 500) },
    })
  })
}

/**
 * Removes an order that has no certificate yet, with everything that belongs to it.
 * @throws Fault object_unknown; state_refused once it was issued, or is over
 */
export function deleteOrder(
  { clock, store }: Parts,
  by: Principal,
  reference: string,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    if (!unissued.has(held.status)) throw notCancelable(held)
    const at = clock.now()
    yield* releaseRenewed(transaction, held)
    yield* refund(transaction, held, at)
    const requests = transaction.collection(orderRequests)
    for (const request of yield* requests.withValue(held.accountId, 'order_id', held.id, mostRequests)) {
      yield* requests.remove(held.accountId, request.id)
    }
    yield* transaction.collection(orderCertificates).remove(held.accountId, held.certificateId)
    yield* transaction.collection(orders).remove(held.accountId, held.id)
    transaction.record({
      action: 'order.deleted',
      at,
      actor: caller.actor,
      accountId: held.accountId,
      object: `order:${held.id}`,
      requestId: caller.requestId,
      detail: { before: held.status, product: held.product, name: held.lead.commonName },
    })
  })
}

function* dropOrder(transaction: Transaction, order: Order, at: Instant): Program<void> {
  const certificate = yield* transaction
    .collection(orderCertificates)
    .byId(order.accountId, order.certificateId)
  if (certificate !== undefined) yield* endCertificate(transaction, certificate, 'rejected', at)
  yield* releaseRenewed(transaction, order)
  yield* refund(transaction, order, at)
  yield* transaction.collection(orders).replace({ ...order, status: 'canceled', dueAt: null, updatedAt: at })
}

/**
 * Ends the reissue that an order waits for: the certificate it has stays the one that counts.
 * The order is held by the caller, who rejects the request.
 */
export function* dropReissue(transaction: Transaction, order: Order, at: Instant): Program<void> {
  const waiting = yield* pendingReissue(transaction, order)
  if (waiting !== undefined) yield* endCertificate(transaction, waiting, 'rejected', at)
  yield* transaction.collection(orders).replace({ ...order, status: 'issued', dueAt: null, updatedAt: at })
}

function refund(transaction: Transaction, { accountId, id, price }: Order, at: Instant): Program<void> {
  return refundOrder(transaction, { accountId, orderId: id, price, at })
}

function notCancelable({ status }: Order): Fault {
  return new Fault('state_refused', { object: 'order', state: status, parameter: 'status' })
}
