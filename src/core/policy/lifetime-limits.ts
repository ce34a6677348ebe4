import type { Instant } from '../brand.ts'

/** The longest lifetime of what is signed from an instant on, both ends counted. */
export interface LifetimeLimit {
  readonly from: Instant
  readonly days: number
}

/** TLS BR section 6.3.2, oldest first (case V2). */
export const publicTlsLifetimes: readonly LifetimeLimit[] = [
  { from: Date.UTC(2020, 8, 1), days: 398 },
  { from: Date.UTC(2026, 2, 15), days: 200 },
  { from: Date.UTC(2027, 2, 15), days: 100 },
  { from: Date.UTC(2029, 2, 15), days: 47 },
]

/**
 * The limit in force when something is signed.
 * @param limits of one length for all times, dated with the oldest first, or none. Before the oldest date its limit
 *   counts too: a clock that far back is wrong, not free of rules.
 */
export function longestLifetimeDays(
  limits: number | readonly LifetimeLimit[] | undefined,
  signedAt: Instant,
): number | undefined {
  if (limits === undefined || typeof limits === 'number') return limits
  return (limits.findLast(({ from }) => from <= signedAt) ?? limits[0])?.days
}
