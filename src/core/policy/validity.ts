import type { Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import { wholeSeconds } from '../whole-seconds.ts'

const secondMs = 1_000
const dayMs = 86_400 * secondMs
/** The most that notBefore may lie before the signing, whatever the setting is (case V5). */
const longestBackdateMs = 48 * 3_600 * secondMs

/** The longest lifetime that fits the dates of a certificate (RFC 5280 section 4.1.2.5: up to the year 9999). */
const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59)

/** What a certificate's dates are asked to be. Give `lifetimeDays` or `notAfter`; notAfter wins. */
export interface ValidityRequest {
  /** Whole days, at least 1. */
  readonly lifetimeDays?: number | undefined
  /** The last instant of validity; parts of a second are cut off. */
  readonly notAfter?: Instant | undefined
  /** The first instant; absent: now, earlier by the backdating setting. */
  readonly notBefore?: Instant | undefined
}

export interface ValidityRules {
  /** The time of signing. */
  readonly now: Instant
  /** How far notBefore may lie, and by default lies, before now, for clocks that are slow. Default 0. */
  readonly backdateMs?: number | undefined
  /** Both ends counted; undefined: no limit but the issuer's. */
  readonly maximumLifetimeDays?: number | undefined
  /** notAfter of the issuing CA; undefined for a self-signed root. */
  readonly issuerNotAfter?: Instant | undefined
  /** Whether a certificate that would outlive its issuer ends with it; default: refused (case V4). */
  readonly cutToIssuer?: boolean | undefined
}

/** First and last instant of a certificate: whole seconds in milliseconds since 1970, UTC. */
export interface Validity {
  readonly notBefore: Instant
  readonly notAfter: Instant
}

/**
 * The dates of a certificate. RFC 5280 section 4.1.2.5 counts both ends, so a lifetime of n days ends one
 * second before the same time of day n days on (case V1).
 *
 * @throws Fault validity_refused, parameter_invalid for a lifetime that is no whole number of days
 */
export function validityOf(request: ValidityRequest, rules: ValidityRules): Validity {
  const now = wholeSeconds(rules.now)
  const notBefore = beginning(request, rules, now)
  const notAfter = ending(request, notBefore)
  if (notAfter < notBefore) {
    throw refused('ends-before-start', notBefore)
  }
  const longest = rules.maximumLifetimeDays
  if (longest !== undefined && notAfter > lastInstant(notBefore, longest)) {
    throw refused('too-long', lastInstant(notBefore, longest))
  }
  if (notAfter > latestInstant) {
    throw refused('too-long', latestInstant)
  }
  const issuerEnd = rules.issuerNotAfter
  if (issuerEnd === undefined || notAfter <= issuerEnd) {
    return { notBefore, notAfter }
  }
  if (rules.cutToIssuer !== true || issuerEnd < notBefore) {
    throw refused('outlives-issuer', issuerEnd)
  }
  return { notBefore, notAfter: wholeSeconds(issuerEnd) }
}

function beginning(request: ValidityRequest, rules: ValidityRules, now: Instant): Instant {
  const backdateMs = Math.min(rules.backdateMs ?? 0, longestBackdateMs)
  const earliest = wholeSeconds(now - backdateMs)
  if (request.notBefore === undefined) {
    return earliest
  }
  const notBefore = wholeSeconds(request.notBefore)
  if (notBefore > now) {
    throw refused('starts-in-future', now)
  }
  if (notBefore < earliest) {
    throw refused('backdated', earliest)
  }
  return notBefore
}

function ending(request: ValidityRequest, notBefore: Instant): Instant {
  if (request.notAfter !== undefined) {
    return wholeSeconds(request.notAfter)
  }
  const days = request.lifetimeDays ?? Number.NaN
  if (!Number.isSafeInteger(days) || days < 1) {
    throw new Fault('parameter_invalid', { parameter: 'lifetimeDays', reason: 'not a whole number of days' })
  }
  return lastInstant(notBefore, days)
}

/** The second before `days` days are over. */
function lastInstant(notBefore: Instant, days: number): Instant {
  return notBefore + days * dayMs - secondMs
}

function refused(reason: Fault<'validity_refused'>['detail']['reason'], limit: Instant): Fault {
  return new Fault('validity_refused', { reason, limit: new Date(limit).toISOString() })
}
