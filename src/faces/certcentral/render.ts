import type { Instant } from '../../core/brand.ts'

/** `2031-03-01T08:00:00+00:00` */
export function dateTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}

/** The UTC day, `2031-03-01` */
export function day(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** The same where there may be no time. */
export const dateTimeOrAbsent = (at: Instant | null): string | undefined =>
  at === null ? undefined : dateTime(at)

export const dayOrAbsent = (at: Instant | null): string | undefined => (at === null ? undefined : day(at))

/** Empty texts are left out of answers. */
export const textOrAbsent = (text: string): string | undefined => (text === '' ? undefined : text)
