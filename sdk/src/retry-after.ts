import { parseHttpDate } from './http-date.ts'

/**
 * How long a server asks to be left alone, in milliseconds (RFC 9110, section 10.2.3), at least 0. A date is read
 * against the server's own `Date` header, so that a clock that is wrong on either side does no harm; without that
 * header against `nowMs`.
 *
 * @param retryAfter value of `Retry-After`, seconds or a date
 * @param date value of `Date` in the same response
 * @returns nothing when there is no header or it makes no sense: then the client chooses
 */
export function retryAfterMs(
  retryAfter: string | null,
  date: string | null,
  nowMs: number,
): number | undefined {
  if (retryAfter === null) return undefined
  const text = retryAfter.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const until = parseHttpDate(text, nowMs)
  if (until === undefined) return undefined
  const serverNowMs = date === null ? undefined : parseHttpDate(date.trim(), nowMs)
  return Math.max(0, until - (serverNowMs ?? nowMs))
}
