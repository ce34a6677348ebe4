import { hash } from 'node:crypto'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { ClaimOutcome, RepeatableRequest } from '../store/idempotency.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'

/** How long a key is remembered. */
export const REMEMBERED_MS = 24 * 60 * 60_000
/** After this an attempt that did not end is taken to have died; it can make nothing any more then. */
const CLAIM_MS = 60_000
/** How long a request waits for another one with its key, and how often it looks. */
const WAIT_MS = 30_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/** A request whose caller named it, so that it is done once however often it comes. */
export interface OnceRequest {
  readonly accountId: AccountId
  /** Who asks. What it gives may be a secret of his, and the rights of somebody else are others. */
  readonly userId: number
  /** As the caller gave it. */
  readonly key: string
  /** Method and path, without the host. */
  readonly route: string
  /** The bytes received. */
  readonly body: Uint8Array
}

/** What a piece of work needs to tie what it makes to its request. */
export interface OnceBinding {
  /**
   * Belongs into the transaction that makes the thing. Whoever comes with the key later is told of the subject.
   * @param subject small, of JSON, without secrets: such as the id of an order
   * @throws Fault store_busy when the attempt took so long that another one has the work
   */
  bind(transaction: Transaction, subject: unknown): Program<void>
}

/** Of work that nobody named: nobody comes back for it. */
export const unbound: OnceBinding = {
  *bind() {},
}

export interface OnceWork<Result> {
  /** Does it, and binds what it makes. What it throws before that leaves the key free for the next attempt. */
  run(binding: OnceBinding): Promise<Result>
  /** Tells the result of work that made `subject` before, perhaps without coming to its end. */
  recall(subject: unknown): Promise<Result>
  /** Lets some time pass. */
  pause(milliseconds: number): Promise<void>
}

/**
 * Does a request once. A key belongs to one account; for 24 hours it stands for the user, the route and the body that
 * it first came with. Requests with the same key at the same time wait for the first.
 *
 * @throws Fault idempotency_conflict for a key that came with another request, store_busy when the first one takes
 *   longer than the waiting time; whatever the work throws
 */
export async function once<Result>(
  engine: Pick<Engine, 'store' | 'clock' | 'random' | 'log'>,
  { accountId, userId, key, route, body }: OnceRequest,
  work: OnceWork<Result>,
): Promise<Result> {
  // The length keeps what is route and what is body apart.
  const head = Buffer.from(`${userId} ${route.length} ${route} `)
  const request: RepeatableRequest = {
    accountId,
    keyDigest: hash('sha256', key, 'buffer'),
    requestDigest: hash('sha256', Buffer.concat([head, body]), 'buffer'),
  }
  const attempt = Buffer.from(engine.random.bytes(16)).toString('hex')
  const outcome = await claim(engine, request, attempt, work)
  if (outcome.state === 'finished') return work.recall(JSON.parse(outcome.subject))
  try {
    return outcome.subject === null
      ? await work.run(bindingOf(request, attempt))
      : await work.recall(JSON.parse(outcome.subject))
  } finally {
    await finish(engine, request, attempt)
  }
}

/** The work is done: that this could not be noted only makes those who come with the key wait for the claim's end. */
async function finish(
  engine: Pick<Engine, 'store' | 'log'>,
  request: RepeatableRequest,
  attempt: string,
): Promise<void> {
  try {
    await engine.store.write((transaction) => transaction.idempotency.finish(request, attempt))
  } catch (error) {
    engine.log.warn({ error: String(error) }, 'the end of a request with an idempotency key was not noted')
  }
}

async function claim(
  engine: Pick<Engine, 'store' | 'clock'>,
  request: RepeatableRequest,
  attempt: string,
  { pause }: Pick<OnceWork<unknown>, 'pause'>,
): Promise<Extract<ClaimOutcome, { state: 'claimed' | 'finished' }>> {
  let waited = 0
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const now = engine.clock.now()
    const outcome = await engine.store.write((transaction) =>
      transaction.idempotency.claim(request, attempt, now, now + CLAIM_MS, now - REMEMBERED_MS),
    )
    if (outcome.state === 'conflict') throw new Fault('idempotency_conflict', {})
    if (outcome.state !== 'running') return outcome
    if (waited >= WAIT_MS) throw new Fault('store_busy', { retryAfterMs: LONGEST_PAUSE_MS })
    await pause(wait)
    waited += wait
  }
}

function bindingOf(request: RepeatableRequest, attempt: string): OnceBinding {
  return {
    *bind(transaction, subject) {
      if (yield* transaction.idempotency.bind(request, attempt, JSON.stringify(subject))) return
      throw new Fault('store_busy', { retryAfterMs: LONGEST_PAUSE_MS })
    },
  }
}
