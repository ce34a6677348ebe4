import { Fault } from '../../../core/faults.ts'
import { sendWelcome } from '../../../core/identity/send-welcome.ts'
import { visibleUser } from '../../../core/identity/sight.ts'
import { findOrder, findOrderCertificate } from '../../../core/orders/find-order.ts'
import { loadIssued } from '../../../core/orders/issued-certificate.ts'
import { certificatePem } from '../certificates/pem.ts'
import { readDomainNames } from '../domain-names.ts'
import { done, listed, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

/** What a few clients call besides the nouns. */
export const oddRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/ping',
    resource: 'self',
    right: 'view',
    tier: 'C',
    handler: () => ok({ data: 'Pong!' }),
  }),
  defineRoute({
    method: 'GET',
    path: '/user/:id/resend-create-email',
    resource: 'users',
    right: 'manage',
    tier: 'B',
    async handler(call) {
      const id = call.pathId('id', 'user')
      const user = await call.engine.store.read((view) => visibleUser(view, call.principal, id))
      await sendWelcome(call.engine, user)
      return done
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/competitive-replacement/certificates',
    resource: 'orders',
    right: 'view',
    tier: 'C',
    handler({ body }) {
      if (!body.has('domains')) body.require('domains')
      readDomainNames(body, 'domains')
      body.check()
      // What other authorities issued is not known here.
      return ok({ certificates: [] })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/ctmonitor/:order_id/ct-cert/:serial',
    resource: 'certificates',
    right: 'view',
    tier: 'C',
    async handler(call) {
      const { engine, principal } = call
      const pem = await engine.store.read(function* (view) {
        const order = yield* findOrder(view, principal, call.pathText('order_id'))
        const found = yield* findOrderCertificate(view, principal, call.pathText('serial'))
        if (found.order.id !== order.id) throw new Fault('object_unknown', { object: 'certificate' })
        const { chain } = yield* loadIssued(view, found.certificate)
        return chain[0] && certificatePem(chain[0].der)
      })
      return ok({ pem })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/account/guest-key',
    resource: 'account',
    right: 'view',
    tier: 'C',
    // There are no pages for guests, so that there is nothing such a key could open.
    handler: () => listed('guest_keys', []),
  }),
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id/guest-access',
    resource: 'orders',
    right: 'view',
    tier: 'C',
    async handler(call) {
      const { engine, principal } = call
      await engine.store.read((view) => findOrder(view, principal, call.pathText('order_id')))
      return ok({ is_guest_access_enabled: false })
    },
  }),
]
