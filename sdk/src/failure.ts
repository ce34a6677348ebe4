import type { Outcome } from './attempt.ts'
import { parseErrorBody } from './error-body.ts'
import { ChanceryError, type Failure, type FailureKind, type GaveUp } from './errors.ts'
import { retryAfterMs } from './retry-after.ts'

/** What is known of a call besides how its last attempt ended. */
export interface FailureFacts {
  readonly method: string
  readonly path: string
  /** As sent. */
  readonly requestId: string
  readonly idempotencyKey: string | undefined
  readonly attempts: number
  readonly gaveUp: GaveUp
}

const longestRawBody = 65_536
const longestQuotedBody = 200

/**
 * The error of a call whose last attempt ended so. A response of 2xx fails as `unreadable`.
 *
 * @param secrets replaced wherever the server, or what stands before it, quotes them
 */
export function failureOf(
  outcome: Outcome,
  facts: FailureFacts,
  nowMs: number,
  secrets: readonly string[],
): ChanceryError {
  const clean = (text: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
  const shared = {
    kind: kindOf(outcome),
    method: facts.method,
    path: facts.path,
    requestId: facts.requestId,
    // Only what could have been repeated is given up for want of attempts or time.
    retryable: facts.gaveUp !== 'not_retryable',
    gaveUp: facts.gaveUp,
    attempts: facts.attempts,
    ...(facts.idempotencyKey !== undefined && { idempotencyKey: facts.idempotencyKey }),
  }
  if (outcome.kind !== 'response') {
    const failure: Failure = { ...shared, errors: [] }
    return new ChanceryError(
      sentence(failure),
      failure,
      outcome.kind === 'timeout' ? undefined : outcome.cause,
    )
  }
  const rawBody = clean(outcome.text).slice(0, longestRawBody)
  const { errors, requestId } =
    shared.kind === 'unreadable' ? { errors: [], requestId: undefined } : parseErrorBody(clean(outcome.text))
  const told = retryAfterMs(outcome.header('retry-after'), outcome.header('date'), nowMs)
  const [first] = errors
  const field = errors.find((error) => error.field !== undefined)?.field
  const failure: Failure = {
    ...shared,
    status: outcome.status,
    errors,
    requestId: requestId ?? shared.requestId,
    rawBody,
    ...(first?.code !== undefined && { code: first.code }),
    ...(field !== undefined && { field }),
    ...(told !== undefined && { retryAfterMs: told }),
  }
  return new ChanceryError(sentence(failure), failure)
}

function kindOf(outcome: Outcome): FailureKind {
  if (outcome.kind !== 'response') return outcome.kind
  return isSuccess(outcome.status) ? 'unreadable' : 'response'
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** One line for a log: the call, how it ended, what the server said, and what to look at. */
function sentence(failure: Failure): string {
  const said = failure.errors
    .map(({ code, field, message }) =>
      [code, field !== undefined && `(${field})`, message]
        .filter((part) => part !== undefined && part !== false)
        .join(' '),
    )
    .join('; ')
  const parts = [
    `${failure.method} ${failure.path}: ${ending(failure)}`,
    said !== '' ? `: ${said}` : failure.kind === 'response' && quoted(failure.rawBody),
    ` (request ${failure.requestId}, ${failure.attempts === 1 ? '1 attempt' : `${failure.attempts} attempts`}`,
    failure.gaveUp === 'deadline' && ', no time for another before the deadline',
    failure.retryAfterMs !== undefined && `, retry after ${failure.retryAfterMs / 1000} s`,
    ')',
    failure.status === 401 && '; has the end date of the API key passed, or is the key disabled?',
  ]
  return parts.filter((part) => part !== false).join('')
}

function ending(failure: Failure): string {
  switch (failure.kind) {
    case 'response':
      return isRedirect(failure.status) ? 'a redirect, which is not followed' : String(failure.status)
    case 'unreadable':
      return `${failure.status} with a body that is not what this call gives`
    case 'connection':
      return 'the connection failed'
    case 'timeout':
      return 'no answer in time'
    case 'aborted':
      return 'aborted'
  }
}

/** Browsers give redirects that they do not follow the status 0. */
function isRedirect(status: number | undefined): boolean {
  return status === 0 || (status !== undefined && status >= 300 && status < 400)
}

/** The beginning of a body that names no error, on one line. */
function quoted(rawBody: string | undefined): string {
  const text = (rawBody ?? '').replace(/\s+/g, ' ').trim().slice(0, longestQuotedBody)
  return text === '' ? '' : `: ${text}`
}
