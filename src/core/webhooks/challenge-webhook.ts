import { timingSafeEqual } from 'node:crypto'
import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { ChallengeDefect } from '../orders/order-faults.ts'
import { HttpFailure, type HttpReply } from '../validation/outbound.ts'
import { checkEndpoint, holdWebhook } from './change-webhook.ts'
import { recordWebhook } from './record-webhook.ts'
import { type Webhook, webhooks } from './webhook.ts'
import { openWebhookSecret, webhookHeaders } from './webhook-secret.ts'

type Parts = Pick<Engine, 'clock' | 'outside' | 'random' | 'sealer' | 'store'>

/**
 * Sends a new random value to the endpoint. An endpoint that answers with the value has passed; otherwise whoever
 * reads what it received tells the value to `checkChallenge`.
 * @throws Fault object_unknown; endpoint_failed
 */
export async function sendChallenge(
  parts: Parts,
  accountId: AccountId,
  id: number,
  caller: Caller,
): Promise<void> {
  const value = Buffer.from(parts.random.bytes(16)).toString('hex')
  const webhook = await parts.store.write(function* (transaction) {
    const held = yield* holdWebhook(transaction, accountId, id)
    const challenge = { value, sentAt: parts.clock.now(), passedAt: null }
    const challenged: Webhook = { ...held, status: 'inactive', challenge }
    yield* transaction.collection(webhooks).replace(challenged)
    recordWebhook(transaction, 'webhook.changed', held, challenge.sentAt, caller, { challenge: 'sent' })
    return challenged
  })
  const secret = openWebhookSecret(parts.sealer, webhook)
  const reply = await call(parts, webhook.endpoint, secret, {
    event: 'challenge',
    data: { challenge: value },
  })
  if (holds(reply, value)) await pass(parts, accountId, id, value, caller)
}

/**
 * Ends a challenge with the value that the endpoint received; without one it is asked whether it passed.
 * @throws Fault object_unknown; challenge_open
 */
export async function checkChallenge(
  parts: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  id: number,
  told: string | undefined,
  caller: Caller,
): Promise<void> {
  const webhook = await parts.store.read((view) => view.collection(webhooks).byId(accountId, id))
  if (webhook === undefined) throw new Fault('object_unknown', { object: 'webhook' })
  const { challenge } = webhook
  if (challenge === null) throw open('not-sent')
  if (told === undefined && challenge.passedAt !== null) return
  if (told === undefined) throw open('not-returned')
  if (!isSame(told, challenge.value)) throw open('other-value')
  await pass(parts, accountId, id, challenge.value, caller)
}

/**
 * Calls an endpoint once with a message that says nothing.
 * @throws Fault endpoint_failed
 */
export async function testEndpoint(
  parts: Pick<Engine, 'clock' | 'outside'>,
  endpoint: string,
  secret: string,
): Promise<void> {
  checkEndpoint(endpoint)
  await call(parts, endpoint, secret, { event: 'test', data: {} })
}

async function call(
  { clock, outside }: Pick<Engine, 'clock' | 'outside'>,
  endpoint: string,
  secret: string,
  message: object,
): Promise<HttpReply> {
  const body = JSON.stringify(message)
  const reply = await outside.notifier
    .post(endpoint, webhookHeaders(secret, body, clock.now()), body)
    .catch((cause: unknown) => {
      if (!(cause instanceof HttpFailure)) throw cause
      throw new Fault('endpoint_failed', { failure: { reason: cause.reason } }, { cause })
    })
  if (reply.status >= 200 && reply.status <= 299) return reply
  throw new Fault('endpoint_failed', { failure: { status: reply.status } })
}

function open(defect: ChallengeDefect): Fault {
  return new Fault('challenge_open', { parameter: 'challenge', defect })
}

function holds({ body }: HttpReply, value: string): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.length).includes(value)
}

/** The challenge may have been sent anew meanwhile: only the value that came back has passed. */
function pass(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  id: number,
  value: string,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdWebhook(transaction, accountId, id)
    if (held.challenge?.value !== value || held.challenge.passedAt !== null) return
    const at = clock.now()
    const challenge = { ...held.challenge, passedAt: at }
    yield* transaction.collection(webhooks).replace({ ...held, challenge })
    recordWebhook(transaction, 'webhook.changed', held, at, caller, { challenge: 'passed' })
  })
}

function isSame(told: string, value: string): boolean {
  const bytes = Buffer.from(told)
  return bytes.length === value.length && timingSafeEqual(bytes, Buffer.from(value))
}
