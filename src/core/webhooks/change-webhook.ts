import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { holdMasterKey } from '../keys/master-key.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { recordWebhook } from './record-webhook.ts'
import { type Webhook, webhooks } from './webhook.ts'
import { sealWebhookSecret } from './webhook-secret.ts'

type Parts = Pick<Engine, 'clock' | 'sealer' | 'store'>

export interface WebhookRequest
  extends Pick<
    Webhook,
    'endpoint' | 'events' | 'tellsInstantIssuance' | 'noticeDays' | 'sendsChain' | 'sendsInstantChain'
  > {
  /** Sent as a header: printable ASCII. */
  readonly secret: string
}

/**
 * Makes the account's webhook. It tells nothing until its endpoint gave a challenge back and it was activated.
 * @throws Fault state_refused when there is one, endpoint_failed
 */
export function createWebhook(
  { clock, sealer, store }: Parts,
  accountId: AccountId,
  { secret, ...request }: WebhookRequest,
  caller: Caller,
): Promise<Webhook> {
  checkEndpoint(request.endpoint)
  return store.write(function* (transaction) {
    yield* holdMasterKey(transaction, sealer)
    const webhook: Webhook = {
      ...request,
      id: yield* transaction.collection(webhooks).nextId(),
      accountId,
      secretSealed: sealWebhookSecret(sealer, accountId, secret),
      status: 'inactive',
      challenge: null,
      createdAt: clock.now(),
    }
    if (!(yield* transaction.collection(webhooks).insert(webhook))) {
      throw new Fault('state_refused', { object: 'webhook', state: 'there already', parameter: 'endpoint' })
    }
    recordWebhook(transaction, 'webhook.created', webhook, webhook.createdAt, caller, {
      endpoint: webhook.endpoint,
      events: webhook.events.join(' '),
    })
    return webhook
  })
}

/**
 * Changes a webhook; what is not named stays. A new endpoint has to be challenged and activated again.
 * @throws Fault object_unknown, endpoint_failed
 */
export function changeWebhook(
  { clock, sealer, store }: Parts,
  accountId: AccountId,
  id: number,
  { secret, ...changes }: Partial<WebhookRequest>,
  caller: Caller,
): Promise<Webhook> {
  if (changes.endpoint !== undefined) checkEndpoint(changes.endpoint)
  return store.write(function* (transaction) {
    if (secret !== undefined) yield* holdMasterKey(transaction, sealer)
    const held = yield* holdWebhook(transaction, accountId, id)
    const isMoved = changes.endpoint !== undefined && changes.endpoint !== held.endpoint
    const webhook: Webhook = {
      ...held,
      ...changes,
      ...(secret !== undefined && { secretSealed: sealWebhookSecret(sealer, accountId, secret) }),
      ...(isMoved && { status: 'inactive', challenge: null }),
    }
    yield* transaction.collection(webhooks).replace(webhook)
    recordWebhook(transaction, 'webhook.changed', webhook, clock.now(), caller, {
      endpoint: webhook.endpoint,
      events: webhook.events.join(' '),
      newSecret: secret !== undefined,
    })
    return webhook
  })
}

/**
 * Starts or stops telling.
 * @throws Fault object_unknown; challenge_open for an endpoint that has not given its challenge back
 */
export function setWebhookActive(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  id: number,
  isActive: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdWebhook(transaction, accountId, id)
    if (isActive && (held.challenge?.passedAt ?? null) === null) {
      const defect = held.challenge === null ? 'not-sent' : 'not-returned'
      throw new Fault('challenge_open', { parameter: 'status', defect })
    }
    const status = isActive ? 'active' : 'inactive'
    if (held.status === status) return
    yield* transaction.collection(webhooks).replace({ ...held, status })
    recordWebhook(transaction, 'webhook.changed', held, clock.now(), caller, { status })
  })
}

/** @throws Fault object_unknown */
export function deleteWebhook(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdWebhook(transaction, accountId, id)
    yield* transaction.collection(webhooks).remove(accountId, id)
    recordWebhook(transaction, 'webhook.deleted', held, clock.now(), caller, { endpoint: held.endpoint })
  })
}

/** @throws Fault object_unknown */
export function* holdWebhook(transaction: Transaction, accountId: AccountId, id: number): Program<Webhook> {
  const held = yield* transaction.collection(webhooks).hold(accountId, id)
  if (held === undefined) throw new Fault('object_unknown', { object: 'webhook' })
  return held
}

/**
 * Whether an endpoint may be called at all; whether its address may, shows when it is called.
 * @throws Fault endpoint_failed
 */
export function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const isUsable = url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
  if (!isUsable) throw new Fault('endpoint_failed', { failure: { reason: 'url' } })
}
