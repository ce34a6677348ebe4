import type { Engine } from '../../../core/engine.ts'
import { Fault } from '../../../core/faults.ts'
import { certificateMail } from '../../../core/orders/certificate-mail.ts'
import { findOrderCertificate } from '../../../core/orders/find-order.ts'
import { loadIssued } from '../../../core/orders/issued-certificate.ts'
import type { Order } from '../../../core/orders/order.ts'
import { type Mail, MailFailure } from '../../../core/validation/outbound.ts'
import { done } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

/** Mails of one call. */
const MOST_ADDRESSES = 10
/** When a mail server that takes nothing is asked again. */
const RETRY_AFTER_MS = 60_000

/** Sends a certificate by mail: to the addresses of the call, else to those of its order. */
export const sendEmailRoutes: readonly Route[] = [
  defineRoute({
    method: 'PUT',
    path: '/certificate/:id/sendemail',
    resource: 'certificates',
    right: 'manage',
    tier: 'C',
    body: 'optional',
    async handler(call) {
      const { engine, principal, language, body } = call
      const { order, issued } = await engine.store.read(function* (view) {
        const found = yield* findOrderCertificate(view, principal, call.pathText('id'))
        return { order: found.order, issued: yield* loadIssued(view, found.certificate) }
      })
      const single = body.email('email')
      const named = [...(single === undefined ? [] : [single]), ...body.emails('emails')]
      const message = body.text('message', { multiline: true, longest: 2_000 })
      if (named.length > MOST_ADDRESSES) body.complain('invalid_value', 'emails')
      body.check()
      const to = named.length > 0 ? named : addressesOf(order, principal.user.email)
      const mail = certificateMail(issued, language, message)
      for (const address of new Set(to)) await sendMail(engine, { to: address, ...mail })
      return done
    },
  }),
]

/** @throws Fault overloaded when the mail is not taken: it may be later */
export async function sendMail({ outside }: Engine, mail: Mail): Promise<void> {
  try {
    await outside.mailer.send(mail)
  } catch (cause) {
    if (!(cause instanceof MailFailure)) throw cause
    throw new Fault('overloaded', { retryAfterMs: RETRY_AFTER_MS }, { cause })
  }
}

function addressesOf(
  { organizationContact, technicalContact, lead }: Order,
  otherwise: string,
): readonly string[] {
  const contacts = [organizationContact?.email, technicalContact?.email].filter(
    (email) => email !== undefined,
  )
  if (contacts.length > 0) return contacts
  return lead.emails.length > 0 ? lead.emails : [otherwise]
}
