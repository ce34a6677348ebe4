import { unprovenNames } from '../../../core/domains/unproven-names.ts'
import { decideRequest } from '../../../core/orders/decide-request.ts'
import { findRequest } from '../../../core/orders/find-request.ts'
import { listRequests, requestsInSight } from '../../../core/orders/list-requests.ts'
import { loadOrderDetails } from '../../../core/orders/load-order-details.ts'
import { requestStatuses } from '../../../core/orders/order.ts'
import { type OrderRequestColumn, orders } from '../../../core/orders/orders.ts'
import type { Condition } from '../../../core/store/collection.ts'
import type { Call } from '../call.ts'
import { type ListRules, readList } from '../list-query.ts'
import { done, listed, ok, type Reply } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { requestInfoView, requestListView } from './request-view.ts'

const rules: ListRules<OrderRequestColumn> = {
  filters: {
    id: { type: 'id' },
    status: { type: 'text', column: 'status', values: (value) => value.toLowerCase() },
    type: { type: 'text', column: 'type', values: (value) => value.toLowerCase().replaceAll(' ', '_') },
    order_id: { type: 'integer', column: 'order_id' },
    container_id: { type: 'integer', column: 'container_id' },
    user_id: { type: 'integer', column: 'requester_id' },
    requester_id: { type: 'integer', column: 'requester_id' },
    date: { type: 'instant', column: 'created_at' },
    date_created: { type: 'instant', column: 'created_at' },
  },
  sort: { id: 'id', date: 'id', status: 'status', type: 'type' },
  plain: ['status', 'type', 'container_id'],
}

/** Requests in sight, as a list. */
export async function requestList(
  { engine, account, principal, query }: Call<never>,
  conditions: readonly Condition<OrderRequestColumn>[] = [],
): Promise<Reply> {
  const list = readList(account.id, query, rules, [...requestsInSight(principal), ...conditions])
  const { items, total } = await engine.store.read((view) => listRequests(view, list.query))
  return listed('requests', items.map(requestListView), list.page(total))
}

/** What waits for an approver or was decided. */
export const requestRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/request',
    resource: 'requests',
    right: 'view',
    tier: 'A',
    answers: 'list',
    handler: (call) => requestList(call),
  }),
  defineRoute({
    method: 'GET',
    path: '/request/:request_id',
    resource: 'requests',
    right: 'view',
    tier: 'A',
    async handler(call) {
      const { engine, principal } = call
      const id = call.pathId('request_id', 'request')
      const now = engine.clock.now()
      const found = await engine.store.read(function* (view) {
        const { request, order } = yield* findRequest(view, principal, id)
        const { renewalOfOrderId, accountId } = order
        return {
          request,
          details: yield* loadOrderDetails(view, order, request.certificateId),
          renewed:
            renewalOfOrderId === null
              ? undefined
              : yield* view.collection(orders).byId(accountId, renewalOfOrderId),
          unsubmitted: (yield* unprovenNames(view, order, now)).missing,
        }
      })
      return ok(requestInfoView(engine, { ...found, now }))
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/request/:request_id/status',
    resource: 'requests',
    right: 'approve',
    tier: 'A',
    async checkPath(call) {
      const id = call.pathId('request_id', 'request')
      await call.engine.store.read((view) => findRequest(view, call.principal, id))
    },
    async handler(call) {
      const { engine, principal, caller, body } = call
      const status = body.requiredChoice('status', requestStatuses)
      const comment = body.text('processor_comment', { anyCharacter: true, longest: 2_000 }) ?? ''
      body.check()
      const id = call.pathId('request_id', 'request')
      await decideRequest(engine, principal, id, { status, comment }, caller)
      return done
    },
  }),
]
