import type { Instant } from './brand.ts'

/** The start of the second: what dates in certificates, CRLs and OCSP answers can say (RFC 5280 section 4.1.2.5). */
export function wholeSeconds(instant: Instant): Instant {
  return Math.floor(instant / 1_000) * 1_000
}
