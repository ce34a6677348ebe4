import { findOrder } from '../../../core/orders/find-order.ts'
import { loadOrderDetails } from '../../../core/orders/load-order-details.ts'
import { ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { caaStatusMessage } from './caa-status.ts'
import { orderInfoView } from './order-view.ts'

/** One order, by its id, or by serial number or thumbprint of its certificate. */
export const orderInfoRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    async handler(call) {
      const { engine, principal } = call
      const details = await engine.store.read(function* (view) {
        return yield* loadOrderDetails(view, yield* findOrder(view, principal, call.pathText('order_id')))
      })
      const showsCaa = call.query.flag('include_caa_status') ?? false
      return ok({
        ...orderInfoView(engine, details, engine.clock.now()),
        caa_status_message: showsCaa ? await caaStatusMessage(call, details) : undefined,
      })
    },
  }),
]
