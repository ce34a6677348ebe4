import { setTimeout as pause } from 'node:timers/promises'
import { replaceOrderCsr } from '../../../core/orders/order-changes/replace-csr.ts'
import { done } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { csrText } from './certificate-body.ts'
import { orderInSight } from './order-in-sight.ts'

/** The CSR of an order that waits. */
export const csrRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/order/certificate/:order_id/csr',
    resource: 'orders',
    right: 'manage',
    tier: 'B',
    async handler(call) {
      await orderInSight(call)
      const { engine, principal, caller, body } = call
      const csr = body.requiredText('csr', csrText)
      body.check()
      await replaceOrderCsr(engine, principal, call.pathText('order_id'), csr, { pause }, caller)
      return done
    },
  }),
]
