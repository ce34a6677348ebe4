import { approvalMails } from '../../../core/domains/approval-mail.ts'
import { approvalOf, approveByMail } from '../../../core/domains/approve-by-mail.ts'
import { Fault } from '../../../core/faults.ts'
import { day } from '../render.ts'
import { done, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderInSight } from './order-in-sight.ts'

/** Mails of one order that are looked at: more than any product has mailboxes. */
const mostMails = 1_000

/** Whether the holders of an order's mailboxes have confirmed them, and confirming one by the token of its mail. */
export const emailValidationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id/email-validation',
    resource: 'orders',
    right: 'view',
    tier: 'B',
    async handler(call) {
      const order = await orderInSight(call)
      const mails = await call.engine.store.read((view) =>
        view.collection(approvalMails).withValue(order.accountId, 'order_id', order.id, mostMails),
      )
      const emails = order.lead.emails.map((email): Members => {
        const address = email.toLowerCase()
        const isConfirmed = order.confirmedEmails.some((each) => each.address === address)
        const sentAt = mails.findLast((mail) => mail.name === address)?.sentAt ?? null
        return {
          email,
          status: isConfirmed ? 'validated' : 'unvalidated',
          date_emailed: sentAt === null ? undefined : day(sentAt),
        }
      })
      return ok({ delivery_options: ['browser'], emails })
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/email-validation/:token',
    resource: 'orders',
    right: 'view',
    tier: 'B',
    body: 'none',
    async handler(call) {
      const token = call.pathText('token')
      const email = call.query.text('email')?.toLowerCase()
      const { address } = await approvalOf(call.engine, token)
      if (email !== undefined && email !== address) throw new Fault('object_unknown', { object: 'token' })
      await approveByMail(call.engine, token, call.caller)
      return done
    },
  }),
]
