import type { AccountId } from '../brand.ts'
import type { Principal } from '../identity/principal.ts'
import { containerConditions } from '../identity/scope.ts'
import type { CollectionPage, CollectionQuery, Condition } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { loadOrderSummaries, type OrderSummary } from './load-order-details.ts'
import { type OrderColumn, orderCertificates, orders } from './orders.ts'

/** What narrows lists to the orders that somebody sees. */
export function ordersInSight({ scope }: Pick<Principal, 'scope'>): readonly Condition<OrderColumn>[] {
  const own: readonly Condition<OrderColumn>[] =
    scope.ownerId === null ? [] : [{ column: 'user_id', is: 'any-of', values: [scope.ownerId] }]
  return [...containerConditions<OrderColumn>(scope, 'container_id'), ...own]
}

/** A page of orders with all that is shown beside them. An order has the id of any of its certificates. */
export function* listOrders(
  view: View,
  query: CollectionQuery<OrderColumn>,
): Program<CollectionPage<OrderSummary>> {
  const where: Condition<OrderColumn>[] = []
  for (const condition of query.where) where.push(yield* withAnyCertificate(view, query.accountId, condition))
  const { items, total } = yield* view.collection(orders).list({ ...query, where })
  return { items: yield* loadOrderSummaries(view, items), total }
}

/** What is said of the certificate that counts, said of all of an order. */
function* withAnyCertificate(
  view: View,
  accountId: AccountId,
  condition: Condition<OrderColumn>,
): Program<Condition<OrderColumn>> {
  if (condition.is !== 'any-of' || condition.column !== 'certificate_id') return condition
  const ids = condition.values.map(Number).slice(0, MOST_CERTIFICATES)
  const found = yield* view.collection(orderCertificates).byIds(accountId, ids)
  return { is: 'id', values: [...new Set(found.map(({ orderId }) => orderId))] }
}

/** Certificates that are looked up at once. */
const MOST_CERTIFICATES = 1_000
