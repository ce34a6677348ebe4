import { allContainers, seesContainer, withDescendants } from '../../../core/identity/scope.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import { countExpiringOrders } from '../../../core/reports/expiring-orders.ts'
import type { Call } from '../call.ts'
import { refuse } from '../refusal.ts'
import { listed, type Reply } from '../reply.ts'
import { requestList } from '../requests/routes.ts'
import { defineRoute, type Route } from '../route.ts'

const expiring = { method: 'GET', resource: 'reports', right: 'view', tier: 'C' } as const

/** Counts and lists for whoever keeps an eye on an account. */
export const reportRoutes: readonly Route[] = [
  defineRoute({
    ...expiring,
    path: '/report/order/expiring',
    handler: (call) => expiringOrders(call, call.principal.user.containerId),
  }),
  defineRoute({
    ...expiring,
    path: '/report/order/:container_id/expiring',
    handler: (call) => expiringOrders(call, call.pathId('container_id', 'container')),
  }),
  defineRoute({
    method: 'GET',
    path: '/report/request',
    resource: 'requests',
    right: 'view',
    tier: 'C',
    answers: 'list',
    handler: (call) =>
      requestList(call, [{ column: 'status', is: 'any-of', values: ['submitted', 'pending'] }]),
  }),
  defineRoute({
    method: 'POST',
    path: '/reports/query',
    resource: 'reports',
    right: 'view',
    tier: 'C',
    handler({ body }) {
      body.requiredText('query', { longest: 10_000, anyCharacter: true })
      body.check()
      // The report library's schema is not published, so that no query of it can be answered rightly.
      throw refuse('invalid_value', 'query')
    },
  }),
]

/** How many orders of a container and of those below it end soon. */
async function expiringOrders({ engine, account, principal, scope }: Call, id: number): Promise<Reply> {
  const counts = await engine.store.read(function* (view) {
    yield* visibleContainer(view, principal, id)
    const below = withDescendants(yield* allContainers(view, account.id), [id])
    return yield* countExpiringOrders(view, {
      accountId: account.id,
      containerIds: [...below].filter((each) => seesContainer(scope, each)),
      ownerId: scope.ownerId,
      now: engine.clock.now(),
    })
  })
  return listed(
    'expiring_orders',
    counts.map(({ days, count }) => ({ days_expiring: days, order_count: count })),
  )
}
