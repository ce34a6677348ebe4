import type { Principal } from '../identity/principal.ts'
import { containerConditions } from '../identity/scope.ts'
import type { CollectionPage, CollectionQuery, Condition } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { loadOrderSummaries, type OrderSummary } from './load-order-details.ts'
import { type OrderColumn, orders } from './orders.ts'

/** What narrows lists to the orders that somebody sees. */
export function ordersInSight({ scope }: Pick<Principal, 'scope'>): readonly Condition<OrderColumn>[] {
  const own: readonly Condition<OrderColumn>[] =
    scope.ownerId === null ? [] : [{ column: 'user_id', is: 'any-of', values: [scope.ownerId] }]
  return [...containerConditions<OrderColumn>(scope, 'container_id'), ...own]
}

/** A page of orders with all that is shown beside them. */
export function* listOrders(
  view: View,
  query: CollectionQuery<OrderColumn>,
): Program<CollectionPage<OrderSummary>> {
  const { items, total } = yield* view.collection(orders).list(query)
  return { items: yield* loadOrderSummaries(view, items), total }
}
