/** When and how often a call is attempted. */
export interface RetryPolicy {
  /** Attempts in all, the first included; 5 unless given, 1 for none but the first. */
  readonly attempts: number
  /** From the start of the call to its end, waits included; 120,000 unless given. */
  readonly deadlineMs: number
  /** For one attempt, from connecting to the last byte of the answer; 30,000 unless given. */
  readonly attemptTimeoutMs: number
  /** The longest wait before the second attempt; doubles from attempt to attempt; 1,000 unless given. */
  readonly backoffBaseMs: number
  /** What the doubling stops at; 60,000 unless given. */
  readonly backoffCapMs: number
  /** When a server asks for more than this by `Retry-After` the call fails at once; no limit besides the deadline unless given. */
  readonly longestRetryAfterMs: number
}

export const defaultRetryPolicy: RetryPolicy = Object.freeze({
  attempts: 5,
  deadlineMs: 120_000,
  attemptTimeoutMs: 30_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  longestRetryAfterMs: Number.POSITIVE_INFINITY,
})

/** @throws {RangeError} that names the member */
export function completeRetryPolicy(given: Partial<RetryPolicy>, base = defaultRetryPolicy): RetryPolicy {
  const policy = { ...base }
  for (const name of Object.keys(defaultRetryPolicy) as (keyof RetryPolicy)[]) {
    const value = given[name] ?? base[name]
    const least = name === 'attempts' ? 1 : 0
    if (typeof value !== 'number' || !(value >= least)) {
      throw new RangeError(`retry ${name} must be at least ${least}, and is ${String(value)}`)
    }
    policy[name] = value
  }
  return Object.freeze(policy)
}

/** How one attempt ended without giving what was asked for. */
export type AttemptFailure =
  | { readonly kind: 'response'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'connection'; readonly wasSent: 'no' | 'perhaps' }
  | { readonly kind: 'timeout' }

/**
 * Whether the same request may be sent again: only where that can help, and does nothing twice.
 *
 * @param isRepeatable a second effect is impossible: the method is idempotent (RFC 9110, section 9.2.2), or the
 *   request carries an idempotency key
 */
export function mayRepeat(failure: AttemptFailure, isRepeatable: boolean): boolean {
  switch (failure.kind) {
    case 'connection':
      return failure.wasSent === 'no' || isRepeatable
    case 'timeout':
      return isRepeatable
    case 'response':
      switch (failure.status) {
        // By these the server says that it has done nothing.
        case 429:
        case 503:
          return true
        // By these it says nothing about that.
        case 500:
        case 502:
        case 504:
          return isRepeatable
        default:
          return false
      }
  }
}

/**
 * How long to wait before the next attempt: what the server asked for and up to a tenth more, so that those who were
 * turned away together do not come back together; else exponential backoff with full jitter.
 *
 * @param attempt the one that failed, from 1
 * @param random from 0 inclusive to 1 exclusive
 */
export function waitMs(
  policy: RetryPolicy,
  attempt: number,
  failure: AttemptFailure,
  random: () => number,
): number {
  const told = failure.kind === 'response' ? failure.retryAfterMs : undefined
  if (told !== undefined) return told * (1 + random() / 10)
  return random() * Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** (attempt - 1))
}
