import type { Instant } from '../../core/brand.ts'
import { dayMs } from './filter-bounds.ts'

/** Texts of days, by their number since 1970: the items of a list have few days between them. */
const days = new Map<number, string>()
const mostDays = 4_096

/** `2031-03-01T08:00:00+00:00` */
export function dateTime(at: Instant): string {
  const second = Math.floor((at - Math.floor(at / dayMs) * dayMs) / 1_000)
  const minute = Math.floor(second / 60)
  return `${day(at)}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second % 60)}+00:00`
}

/** The UTC day, `2031-03-01` */
export function day(at: Instant): string {
  const number = Math.floor(at / dayMs)
  const known = days.get(number)
  if (known !== undefined) return known
  const text = new Date(at).toISOString().slice(0, 10)
  if (days.size >= mostDays) days.clear()
  days.set(number, text)
  return text
}

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`)

/** The same where there may be no time. */
export const dateTimeOrAbsent = (at: Instant | null): string | undefined =>
  at === null ? undefined : dateTime(at)

export const dayOrAbsent = (at: Instant | null): string | undefined => (at === null ? undefined : day(at))

/** Empty texts are left out of answers. */
export const textOrAbsent = (text: string): string | undefined => (text === '' ? undefined : text)
