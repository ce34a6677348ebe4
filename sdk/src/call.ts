import { attempt, type Outcome } from './attempt.ts'
import { type Clock, sleep } from './clock.ts'
import type { ChanceryError, GaveUp } from './errors.ts'
import type { CallEvent, Listener } from './events.ts'
import { failureOf, isSuccess } from './failure.ts'
import { randomUuid } from './identifiers.ts'
import { type Query, queryText } from './path.ts'
import { retryAfterMs } from './retry-after.ts'
import {
  type AttemptFailure,
  completeRetryPolicy,
  mayRepeat,
  type RetryPolicy,
  waitMs,
} from './retry-policy.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

/** What all calls of a client share. */
export interface Connection {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly transport: Transport
  /** Sent with every request; values that are secrets are listed in `secrets`. */
  readonly headers: Readonly<Record<string, string>>
  /** Taken out of whatever an error tells. */
  readonly secrets: readonly string[]
  readonly retry: RetryPolicy
  /** The server recognises a repeated POST by its `Idempotency-Key`. */
  readonly honoursIdempotencyKeys: boolean
  readonly listener: Listener | undefined
  readonly clock: Clock
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number
}

/** What the caller of any call may set for it alone. */
export interface CallOptions {
  /** Ends the call, also while it waits. */
  readonly signal?: AbortSignal
  /** In place of the client's. */
  readonly retry?: Partial<RetryPolicy>
  /** `X-DC-TransactionId`; a new UUID unless given. */
  readonly requestId?: string
  /** For a POST that is to count as the repetition of an earlier one; a new UUID unless given. */
  readonly idempotencyKey?: string
  /** `If-Match`: the update is refused with 409 when the resource is no longer at this version. */
  readonly ifMatch?: string
  /** Status and headers (`ETag`, `RateLimit`) of the answer that ended the call well. */
  readonly onAnswer?: (status: number, header: (name: string) => string | null) => void
}

/** One call of an API, before anything is sent. */
export interface Call<Result> {
  readonly method: TransportRequest['method']
  readonly path: string
  readonly query?: Query | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  readonly accept?: string
  /** A POST that changes nothing. */
  readonly isReading?: boolean
  /** A GET that uses something up: where its outcome is unknown it is not repeated. */
  readonly isSpending?: boolean
  /** Reads the body of a 2xx; what it throws makes the call fail as `unreadable`. */
  readonly read: (text: string) => Result
}

/** Makes one call with the retries that its policy allows. */
export type Perform = <Result>(call: Call<Result>, options?: CallOptions) => Promise<Result>

/**
 * Binds {@link Perform} to a connection.
 *
 * @throws {ChanceryError} from every call that gives no result
 */
export function performOver(connection: Connection): Perform {
  return (call, options = {}) => perform(connection, call, options)
}

async function perform<Result>(
  connection: Connection,
  call: Call<Result>,
  options: CallOptions,
): Promise<Result> {
  const { clock, random } = connection
  const policy =
    options.retry === undefined ? connection.retry : completeRetryPolicy(options.retry, connection.retry)
  const requestId = options.requestId ?? randomUuid()
  const idempotencyKey =
    call.method === 'POST' && !call.isReading ? (options.idempotencyKey ?? randomUuid()) : undefined
  const isKept = idempotencyKey === undefined || connection.honoursIdempotencyKeys
  const isRepeatable = isKept && call.isSpending !== true
  const request = requestOf(connection, call, { requestId, idempotencyKey, ifMatch: options.ifMatch })
  const report = (attempt: number, event: Told): void =>
    tell(connection.listener, { ...event, method: call.method, path: call.path, requestId, attempt })
  const startedAt = clock.elapsed()
  const remainingMs = (): number => policy.deadlineMs - (clock.elapsed() - startedAt)

  const fail = (outcome: Outcome, attempts: number, gaveUp: GaveUp): ChanceryError => {
    const facts = { method: call.method, path: call.path, requestId, idempotencyKey, attempts, gaveUp }
    return failureOf(outcome, facts, clock.now(), connection.secrets)
  }

  for (let number = 1; ; number++) {
    if (options.signal?.aborted) {
      throw fail({ kind: 'aborted', cause: options.signal.reason }, number - 1, 'not_retryable')
    }
    report(number, { type: 'attempt' })
    const attemptedAt = clock.elapsed()
    const timeoutMs = Math.max(0, Math.min(policy.attemptTimeoutMs, remainingMs()))
    const outcome = await attempt(connection.transport, request, timeoutMs, clock, options.signal)
    const durationMs = clock.elapsed() - attemptedAt
    if (outcome.kind === 'aborted') throw fail(outcome, number, 'not_retryable')
    if (outcome.kind !== 'response') {
      report(number, { type: 'no_response', reason: outcome.kind, durationMs })
    } else {
      const { status, header, text } = outcome
      report(number, { type: 'response', status, durationMs, ...rateLimitOf(header) })
      if (isSuccess(status)) {
        const result = readOrFail(
          () => call.read(text),
          () => fail(outcome, number, 'not_retryable'),
        )
        options.onAnswer?.(status, header)
        return result
      }
    }

    const failure = attemptFailureOf(outcome, clock.now())
    if (!mayRepeat(failure, isRepeatable)) throw fail(outcome, number, 'not_retryable')
    if (number >= policy.attempts) throw fail(outcome, number, 'attempts')
    const toldMs = failure.kind === 'response' ? failure.retryAfterMs : undefined
    const delayMs = waitMs(policy, number, failure, random)
    const isTooLong = toldMs !== undefined && toldMs > policy.longestRetryAfterMs
    if (isTooLong || (toldMs ?? delayMs) >= remainingMs()) throw fail(outcome, number, 'deadline')
    // The jitter alone may reach past the deadline.
    const waitedMs = Math.min(delayMs, remainingMs())
    report(number, { type: 'wait', delayMs: waitedMs, isTold: toldMs !== undefined })
    await sleep(clock, waitedMs, options.signal)
  }
}

function requestOf<Result>(
  connection: Connection,
  call: Call<Result>,
  ids: { requestId: string; idempotencyKey: string | undefined; ifMatch: string | undefined },
): Omit<TransportRequest, 'signal'> {
  return {
    method: call.method,
    url: connection.baseUrl + call.path + queryText(call.query),
    headers: {
      ...connection.headers,
      accept: call.accept ?? 'application/json',
      'x-dc-transactionid': ids.requestId,
      ...(ids.idempotencyKey !== undefined && { 'idempotency-key': ids.idempotencyKey }),
      ...(ids.ifMatch !== undefined && { 'if-match': ids.ifMatch }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  }
}

function attemptFailureOf(outcome: Exclude<Outcome, { kind: 'aborted' }>, nowMs: number): AttemptFailure {
  if (outcome.kind !== 'response') return outcome
  return {
    kind: 'response',
    status: outcome.status,
    retryAfterMs: retryAfterMs(outcome.header('retry-after'), outcome.header('date'), nowMs),
  }
}

function readOrFail<Result>(read: () => Result, fail: () => ChanceryError): Result {
  try {
    return read()
  } catch {
    throw fail()
  }
}

function rateLimitOf(header: TransportResponse['header']): { rateLimit?: string } {
  const rateLimit = header('ratelimit')
  return rateLimit === null ? {} : { rateLimit }
}

/** An event without what all events of a call have in common. */
type Told = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, 'method' | 'path' | 'requestId' | 'attempt'>
    : never
  : never

function tell(listener: Listener | undefined, event: CallEvent): void {
  try {
    listener?.(event)
  } catch {
    // A log that fails must not break the call.
  }
}
