import type { Instant } from '../brand.ts'
import type { OrganizationValidation, ValidationType } from './organization.ts'

const dayMs = 86_400_000

/** Days that hold from an instant on, until those of the next row do. */
interface Dated {
  readonly from: Instant
  readonly days: number
}

const always = (days: number): readonly Dated[] => [{ from: Number.NEGATIVE_INFINITY, days }]

/**
 * How long what was found out about an organization may be used again: TLS Baseline Requirements 4.2.1 (ballot SC-081
 * for the second figure), EV Guidelines 11.14.3, Code Signing and S/MIME Baseline Requirements 4.2.1. Private products
 * and document signing follow the longest of them, grids the 13 months of the IGTF.
 */
const reuse: Readonly<Record<ValidationType, readonly Dated[]>> = {
  ov: [...always(825), { from: Date.parse('2026-03-15T00:00:00Z'), days: 398 }],
  ev: always(398),
  cs: always(825),
  ev_cs: always(398),
  ds: always(825),
  smime: always(825),
  grid: always(395),
  private_ssl: always(825),
}

/** Longest validation of a type by the rules of now, in days. */
export function reuseDaysOf(type: ValidationType, now: Instant): number {
  const current = reuse[type].findLast(({ from }) => from <= now)
  if (current === undefined) throw new RangeError('no figure for this instant')
  return current.days
}

/** The first instant at which a validation does not hold by the rules of now; null: it never held. */
export function endOfValidation(
  {
    type,
    validatedAt,
    validatedUntil,
  }: Pick<OrganizationValidation, 'type' | 'validatedAt' | 'validatedUntil'>,
  now: Instant,
): Instant | null {
  if (validatedAt === null || validatedUntil === null) return null
  return Math.min(validatedUntil, validatedAt + reuseDaysOf(type, now) * dayMs)
}

/** What a validation is worth now: nothing stored ends by itself. */
export function statusOf(validation: OrganizationValidation, now: Instant): OrganizationValidation['status'] {
  if (validation.status !== 'active') return validation.status
  const end = endOfValidation(validation, now)
  return end === null || end <= now ? 'expired' : 'active'
}
