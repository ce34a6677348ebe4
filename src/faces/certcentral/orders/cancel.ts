import { cancelOrder, deleteOrder } from '../../../core/orders/cancel-order.ts'
import { markRenewed } from '../../../core/orders/order-changes/mark-renewed.ts'
import { done } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderInSight } from './order-in-sight.ts'

const manage = { resource: 'orders', right: 'manage' } as const

/** Giving up an order, or its reissue. */
export const cancelRoutes: readonly Route[] = [
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/order/certificate/:order_id/status',
    tier: 'A',
    async handler(call) {
      await orderInSight(call)
      const { engine, principal, caller, body } = call
      const reference = call.pathText('order_id')
      // One that cannot be read is taken for the first, which asks for no note.
      const status = body.requiredChoice('status', ['renewed', 'not_renewed', 'canceled'])
      const note = body.text('note', { multiline: true, longest: 2000 })
      // A client that has nothing to say sends null.
      if (status === 'canceled' && note === undefined && !body.isNull('note')) body.require('note')
      body.check()
      if (status === 'canceled') await cancelOrder(engine, principal, reference, note ?? '', caller)
      else await markRenewed(engine, principal, reference, status === 'renewed', caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/order/certificate/:order_id',
    tier: 'C',
    async handler(call) {
      await deleteOrder(call.engine, call.principal, call.pathText('order_id'), call.caller)
      return done
    },
  }),
]
