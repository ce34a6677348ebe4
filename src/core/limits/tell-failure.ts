import type { Log } from '../environment.ts'
import { type Fault, isFault } from '../faults.ts'

type PassingCode = 'maintenance' | 'overloaded' | 'store_busy'

/**
 * Whether we turned a request away on purpose, to be sent again later: the APIs are closed for a while, there is too
 * much to do, or another process is at work on the same thing. Overload with a cause is a failure of what we depend on.
 */
export function isTurnedAway(error: unknown): error is Fault<PassingCode> {
  return (
    isFault(error, 'maintenance') ||
    isFault(error, 'store_busy') ||
    (isFault(error, 'overloaded') && error.cause === undefined)
  )
}

/**
 * Tells the log of a request that was answered with 5xx: at error with the stack, but one line without it where the
 * request was turned away, because a busy hour would bury real failures.
 */
export function tellFailure(
  log: Log,
  error: unknown,
  facts: Readonly<Record<string, unknown>>,
  message: string,
): void {
  if (!isTurnedAway(error)) log.error({ err: error, ...facts }, message)
  else log.info({ reason: error.code, ...facts }, 'a request was turned away for now')
}
