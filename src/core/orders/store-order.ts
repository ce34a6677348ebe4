import type { Caller } from '../audit/caller.ts'
import { Fault } from '../faults.ts'
import { chargeOrder, type PaymentPolicy } from '../finance/charge-order.ts'
import type { OnceBinding } from '../limits/once.ts'
import { storable } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type NewRequest, requestOf } from './open-request.ts'
import type { Order, OrderCertificate, OrderRequest } from './order.ts'
import { orderCertificates, orderRequests, orders } from './orders.ts'

/** An order as it will be stored, but for the ids of its rows: they are 0 until then. */
export interface NewOrder {
  readonly order: Order
  readonly certificate: OrderCertificate
  readonly request: NewRequest
  readonly policy: PaymentPolicy
}

/** An order, its first certificate, and the request that made it. */
export interface StoredOrder {
  readonly order: Order
  readonly certificate: OrderCertificate
  readonly request: OrderRequest
}

/** The caller's own id of an order stands for another order of the account already. */
export class AlternativeIdTaken extends Error {
  constructor() {
    super('an order has this alternative id')
    this.name = 'AlternativeIdTaken'
  }
}

/**
 * Stores a new order with everything that hangs on it: its certificate, its request, its price, and the order it
 * renews.
 *
 * @throws AlternativeIdTaken; Fault renewed_already, funds_insufficient
 */
export function* storeOrder(
  transaction: Transaction,
  made: NewOrder,
  binding: OnceBinding,
  caller: Caller,
): Program<StoredOrder> {
  const [id, certificateId, requestId] = yield* transaction.nextIds([
    orders,
    orderCertificates,
    orderRequests,
  ])
  if (id === undefined || certificateId === undefined || requestId === undefined) {
    throw new TypeError('fewer ids were drawn than asked for')
  }
  const order: Order = { ...made.order, id, certificateId }
  const certificate: OrderCertificate = { ...made.certificate, id: certificateId, orderId: id }
  const request = requestOf(made.request, requestId, order, certificateId)
  const isStored = yield* transaction.insertTogether(
    storable(orders, order),
    storable(orderCertificates, certificate),
    storable(orderRequests, request),
  )
  if (!isStored) throw new AlternativeIdTaken()
  if (order.renewalOfOrderId !== null) yield* markRenewed(transaction, order, order.renewalOfOrderId)
  yield* chargeOrder(transaction, {
    policy: made.policy,
    containerId: order.containerId,
    method: order.paymentMethod,
    price: order.price,
    orderId: id,
    userId: order.userId,
    at: order.createdAt,
  })
  yield* binding.bind(transaction, { orderId: id })
  transaction.record({
    action: 'order.placed',
    at: order.createdAt,
    actor: caller.actor,
    accountId: order.accountId,
    object: `order:${id}`,
    requestId: caller.requestId,
    detail: {
      product: order.product,
      name: order.lead.commonName,
      status: order.status,
      request: `${request.id} ${request.status}`,
      organization: order.organizationId,
      price: order.price,
      renewalOf: order.renewalOfOrderId,
    },
  })
  return { order, certificate, request }
}

/** An order is renewed once: two that try at the same time find the other one's mark. */
function* markRenewed(transaction: Transaction, { id, accountId }: Order, renewed: number): Program<void> {
  const before = yield* transaction.collection(orders).hold(accountId, renewed)
  if (before === undefined) throw new Fault('renewal_not_eligible', {})
  if (before.renewedByOrderId !== null) throw new Fault('renewed_already', {})
  yield* transaction.collection(orders).replace({ ...before, renewedByOrderId: id })
}

/**
 * Lets the order that a renewal was for be renewed again: the renewal came to nothing. Comes before its refund, as the
 * mark comes before the charge: two transactions never wait for each other.
 */
export function* releaseRenewed(
  transaction: Transaction,
  { id, accountId, renewalOfOrderId }: Order,
): Program<void> {
  if (renewalOfOrderId === null) return
  const before = yield* transaction.collection(orders).hold(accountId, renewalOfOrderId)
  if (before?.renewedByOrderId !== id) return
  yield* transaction.collection(orders).replace({ ...before, renewedByOrderId: null })
}
