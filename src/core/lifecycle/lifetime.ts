import type { Instant } from '../brand.ts'

export const lifetimeUnits = ['years', 'months', 'days', 'hours', 'minutes'] as const
export type LifetimeUnit = (typeof lifetimeUnits)[number]

/** How long a certificate lives. */
export interface Lifetime {
  readonly unit: LifetimeUnit
  /** A positive whole number. */
  readonly duration: number
}

const secondMs = 1_000
const fixed = { days: 86_400_000, hours: 3_600_000, minutes: 60_000 } as const

/**
 * The last instant of a lifetime that begins now; both ends count (RFC 5280 section 4.1.2.5). Years and months go by
 * the calendar: where the day does not exist in the last month, its last day counts.
 */
export function endOfLifetime(start: Instant, { unit, duration }: Lifetime): Instant {
  const begin = Math.floor(start / secondMs) * secondMs
  if (unit === 'days' || unit === 'hours' || unit === 'minutes') {
    return begin + duration * fixed[unit] - secondMs
  }
  return addMonths(begin, unit === 'years' ? 12 * duration : duration) - secondMs
}

function addMonths(start: Instant, months: number): Instant {
  const from = new Date(start)
  const day = from.getUTCDate()
  from.setUTCDate(1)
  from.setUTCMonth(from.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 0)).getUTCDate()
  return from.setUTCDate(Math.min(day, lastDay))
}
