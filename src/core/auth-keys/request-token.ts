import { createHmac } from 'node:crypto'
import type { Instant } from '../brand.ts'
import { isSameValue, longestLifeMs } from '../validation/random-value.ts'

/** `YYYYMMDDhhmmss` in UTC, then 256 bits to the base 36. */
const tokenForm = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})([0-9a-z]{50})$/
const digits = 50
/** Clocks of callers may run ahead by this much. */
const aheadMs = 5 * 60_000

/**
 * The request token of TLS Baseline Requirements 1.6.1: shows in one value that whoever controls the place holds the
 * account's AuthKey and means this request. `timestamp` + HMAC-SHA-256(key, timestamp + CSR), where the key is its 64
 * hex digits as text, the CSR is its DER in lower-case hex, and the HMAC is written to the base 36 with leading
 * zeros, 50 digits.
 *
 * @param timestamp `YYYYMMDDhhmmss`, UTC
 */
export function requestToken(authKey: string, timestamp: string, csrDer: Uint8Array): string {
  const csr = Buffer.from(csrDer).toString('hex')
  const mac = createHmac('sha256', authKey).update(`${timestamp}${csr}`).digest('hex')
  return `${timestamp}${BigInt(`0x${mac}`).toString(36).padStart(digits, '0')}`
}

/**
 * Whether a text that was found is a request token for this request: under one of the keys, no older than 30 days
 * and not from the future.
 */
export function isRequestToken(
  text: string,
  authKeys: readonly string[],
  csrDer: Uint8Array,
  now: Instant,
): boolean {
  const parts = tokenForm.exec(text)
  if (parts === null) return false
  const [, year, month, day, hours, minutes, seconds] = parts
  const made = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`)
  if (Number.isNaN(made) || made > now + aheadMs || now >= made + longestLifeMs) return false
  const timestamp = text.slice(0, -digits)
  return authKeys.some((key) => isSameValue(requestToken(key, timestamp, csrDer), text))
}
