import type { Caller } from '../../audit/caller.ts'
import type { Event } from '../../audit/event.ts'
import type { Instant } from '../../brand.ts'
import { Fault } from '../../faults.ts'
import type { Principal } from '../../identity/principal.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction } from '../../store/store.ts'
import { findOrder } from '../find-order.ts'
import type { Order } from '../order.ts'
import { orders } from '../orders.ts'

/**
 * An order in sight, kept from every other transaction until this one ends.
 * @param reference id, or serial number or thumbprint of the primary certificate
 * @throws Fault object_unknown
 */
export function* holdOrder(transaction: Transaction, by: Principal, reference: string): Program<Order> {
  const { id } = yield* findOrder(transaction, by, reference)
  const held = yield* transaction.collection(orders).hold(by.account.id, id)
  if (held === undefined) throw new Fault('object_unknown', { object: 'order' })
  return held
}

/** Puts a changed order in its place and tells the audit log what of it is different. */
export function* keepOrder(
  transaction: Transaction,
  order: Order,
  detail: Event['detail'],
  at: Instant,
  { actor, requestId }: Caller,
): Program<void> {
  yield* transaction.collection(orders).replace(order)
  transaction.record({
    action: 'order.changed',
    at,
    actor,
    accountId: order.accountId,
    object: `order:${order.id}`,
    requestId,
    detail,
  })
}
