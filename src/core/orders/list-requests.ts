import type { Principal } from '../identity/principal.ts'
import { containerConditions } from '../identity/scope.ts'
import { type User, users } from '../identity/user.ts'
import type { CollectionPage, CollectionQuery, Condition } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { loadOrderSummaries, type OrderSummary } from './load-order-details.ts'
import type { OrderRequest } from './order.ts'
import { type OrderRequestColumn, orderRequests, orders } from './orders.ts'

/** A request as lists show it. */
export interface RequestSummary {
  readonly request: OrderRequest
  /** Undefined when its order was deleted. */
  readonly order: OrderSummary | undefined
  /** Whoever asked, reviewed and decided, by id. */
  readonly people: ReadonlyMap<number, User>
}

/** What narrows lists to requests in sight; who sees his own orders only sees his own requests. */
export function requestsInSight({
  scope,
}: Pick<Principal, 'scope'>): readonly Condition<OrderRequestColumn>[] {
  const own: readonly Condition<OrderRequestColumn>[] =
    scope.ownerId === null ? [] : [{ column: 'requester_id', is: 'any-of', values: [scope.ownerId] }]
  return [...containerConditions<OrderRequestColumn>(scope, 'container_id'), ...own]
}

/** A page of requests, with everything beside them read once. */
export function* listRequests(
  view: View,
  query: CollectionQuery<OrderRequestColumn>,
): Program<CollectionPage<RequestSummary>> {
  const { items, total } = yield* view.collection(orderRequests).list(query)
  if (items.length === 0) return { items: [], total }
  const { accountId } = query
  const orderIds = [...new Set(items.map(({ orderId }) => orderId))]
  const found = yield* view.collection(orders).byIds(accountId, orderIds)
  const summaries = new Map(
    (yield* loadOrderSummaries(view, found)).map((summary) => [summary.order.id, summary]),
  )
  const people = yield* peopleById(view, query, items)
  const summed = items.map((request) => ({ request, order: summaries.get(request.orderId), people }))
  return { items: summed, total }
}

/** More people than one page can name are asked for in parts. */
const MOST_AT_ONCE = 1_000

function* peopleById(
  view: View,
  { accountId }: Pick<CollectionQuery<OrderRequestColumn>, 'accountId'>,
  requests: readonly OrderRequest[],
): Program<ReadonlyMap<number, User>> {
  const named = requests.flatMap(({ requesterId, reviewerId, processorId }) => [
    requesterId,
    ...(reviewerId === null ? [] : [reviewerId]),
    ...(processorId === null ? [] : [processorId]),
  ])
  const ids = [...new Set(named)]
  const people = new Map<number, User>()
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const part = yield* view.collection(users).byIds(accountId, ids.slice(start, start + MOST_AT_ONCE))
    for (const user of part) people.set(user.id, user)
  }
  return people
}
