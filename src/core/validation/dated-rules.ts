import type { Strictness } from '../authorities/authority.ts'
import type { Instant } from '../brand.ts'
import type { ControlEvidence, EvidenceMethod } from '../domains/domain.ts'

const dayMs = 86_400_000

/** A figure that holds from an instant on, until the next one of its table does. */
interface Dated {
  readonly from: Instant
  readonly days: number
}

const day = (text: string): Instant => Date.parse(`${text}T00:00:00Z`)

/** How long a proof of control may be used again (Baseline Requirements 4.2.1, ballot SC-081). */
const publicReuse: readonly Dated[] = [
  { from: Number.NEGATIVE_INFINITY, days: 825 },
  { from: day('2021-10-01'), days: 398 },
  { from: day('2026-03-15'), days: 200 },
  { from: day('2027-03-15'), days: 100 },
  { from: day('2029-03-15'), days: 10 },
]

/** From when on a method proves nothing for public TLS; absent: no end is set (ballot SC-090). */
const publicMethodEnds: Partial<Readonly<Record<EvidenceMethod, Instant>>> = {
  email: day('2028-03-15'),
}

function figureAt(table: readonly Dated[], now: Instant): number {
  const current = table.findLast(({ from }) => from <= now)
  if (current === undefined) throw new RangeError('no figure for this instant')
  return current.days
}

/**
 * Days that a proof of control may be used again.
 *
 * @param configuredDays the operator's own limit, which never extends that of public TLS; undefined: none
 */
export function reuseDays(strictness: Strictness, now: Instant, configuredDays?: number): number {
  const configured = configuredDays ?? Number.POSITIVE_INFINITY
  return strictness === 'public-tls' ? Math.min(figureAt(publicReuse, now), configured) : configured
}

/** Whether a method may be relied on now, be its proof new or old. */
export function isMethodOpen(method: EvidenceMethod, strictness: Strictness, now: Instant): boolean {
  const end = strictness === 'public-tls' ? publicMethodEnds[method] : undefined
  return end === undefined || now < end
}

/** The first instant at which a proof may no longer be used, by the rules of now; infinite without a limit. */
export function usableUntil(
  { at, method }: Pick<ControlEvidence, 'at' | 'method'>,
  strictness: Strictness,
  now: Instant,
  configuredDays?: number,
): Instant {
  const end = strictness === 'public-tls' ? publicMethodEnds[method] : undefined
  return Math.min(at + reuseDays(strictness, now, configuredDays) * dayMs, end ?? Number.POSITIVE_INFINITY)
}
