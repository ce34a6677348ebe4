import { findOrder } from '../../../core/orders/find-order.ts'
import type { Order } from '../../../core/orders/order.ts'
import type { Call } from '../call.ts'

/**
 * The order that a path names, before anything of the body is judged.
 * @throws Fault object_unknown
 */
export async function orderInSight(call: Call<'order_id'>): Promise<Order> {
  const reference = call.pathText('order_id')
  return await call.engine.store.read((view) => findOrder(view, call.principal, reference))
}
