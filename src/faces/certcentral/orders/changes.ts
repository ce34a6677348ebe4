import { isFault } from '../../../core/faults.ts'
import type { Order } from '../../../core/orders/order.ts'
import {
  removeCustomFieldValue,
  setCustomFieldValue,
} from '../../../core/orders/order-changes/custom-fields.ts'
import { addNote, changeNote, noteOf, removeNote } from '../../../core/orders/order-changes/notes.ts'
import { setRenewalMessage } from '../../../core/orders/order-changes/renewal-message.ts'
import { setAutomation } from '../../../core/orders/order-changes/set-automation.ts'
import { setCertificateTransparency } from '../../../core/orders/order-changes/set-ct.ts'
import { refuse } from '../refusal.ts'
import { dateTime } from '../render.ts'
import { created, done, listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderInSight } from './order-in-sight.ts'

const view = { resource: 'orders', right: 'view', method: 'GET' } as const
const manage = { resource: 'orders', right: 'manage' } as const

const text = { multiline: true, longest: 2000 } as const

/** Small things about an order that may change while it lasts. */
export const orderChangeRoutes: readonly Route[] = [
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/order/certificate/:order_id/auto-renew',
    tier: 'C',
    async handler(call) {
      await orderInSight(call)
      const autoRenew = call.body.requiredFlag('auto_renew')
      call.body.check()
      await setAutomation(call.engine, call.principal, call.pathText('order_id'), { autoRenew }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/order/certificate/:order_id/auto-reissue',
    tier: 'B',
    async handler(call) {
      await orderInSight(call)
      const autoReissue = call.body.requiredFlag('auto_reissue')
      call.body.check()
      await setAutomation(
        call.engine,
        call.principal,
        call.pathText('order_id'),
        { autoReissue },
        call.caller,
      )
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/order/certificate/:order_id/ct-status',
    tier: 'B',
    async handler(call) {
      await orderInSight(call)
      const disableCt = call.body.requiredFlag('disable_ct')
      call.body.check()
      const reference = call.pathText('order_id')
      try {
        await setCertificateTransparency(call.engine, call.principal, reference, disableCt, call.caller)
      } catch (error) {
        // The same fault has a code of its own at this endpoint; orders say ct_logging_disabled.
        throw isFault(error, 'ct_off')
          ? refuse('cert_transparency_turned_off_for_account', undefined, error)
          : error
      }
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/order/certificate/:order_id/custom-field',
    tier: 'B',
    async handler(call) {
      await orderInSight(call)
      const fieldId = call.body.requiredId('metadata_id')
      const value = call.body.text('value', { anyCharacter: true, longest: 1000 }) ?? ''
      call.body.check()
      const reference = call.pathText('order_id')
      await setCustomFieldValue(call.engine, call.principal, reference, { fieldId, value }, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/order/certificate/:order_id/custom-field/:metadata_id',
    tier: 'C',
    async handler(call) {
      const fieldId = call.pathId('metadata_id', 'custom-field')
      const reference = call.pathText('order_id')
      await removeCustomFieldValue(call.engine, call.principal, reference, fieldId, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/order/certificate/:order_id/custom-renewal-message',
    tier: 'C',
    async handler(call) {
      await orderInSight(call)
      const { body } = call
      const message = body.requiredText(body.spelling('custom_renewal_message', 'message'), text)
      body.check()
      await setRenewalMessage(call.engine, call.principal, call.pathText('order_id'), message, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/order/certificate/:order_id/custom-renewal-message',
    tier: 'C',
    async handler(call) {
      await setRenewalMessage(call.engine, call.principal, call.pathText('order_id'), '', call.caller)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/order/certificate/:order_id/note',
    tier: 'C',
    handler: async (call) => listed('notes', (await orderInSight(call)).notes.map(noteView)),
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/order/certificate/:order_id/note',
    tier: 'C',
    async handler(call) {
      await orderInSight(call)
      const written = call.body.requiredText('text', text)
      call.body.check()
      const { engine, principal, caller } = call
      const { id } = await addNote(engine, principal, call.pathText('order_id'), written, caller)
      return created({ id })
    },
  }),
  defineRoute({
    ...view,
    path: '/order/certificate/:order_id/note/:note_id',
    tier: 'C',
    async handler(call) {
      const id = call.pathId('note_id', 'note')
      return ok(noteView(noteOf(await orderInSight(call), id)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/order/certificate/:order_id/note/:note_id',
    tier: 'C',
    async handler(call) {
      await orderInSight(call)
      const written = call.body.requiredText('text', text)
      call.body.check()
      const id = call.pathId('note_id', 'note')
      await changeNote(call.engine, call.principal, call.pathText('order_id'), id, written, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/order/certificate/:order_id/note/:note_id',
    tier: 'C',
    async handler(call) {
      const id = call.pathId('note_id', 'note')
      await removeNote(call.engine, call.principal, call.pathText('order_id'), id, call.caller)
      return done
    },
  }),
]

function noteView({ id, text: written, at }: Order['notes'][number]): Members {
  return { id, text: written, date: dateTime(at) }
}
