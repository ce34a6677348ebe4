import type { Instant } from '../brand.ts'
import type { Order } from '../orders/order.ts'
import { longestLifeMs } from '../validation/random-value.ts'
import type { Domain, RandomValue, ValidationMethod } from './domain.ts'
import { isWaking } from './wake-orders.ts'

const minuteMs = 60_000
const soonestMs = 2 * minuteMs
const latestMs = 4 * 60 * minuteMs
/** What waits for people is looked at once in a while. */
const restingMs = 60 * minuteMs
const rarestMs = 24 * 60 * minuteMs

/**
 * When the background looks for a random value again: every two minutes at first, less often the longer nobody
 * published it, never again once it has expired. Checks that somebody asks for do not change this. Approval by mail waits
 * for people.
 */
export function nextLook(
  { method, randomValue }: { readonly method: ValidationMethod; readonly randomValue: RandomValue | null },
  now: Instant,
): Instant | null {
  if (method === 'email' || randomValue === null) return null
  if (now >= randomValue.expiresAt) return null
  const age = Math.max(0, now - (randomValue.expiresAt - longestLifeMs))
  return now + Math.min(latestMs, Math.max(soonestMs, Math.floor(age / 8)))
}

/** When mails are made that whoever submitted a domain could not make, or set orders going that he could not. */
export const repeatMs = 5 * minuteMs

/** When the background has something to do for a domain next; null: it waits for nobody but people. */
export function nextDomainLook(domain: Domain, now: Instant): Instant | null {
  if (!domain.isActive) return null
  const look = isSought(domain) ? nextLook(domain, now) : null
  const isLeft = domain.approvalWish !== null || isWaking(domain)
  return isLeft ? Math.min(now + repeatMs, look ?? Number.POSITIVE_INFINITY) : look
}

/** Whether the domain's random value is looked for: one that was made after the latest proof, or without any. */
export function isSought({ method, randomValue, evidence }: Domain): boolean {
  if (method === 'email' || randomValue === null) return false
  return evidence === null || evidence.at < randomValue.expiresAt - longestLifeMs
}

/**
 * When the background looks at an order next that may be issued. One that waits for no random value, or not for it any
 * more, may have been ready when a process ended or a CA could not be reached: it is tried anew less and less often, at
 * least once a day. One that waits for answers to mails begins with an hour.
 */
export function nextOrderLook(
  { methods, updatedAt }: Pick<Order, 'methods' | 'updatedAt'>,
  now: Instant,
): Instant {
  const isByMail = methods?.method === 'email'
  const look = methods === null ? null : nextLook(methods, now)
  const pause = Math.floor(Math.max(0, now - updatedAt) / 8)
  return look ?? now + Math.min(rarestMs, Math.max(isByMail ? restingMs : soonestMs, pause))
}
