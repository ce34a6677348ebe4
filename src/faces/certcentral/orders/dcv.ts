import { setTimeout as pause } from 'node:timers/promises'
import {
  changeOrderMethod,
  renewRandomValue,
  resendOrderMails,
} from '../../../core/domains/change-order-control.ts'
import { checkOrderControl, type OrderCheck } from '../../../core/domains/check-order-control.ts'
import type { RandomValue, ValidationMethod } from '../../../core/domains/domain.ts'
import {
  type OrderControlStatus,
  orderApprovers,
  orderControlStatus,
} from '../../../core/domains/order-control-status.ts'
import type { Engine } from '../../../core/engine.ts'
import { aliasTarget } from '../alias-target.ts'
import { requiredControlMethod } from '../control-method.ts'
import { addressesView } from '../domains/addresses-view.ts'
import { dateTime } from '../render.ts'
import { done, listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { orderInSight } from './order-in-sight.ts'

const manage = { resource: 'orders', right: 'manage', method: 'PUT' } as const
const view = { resource: 'orders', right: 'view', method: 'GET' } as const

/** Control over the names of an order. */
export const orderControlRoutes: readonly Route[] = [
  defineRoute({
    ...manage,
    path: '/order/certificate/:order_id/dcv-random-value',
    tier: 'A',
    body: 'none',
    async handler(call) {
      const { engine, principal, caller } = call
      const { method, randomValue } = await renewRandomValue(
        engine,
        principal,
        call.pathText('order_id'),
        caller,
      )
      return ok(valueView(engine, method, randomValue))
    },
  }),
  defineRoute({
    ...manage,
    path: '/order/certificate/:order_id/dcv-method',
    tier: 'A',
    async handler(call) {
      await orderInSight(call)
      const method = requiredControlMethod(call.body)
      call.body.check()
      const { engine, principal, caller } = call
      const value = await changeOrderMethod(engine, principal, call.pathText('order_id'), method, caller)
      return value === undefined ? done : ok(valueView(engine, method, value))
    },
  }),
  defineRoute({
    ...manage,
    path: '/order/certificate/:order_id/check-dcv',
    tier: 'A',
    body: 'optional',
    async handler(call) {
      await orderInSight(call)
      const { engine, principal, caller, body } = call
      const given = body.texts('dns_names_validations').map((name) => name.toLowerCase())
      body.check()
      const only = given.length === 0 ? undefined : given
      const reference = call.pathText('order_id')
      return ok(checkView(await checkOrderControl(engine, principal, reference, only, caller, wait)))
    },
  }),
  defineRoute({
    ...manage,
    path: '/order/certificate/:order_id/resend-emails',
    tier: 'B',
    body: 'none',
    async handler(call) {
      await resendOrderMails(call.engine, call.principal, call.pathText('order_id'))
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/order/certificate/:order_id/dcv-emails',
    tier: 'C',
    async handler(call) {
      const found = await orderApprovers(call.engine, call.principal, call.pathText('order_id'))
      return listed(
        'dcv_emails',
        found.map(({ name, domain, addresses }) => ({ dns_name: name, ...addressesView(domain, addresses) })),
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/order/certificate/:order_id/validation',
    tier: 'B',
    async handler(call) {
      return ok(statusView(await orderControlStatus(call.engine, call.principal, call.pathText('order_id'))))
    },
  }),
]

function valueView(engine: Engine, method: ValidationMethod, { value, expiresAt }: RandomValue): Members {
  return {
    dcv_random_value: value,
    ...aliasTarget(engine, method),
    expiration_date: dateTime(expiresAt),
  }
}

function checkView({ names, progress: { order } }: OrderCheck): Members {
  const isIssued = order.status === 'issued'
  return {
    order_status: isIssued ? 'issued' : 'pending',
    certificate_id: isIssued ? order.certificateId : undefined,
    dcv_status: names.every(({ isProven }) => isProven) ? 'valid' : 'invalid',
    dns_name_validations: names.map(({ name, isProven }) => ({
      dns_name: name,
      status: isProven ? 'approved' : 'pending',
    })),
  }
}

function statusView({ order, isOrganizationReady, names }: OrderControlStatus): Members {
  const isDone = isOrganizationReady && names.every(({ isProven }) => isProven)
  return {
    status: isDone ? 'approved' : 'pending',
    dcv_method: order.methods?.method,
    organization:
      order.organizationId === null ? undefined : { status: isOrganizationReady ? 'active' : 'pending' },
    domains: names.map(({ name, isProven }) => ({ name, status: isProven ? 'approved' : 'pending' })),
  }
}

async function wait(milliseconds: number): Promise<void> {
  await pause(milliseconds)
}
