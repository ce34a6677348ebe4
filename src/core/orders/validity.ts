import type { Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import { longestLifetimeDays } from '../policy/lifetime-limits.ts'
import type { Product } from '../products/product.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { wholeSeconds } from '../whole-seconds.ts'
import type { ValidityWish } from './order.ts'

const secondMs = 1_000
const dayMs = 86_400 * secondMs

/** What was bought: first and last instant, whole seconds. */
export interface OrderPeriod {
  readonly validFrom: Instant
  readonly validUntil: Instant
}

/** What an order's validity is judged by. */
export interface OrderPeriodRules {
  readonly product: Pick<Product, 'nameId' | 'orderYears' | 'customExpiration'>
  readonly policy: Pick<AccountPolicy, 'customExpirationDates'>
  readonly now: Instant
  /** The parameter the wish came in, in the face's own spelling. */
  readonly parameter: string
}

/**
 * How long an order lasts that starts now. Years are those of the calendar; both ends count, so a year ends a second
 * before the same time of the next one.
 *
 * @throws Fault expiration_choice_not_allowed for days or a date where product or account have years alone;
 *   parameter_invalid for years the product does not have, a date that is over or no date, or more than its longest
 */
export function orderPeriod(wish: ValidityWish, rules: OrderPeriodRules): OrderPeriod {
  const { product, now, parameter } = rules
  const { orderYears } = product
  if ('years' in wish && !orderYears.includes(wish.years)) {
    const reason = `${product.nameId} lasts ${orderYears.join(', ')} years`
    throw new Fault('parameter_invalid', { parameter, reason })
  }
  if (!('years' in wish) && !(product.customExpiration && rules.policy.customExpirationDates)) {
    throw new Fault('expiration_choice_not_allowed', {})
  }
  const validFrom = wholeSeconds(now)
  const validUntil = endOf(wish, validFrom, parameter)
  if (validUntil < validFrom) {
    throw new Fault('parameter_invalid', { parameter, reason: 'ends before it starts' })
  }
  // No years of the product are longer than its most.
  if ('years' in wish) return { validFrom, validUntil }
  const longest = addYears(validFrom, Math.max(...orderYears)) - secondMs
  if (lastDay(validUntil) > lastDay(longest)) {
    const reason = `ends after ${dateOf(longest)}`
    throw new Fault('parameter_invalid', { parameter, reason })
  }
  return { validFrom, validUntil: Math.min(validUntil, longest) }
}

/** How long a certificate is asked to be, for `issueCertificate`. */
export type CertificateValidity = { readonly lifetimeDays: number } | { readonly notAfter: Instant }

/** What the validity of an order's certificate is judged by. */
export interface CertificateValidityRules {
  readonly product: Pick<Product, 'maximumLifetimeDays'>
  readonly profile: Pick<LeafProfile, 'maximumLifetimeDays'>
  readonly now: Instant
  /** How far notBefore will lie before now, in milliseconds. */
  readonly backdateMs: number
  /** The end of the order. */
  readonly validUntil: Instant
  /** The parameter the wish came in. */
  readonly parameter: string
}

/**
 * How long the next certificate of an order is. Whoever wishes for more than a certificate may have gets the longest:
 * a plan of several years is served by certificates one after the other (case V2). None outlives its order.
 *
 * @param wish null: as long as may be
 * @throws Fault order_validity_exceeded for a wish beyond the order, or when the order is over; parameter_invalid
 *   for a date that is over or no date
 */
export function certificateValidity(
  wish: ValidityWish | null,
  rules: CertificateValidityRules,
): CertificateValidity {
  const { now, validUntil, parameter } = rules
  const start = wholeSeconds(now)
  if (start > validUntil) throw exceeded(validUntil)
  const maximum = rules.product.maximumLifetimeDays
  const days = Math.min(maximum, longestLifetimeDays(rules.profile.maximumLifetimeDays, now) ?? maximum)
  const notBefore = wholeSeconds(now - rules.backdateMs)
  const longest = notBefore + days * dayMs - secondMs
  if (wish === null) {
    return longest <= validUntil ? { lifetimeDays: days } : { notAfter: validUntil }
  }
  const wished = endOf(wish, 'days' in wish ? notBefore : start, parameter)
  if (wished < start) throw new Fault('parameter_invalid', { parameter, reason: 'ends before it starts' })
  // A date means the whole of its day, and an order may end in the middle of one.
  if (lastDay(wished) > lastDay(validUntil)) throw exceeded(validUntil)
  if (Math.min(wished, validUntil) >= longest) return { lifetimeDays: days }
  return 'days' in wish && wished <= validUntil
    ? { lifetimeDays: wish.days }
    : { notAfter: Math.min(wished, validUntil) }
}

function endOf(wish: ValidityWish, start: Instant, parameter: string): Instant {
  if ('years' in wish) return addYears(start, whole(wish.years, parameter)) - secondMs
  if ('days' in wish) return start + whole(wish.days, parameter) * dayMs - secondMs
  const midnight = Date.parse(`${wish.date}T00:00:00Z`)
  // Dates that do not exist are carried into the next month by some parsers and refused by others.
  if (Number.isNaN(midnight) || dateOf(midnight) !== wish.date) {
    throw new Fault('parameter_invalid', { parameter, reason: 'not a date such as 2027-03-31' })
  }
  return midnight + dayMs - secondMs
}

/** No wish is longer: dates stay within what can be computed and written. */
const MOST = 100_000

function whole(count: number, parameter: string): number {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST) {
    throw new Fault('parameter_invalid', { parameter, reason: `not a whole number from 1 to ${MOST}` })
  }
  return count
}

/** The same time of day that many years on; from 29 February to 28 February where there is none. */
function addYears(instant: Instant, years: number): Instant {
  const date = new Date(instant)
  const month = date.getUTCMonth()
  date.setUTCFullYear(date.getUTCFullYear() + years)
  if (date.getUTCMonth() !== month) date.setUTCDate(0)
  return date.getTime()
}

/** Number of the UTC day an instant lies in. */
function lastDay(instant: Instant): number {
  return Math.floor(instant / dayMs)
}

function dateOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10)
}

function exceeded(validUntil: Instant): Fault {
  return new Fault('order_validity_exceeded', { limit: dateOf(validUntil) })
}
