import type { Caller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Random } from '../environment.ts'
import { Fault } from '../faults.ts'
import { HttpFailure } from '../validation/outbound.ts'
import { type Delivery, deliveries } from './delivery.ts'
import { deliveryBody } from './delivery-body.ts'
import { recordWebhook } from './record-webhook.ts'
import { type Webhook, webhooks } from './webhook.ts'
import { openWebhookSecret, webhookHeaders } from './webhook-secret.ts'

type Parts = Pick<Engine, 'clock' | 'outside' | 'random' | 'sealer' | 'store'>

/** Attempts until a delivery is given up: about six hours. */
export const MOST_ATTEMPTS = 12
const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 2 * 60 * 60_000
/** Longer than a call may take: after it another process takes the delivery to be nobody's. */
const CLAIM_MS = 60_000

/**
 * Tries a delivery that is due. Two processes do not try it at once; one that dies while it does leaves it to the
 * next attempt, so a receiver may get it twice.
 * @returns false when the receiver did not take it
 */
export async function deliver(parts: Parts, due: Pick<Delivery, 'accountId' | 'id'>): Promise<boolean> {
  const claimed = await claim(parts, due)
  if (claimed === undefined) return true
  const { delivery, webhook } = claimed
  if (webhook === undefined) {
    await conclude(parts, delivery, { isTaken: false, outcome: 'no active webhook', isFinal: true })
    return true
  }
  const result = await attempt(parts, webhook, delivery)
  await conclude(parts, delivery, result)
  return result.isTaken
}

/** Keeps others from trying it until the claim ends. */
function claim(
  { clock, store }: Parts,
  { accountId, id }: Pick<Delivery, 'accountId' | 'id'>,
): Promise<{ readonly delivery: Delivery; readonly webhook: Webhook | undefined } | undefined> {
  return store.write(function* (transaction) {
    const now = clock.now()
    const held = yield* transaction.collection(deliveries).hold(accountId, id)
    if (held === undefined || held.dueAt === null || held.dueAt > now) return undefined
    const delivery: Delivery = {
      ...held,
      attempts: held.attempts + 1,
      dueAt: now + CLAIM_MS,
      lastAttemptAt: now,
    }
    yield* transaction.collection(deliveries).replace(delivery)
    const [webhook] = yield* transaction.collection(webhooks).withValue(accountId, 'status', 'active', 1)
    return { delivery, webhook }
  })
}

interface Attempted {
  readonly isTaken: boolean
  /** `200`, or why there was no answer. */
  readonly outcome: string
  readonly isFinal?: boolean
}

async function attempt(
  { clock, outside, sealer, store }: Parts,
  webhook: Webhook,
  delivery: Delivery,
): Promise<Attempted> {
  const body = await store.read((view) => deliveryBody(view, webhook, delivery))
  const headers = {
    ...webhookHeaders(openWebhookSecret(sealer, webhook), body, clock.now()),
    'x-chancery-delivery': delivery.deliveryId,
  }
  try {
    const { status } = await outside.notifier.post(webhook.endpoint, headers, body)
    return { isTaken: status >= 200 && status <= 299, outcome: String(status) }
  } catch (error) {
    if (error instanceof HttpFailure) return { isTaken: false, outcome: error.reason }
    throw error
  }
}

function conclude(
  { clock, random, store }: Parts,
  { accountId, id, attempts }: Delivery,
  { isTaken, outcome, isFinal = false }: Attempted,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(deliveries).hold(accountId, id)
    // The claim ran out, and another attempt has it.
    if (held === undefined || held.attempts !== attempts) return
    const isOver = isTaken || isFinal || attempts >= MOST_ATTEMPTS
    yield* transaction.collection(deliveries).replace({
      ...held,
      outcome,
      status: isTaken ? 'delivered' : isOver ? 'dead' : 'pending',
      dueAt: isOver ? null : clock.now() + pauseAfter(attempts, random),
    })
  })
}

/** Doubles with every attempt; somewhere in its upper half, so that many do not come back at once. */
export function pauseAfter(attempts: number, random: Random): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  const [first = 0, second = 0] = random.bytes(2)
  return Math.floor(longest / 2 + (longest / 2) * ((first * 256 + second) / 65_536))
}

/**
 * Tries a delivery anew that was given up, from the first attempt on.
 * @throws Fault object_unknown, state_refused for one that is delivered or on its way
 */
export function retryDelivery(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  id: number,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(deliveries).hold(accountId, id)
    if (held === undefined) throw new Fault('object_unknown', { object: 'webhook' })
    if (held.status !== 'dead') {
      throw new Fault('state_refused', { object: 'webhook', state: held.status, parameter: 'status' })
    }
    const at: Instant = clock.now()
    yield* transaction
      .collection(deliveries)
      .replace({ ...held, status: 'pending', attempts: 0, dueAt: at, outcome: '' })
    recordWebhook(transaction, 'webhook.changed', held, at, caller, { retried: held.deliveryId })
  })
}
