import { hash, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../brand.ts'
import type { RandomValue } from '../domains/domain.ts'
import type { Random } from '../environment.ts'

/** RFC 4648 section 6 in lower case: a value is a DNS label, and labels do not keep their case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
/** One octet draws one character; its low five bits are evenly spread over the alphabet. */
const characters = 32

/** Longest life of a random value (TLS Baseline Requirements 3.2.2.4.7). */
export const longestLifeMs = 30 * 86_400_000

/** A new value of 160 random bits: 32 characters, usable as a DNS label. */
export function newRandomValue(random: Random, now: Instant, lifeMs = longestLifeMs): RandomValue {
  if (!(lifeMs > 0 && lifeMs <= longestLifeMs)) throw new RangeError('a random value lives 30 days at most')
  const drawn = random.bytes(characters)
  const value = Array.from(drawn, (octet) => alphabet[octet & 31]).join('')
  return { value, expiresAt: now + lifeMs }
}

/** The value there is, or a new one when that has expired. */
export function currentRandomValue(
  present: RandomValue | null,
  random: Random,
  now: Instant,
  lifeMs = longestLifeMs,
): RandomValue {
  return present !== null && now < present.expiresAt ? present : newRandomValue(random, now, lifeMs)
}

/** Whether two values are the same from the first to the last octet, in a time that tells nothing of either. */
export function isSameValue(expected: string | Uint8Array, found: string | Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', expected, 'buffer'), hash('sha256', found, 'buffer'))
}
