import { Fault } from '../../../core/faults.ts'
import type { Order } from '../../../core/orders/order.ts'
import { sendMail } from '../certificates/send-email.ts'
import { done, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderInSight } from './order-in-sight.ts'

/** Signatures that a product for documents comes with. Who makes them does not ask us, so nobody here counts them. */
const signatureUnits: ReadonlyMap<string, number> = new Map([
  ['document_signing_org_1', 2_000],
  ['document_signing_org_2', 5_000],
])

/** Characters of HTML in a text between tags or in a quoted attribute. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What few products have: signatures for documents, and a seal to show on a site. */
export const orderExtraRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id/signature-unit',
    resource: 'orders',
    right: 'view',
    tier: 'C',
    async handler(call) {
      const order = await orderInSight(call)
      const purchased = signatureUnits.get(order.product)
      if (purchased === undefined) throw new Fault('object_unknown', { object: 'certificate' })
      return ok({ order_id: order.id, purchased })
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/order/certificate/:order_id/site-seal/email-seal',
    resource: 'orders',
    right: 'manage',
    tier: 'C',
    body: 'optional',
    async handler(call) {
      const order = await orderInSight(call)
      const { engine, principal, body } = call
      const to = body.email('email') ?? order.technicalContact?.email ?? principal.user.email
      body.check()
      if (order.status !== 'issued' || order.lead.dnsNames.length === 0) {
        throw new Fault('state_refused', { object: 'order', state: order.status, parameter: 'order_id' })
      }
      const subject = `Site seal for ${order.lead.commonName}`
      await sendMail(engine, { to, subject, text: sealOf(order, engine.settings.publicUrl) })
      return done
    },
  }),
]

/** A link for the site, as HTML to be pasted. */
function sealOf({ lead }: Order, publicUrl: string): string {
  const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
  const link = `<a href="${escaped(publicUrl)}" rel="noopener">Certificate of ${escaped(lead.commonName)}</a>`
  return `Paste this into the pages of ${lead.commonName}:\n\n${link}\n`
}
