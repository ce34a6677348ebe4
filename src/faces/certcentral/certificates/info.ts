import type { Instant } from '../../../core/brand.ts'
import { findOrderCertificate } from '../../../core/orders/find-order.ts'
import { loadOrderDetails } from '../../../core/orders/load-order-details.ts'
import type { OrderCertificate } from '../../../core/orders/order.ts'
import { orderedOrganization } from '../orders/people.ts'
import { productSummary } from '../products/product-view.ts'
import { ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderCertificateView } from './certificate-view.ts'

/** One certificate of an order, by its id or its serial number. */
export const certificateInfoRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/certificate/:id',
    resource: 'certificates',
    right: 'view',
    tier: 'C',
    async handler(call) {
      const { engine, principal } = call
      const now = engine.clock.now()
      const details = await engine.store.read(function* (view) {
        const { order, certificate } = yield* findOrderCertificate(view, principal, call.pathText('id'))
        return yield* loadOrderDetails(view, order, certificate.id)
      })
      const { order, certificate, product, organization } = details
      return ok({
        ...orderCertificateView(certificate, order, details.authority, now),
        order_id: order.id,
        status: statusOf(certificate, now),
        product: productSummary(product),
        organization: organization === undefined ? undefined : orderedOrganization(organization),
      })
    },
  }),
]

function statusOf({ status, issued }: OrderCertificate, now: Instant): string {
  return status === 'issued' && issued !== null && issued.notAfter < now ? 'expired' : status
}
