import { findOrderCertificate } from '../../../core/orders/find-order.ts'
import { loadIssued } from '../../../core/orders/issued-certificate.ts'
import { certificateChain } from '../orders/chain-view.ts'
import { listed } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

/** A certificate and those above it, root last; the API calls all of them intermediates. */
export const chainRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/certificate/:id/chain',
    resource: 'certificates',
    right: 'view',
    tier: 'A',
    async handler(call) {
      const { engine, principal } = call
      const { chain } = await engine.store.read(function* (view) {
        const { certificate } = yield* findOrderCertificate(view, principal, call.pathText('id'))
        return yield* loadIssued(view, certificate)
      })
      return listed('intermediates', certificateChain(chain))
    },
  }),
]
