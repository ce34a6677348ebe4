import type { Instant } from './brand.ts'

const dayMs = 86_400_000

/** Start of a day written `YYYY-MM-DD`, in UTC; undefined when there is no such day. */
export function parseDay(text: string): Instant | undefined {
  const start = text.length === 10 ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(start)) return undefined
  // The 30th of February parses, as another day.
  return new Date(start).toISOString().startsWith(text) ? start : undefined
}

/**
 * Milliseconds of a date-time (RFC 3339); undefined when it has no such day, which the language's own reading takes for
 * another one. How it may be written is for the caller to say.
 */
export function parseDateTime(text: string): Instant | undefined {
  if (parseDay(text.slice(0, 10)) === undefined) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** The UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Whether a last day, whole and in UTC, lies behind; null never does, what is no day always. */
export function isDayOver(endDate: string | null, now: Instant): boolean {
  if (endDate === null) return false
  const lastDay = parseDay(endDate)
  return lastDay === undefined || now >= lastDay + dayMs
}
