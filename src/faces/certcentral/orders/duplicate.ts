import { setTimeout as pause } from 'node:timers/promises'
import { duplicateOrder } from '../../../core/orders/duplicate-order.ts'
import type { FollowUpWish } from '../../../core/orders/follow-up-content.ts'
import { recallFollowUp } from '../../../core/orders/recall-follow-up.ts'
import type { Reader } from '../reader.ts'
import { defineRoute, type Route } from '../route.ts'
import { readFollowUp } from './follow-up-body.ts'
import { followUpList } from './follow-up-list.ts'
import { orderInSight } from './order-in-sight.ts'
import { placedReply } from './placed-view.ts'

/** Getting a certificate of an order over another key, and those there are. */
export const duplicateRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/order/certificate/:order_id/duplicate',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    async handler(call) {
      await orderInSight(call)
      const wish = readDuplicate(call.body)
      const { engine, principal, caller } = call
      const outcome = await call.once({
        run: (binding) =>
          duplicateOrder(engine, principal, call.pathText('order_id'), wish, { binding, pause }, caller),
        recall: (subject) => recallFollowUp(engine, principal, subject),
      })
      return placedReply(engine, outcome)
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id/duplicate',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    answers: 'list',
    handler: (call) => followUpList(call, 'duplicate'),
  }),
]

/** A list without names says nothing: the duplicate has the order's. It always has the order's units. */
function readDuplicate(body: Reader): FollowUpWish {
  const wish = readFollowUp(body)
  body.check()
  return { ...wish, dnsNames: wish.dnsNames?.length === 0 ? null : wish.dnsNames, organizationUnits: null }
}
