import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type OrderSeeker, seesOrder } from './find-order.ts'
import type { Order, OrderRequest } from './order.ts'
import { orderRequests, orders } from './orders.ts'

/** A request with the order it is about. */
export interface FoundRequest {
  readonly request: OrderRequest
  readonly order: Order
}

/** @throws Fault object_unknown, also for a request about an order out of sight */
export function* findRequest(
  view: Pick<View, 'collection'>,
  seeker: OrderSeeker,
  id: number,
): Program<FoundRequest> {
  const request = yield* view.collection(orderRequests).byId(seeker.account.id, id)
  const order =
    request === undefined
      ? undefined
      : yield* view.collection(orders).byId(seeker.account.id, request.orderId)
  if (request === undefined || order === undefined || !seesOrder(seeker, order)) {
    throw new Fault('object_unknown', { object: 'request' })
  }
  return { request, order }
}
