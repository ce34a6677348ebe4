import type { ErrorDetail } from './error-body.ts'

/**
 * How a call failed:
 * - `response`: the server refused;
 * - `unreadable`: the server accepted, and its answer is not what the call gives (a page of a proxy, say);
 * - `connection`: no answer came, because the connection could not be made or broke;
 * - `timeout`: no answer came in time;
 * - `aborted`: the caller's signal was aborted.
 */
export type FailureKind = 'response' | 'unreadable' | 'connection' | 'timeout' | 'aborted'

/**
 * Why no further attempt was made: repeating it cannot help or could do harm, the attempts were used up, or the next
 * one would have come after the deadline.
 */
export type GaveUp = 'not_retryable' | 'attempts' | 'deadline'

/** The facts of a failed call. None of them ever holds the API key. */
export interface Failure {
  readonly kind: FailureKind
  readonly method: string
  /** Path without the query. */
  readonly path: string
  /** HTTP status; absent when no response came. */
  readonly status?: number
  /** Machine code of the first error, such as `invalid_input_field`. A hint: branch on the status. */
  readonly code?: string
  /** The request member at fault, of the first error that names one. */
  readonly field?: string
  /** All that the server named. */
  readonly errors: readonly ErrorDetail[]
  /** The server's `request_id`; when it gave none, the `X-DC-TransactionId` that was sent with every attempt. */
  readonly requestId: string
  /**
   * The failure is a passing one, and making the same call again later does no harm: it repeats no effect, or
   * carries the same idempotency key (see `idempotencyKey`).
   */
  readonly retryable: boolean
  readonly gaveUp: GaveUp
  /** What `Retry-After` asked for. */
  readonly retryAfterMs?: number
  /** Attempts made, at least 1 unless the signal was aborted before. */
  readonly attempts: number
  /** Sent with every attempt; give it to a later call to make that the same one. */
  readonly idempotencyKey?: string
  /** Body of the response as it came, at most its first 65,536 characters. */
  readonly rawBody?: string | undefined
}

/** What every failed call throws. `cause` holds the error of the transport, or the reason of the abort. */
export class ChanceryError extends Error implements Failure {
  readonly kind: FailureKind
  readonly method: string
  readonly path: string
  readonly status?: number
  readonly code?: string
  readonly field?: string
  readonly errors: readonly ErrorDetail[]
  readonly requestId: string
  readonly retryable: boolean
  readonly gaveUp: GaveUp
  readonly retryAfterMs?: number
  readonly attempts: number
  readonly idempotencyKey?: string
  readonly #rawBody: string | undefined

  constructor(message: string, failure: Failure, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    // The name that callers of fetch look for.
    this.name = failure.kind === 'aborted' ? 'AbortError' : 'ChanceryError'
    this.kind = failure.kind
    this.method = failure.method
    this.path = failure.path
    this.errors = failure.errors
    this.requestId = failure.requestId
    this.retryable = failure.retryable
    this.gaveUp = failure.gaveUp
    this.attempts = failure.attempts
    if (failure.status !== undefined) this.status = failure.status
    if (failure.code !== undefined) this.code = failure.code
    if (failure.field !== undefined) this.field = failure.field
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs
    if (failure.idempotencyKey !== undefined) this.idempotencyKey = failure.idempotencyKey
    this.#rawBody = failure.rawBody
  }

  /** No member of its own, so that printing the error does not print what the server sent. */
  get rawBody(): string | undefined {
    return this.#rawBody
  }
}

/** An issuance that gave no certificate: rejected, or still pending when the caller's patience ended. */
export class IssuanceError extends Error {
  readonly status: 'PENDING' | 'REJECTED'
  /** Picks the certificate up later, while the status is `PENDING`. */
  readonly issuanceRequestId: string

  constructor(status: 'PENDING' | 'REJECTED', issuanceRequestId: string) {
    super(
      status === 'REJECTED'
        ? `issuance ${issuanceRequestId} was rejected`
        : `issuance ${issuanceRequestId} is still pending`,
    )
    this.name = 'IssuanceError'
    this.status = status
    this.issuanceRequestId = issuanceRequestId
  }
}
