import type { Instant } from '../brand.ts'
import { isDayOver, parseDay } from '../days.ts'
import { Fault } from '../faults.ts'

/**
 * A last day that lies ahead, today being one; null is no end.
 * @throws Fault parameter_invalid (`end_date`)
 */
export function requireComingDay(endDate: string | null, now: Instant): void {
  if (endDate !== null && parseDay(endDate) === undefined) {
    throw new Fault('parameter_invalid', { parameter: 'end_date', reason: 'not a day written YYYY-MM-DD' })
  }
  if (isDayOver(endDate, now)) {
    throw new Fault('parameter_invalid', { parameter: 'end_date', reason: 'in the past' })
  }
}
