import { setTimeout as pause } from 'node:timers/promises'
import { controlScopes, provisioningMethods } from '../../../core/orders/order.ts'
import { recallFollowUp } from '../../../core/orders/recall-follow-up.ts'
import { type ReissueWish, reissueOrder } from '../../../core/orders/reissue-order.ts'
import { readControlMethod } from '../control-method.ts'
import type { Reader } from '../reader.ts'
import { defineRoute, type Route } from '../route.ts'
import { readFollowUp } from './follow-up-body.ts'
import { followUpList } from './follow-up-list.ts'
import { readApprovers, readShipping } from './order-body.ts'
import { orderInSight } from './order-in-sight.ts'
import { placedReply } from './placed-view.ts'

/** Getting the next certificate of an order, and those there were. */
export const reissueRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/order/certificate/:order_id/reissue',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    async handler(call) {
      await orderInSight(call)
      const wish = readReissue(call.body)
      const { engine, principal, caller } = call
      const outcome = await call.once({
        run: (binding) =>
          reissueOrder(engine, principal, call.pathText('order_id'), wish, { binding, pause }, caller),
        recall: (subject) => recallFollowUp(engine, principal, subject),
      })
      return placedReply(engine, outcome)
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/order/certificate/:order_id/reissue',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    answers: 'list',
    handler: (call) => followUpList(call, 'reissue'),
  }),
]

function readReissue(body: Reader): ReissueWish {
  const wish = {
    ...readFollowUp(body),
    disableCt: body.flag('disable_ct') ?? null,
    method: readControlMethod(body) ?? null,
    controlScope: body.choice('certificate_dcv_scope', controlScopes) ?? null,
    approvers: readApprovers(body),
    customFields: body.objects('custom_fields').map((each) => ({
      fieldId: each.requiredId('metadata_id'),
      value: each.text('value', { anyCharacter: true, longest: 1000 }) ?? '',
    })),
    provisioning: body.choice('cs_provisioning_method', provisioningMethods) ?? null,
    shipTo: readShipping(body, false),
    isStoredAsDuplicate: body.flag('store_reissue_as_duplicate') ?? false,
  }
  body.check()
  return wish
}
