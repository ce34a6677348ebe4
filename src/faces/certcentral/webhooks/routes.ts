import { Fault } from '../../../core/faults.ts'
import { checkChallenge, sendChallenge, testEndpoint } from '../../../core/webhooks/challenge-webhook.ts'
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  setWebhookActive,
} from '../../../core/webhooks/change-webhook.ts'
import { retryDelivery } from '../../../core/webhooks/deliver.ts'
import { type Webhook, webhooks } from '../../../core/webhooks/webhook.ts'
import type { Call } from '../call.ts'
import { created, done, listed, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { deliveryList } from './delivery-list.ts'
import { readSecret, readWebhook, readWebhookChanges } from './read-webhook.ts'
import { webhookView } from './webhook-view.ts'

const view = { resource: 'webhooks', right: 'view', method: 'GET', tier: 'C' } as const
const manage = { resource: 'webhooks', right: 'manage', tier: 'C' } as const

const activation = (path: '/webhook/:id/activate' | '/webhook/:id/deactivate') =>
  defineRoute({
    ...manage,
    method: 'PUT',
    path,
    body: 'none',
    async handler(call) {
      const id = call.pathId('id', 'webhook')
      await setWebhookActive(call.engine, call.account.id, id, path.endsWith('/activate'), call.caller)
      return done
    },
  })

/** The account's webhook: where it goes, that it may, and what was told. */
export const webhookRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/webhook',
    async handler({ engine, account }) {
      const { items } = await engine.store.read((each) =>
        each.collection(webhooks).list({ accountId: account.id, where: [], offset: 0, limit: 10 }),
      )
      return listed('webhooks', items.map(webhookView))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/webhook',
    async handler({ engine, account, caller, body }) {
      const request = readWebhook(body)
      body.check()
      return created({ webhook_id: (await createWebhook(engine, account.id, request, caller)).id })
    },
  }),
  deliveryList,
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/webhook/event-logs/:id/retry',
    body: 'none',
    async handler(call) {
      await retryDelivery(call.engine, call.account.id, call.pathId('id', 'webhook'), call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/webhook/test-endpoint',
    async handler({ engine, body }) {
      const endpoint = body.requiredText('endpoint', { longest: 2_048, anyCharacter: true })
      const secret = readSecret(body, body.text('secret', { anyCharacter: true }) ?? '')
      body.check()
      await testEndpoint(engine, endpoint, secret)
      return ok({ success: true })
    },
  }),
  defineRoute({
    ...view,
    path: '/webhook/:id',
    handler: async (call) => ok(webhookView(await own(call))),
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/webhook/:id',
    async handler(call) {
      const { id } = await own(call)
      const changes = readWebhookChanges(call.body)
      call.body.check()
      await changeWebhook(call.engine, call.account.id, id, changes, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/webhook/:id',
    async handler(call) {
      await deleteWebhook(call.engine, call.account.id, call.pathId('id', 'webhook'), call.caller)
      return done
    },
  }),
  activation('/webhook/:id/activate'),
  activation('/webhook/:id/deactivate'),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/webhook/:id/send-challenge',
    body: 'none',
    async handler(call) {
      await sendChallenge(call.engine, call.account.id, call.pathId('id', 'webhook'), call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/webhook/:id/check-challenge',
    body: 'optional',
    async handler(call) {
      const { id } = await own(call)
      const { body } = call
      const told = body.text(body.spelling('challenge', 'secret_challenge', 'code'))
      body.check()
      await checkChallenge(call.engine, call.account.id, id, told, call.caller)
      return done
    },
  }),
]

async function own(call: Call<'id'>): Promise<Webhook> {
  const id = call.pathId('id', 'webhook')
  const webhook = await call.engine.store.read((each) => each.collection(webhooks).byId(call.account.id, id))
  if (webhook === undefined) throw new Fault('object_unknown', { object: 'webhook' })
  return webhook
}
