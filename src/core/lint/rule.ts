import type { CertificateView } from './certificate-view.ts'

export type Severity = 'error' | 'warning'

/** One defect of a certificate, CRL or OCSP response. */
export interface Finding {
  /** Stable name of the rule, in kebab-case. */
  readonly rule: string
  readonly severity: Severity
  /** Where the rule stands: document and section. */
  readonly section: string
  /** What was found, for an operator; one line. */
  readonly detail: string
}

/**
 * Whose rule it is. `rfc`: RFC 5280 and what it builds on, for every certificate. `tls`, `ev`, `code-signing`,
 * `smime`: the CA/Browser Forum's requirements for that kind. `etsi`: EN 319 412. `root-program`: Mozilla and
 * Apple. `craft`: no document forbids it, but it is always a mistake.
 */
export type RuleFamily = 'rfc' | 'tls' | 'ev' | 'code-signing' | 'smime' | 'etsi' | 'root-program' | 'craft'

/**
 * When a rule has to run. `template`: what it looks at is the same in all certificates of a template.
 * `certificate`: it differs from one to the next. `full`: only in a full lint, because issuance has other checks
 * for it (weak keys) or no signature yet.
 */
export type RuleScope = 'template' | 'certificate' | 'full'

export interface Rule {
  readonly id: string
  readonly family: RuleFamily
  readonly severity: Severity
  readonly section: string
  readonly scope: RuleScope
  /** Certificates whose notBefore lies in [from, until) are held to it; milliseconds since 1970. */
  readonly from?: number
  readonly until?: number
  /** Certificates it is about; absent: all. */
  readonly applies?: (certificate: CertificateView) => boolean
  /** What is wrong, in one line; undefined when nothing is. May throw DerError on what cannot be read. */
  readonly check: (certificate: CertificateView) => string | undefined
}

/** A rule before its table fills in what its rules share. */
export type RuleEntry = Omit<Rule, 'family' | 'severity' | 'scope' | 'applies' | 'section'> &
  Partial<Pick<Rule, 'severity' | 'scope' | 'applies' | 'section'>>

/** The rules of one table: `shared` holds for every entry that does not say otherwise. */
export function ruleTable(
  shared: Pick<Rule, 'family' | 'section' | 'scope'> & Partial<Pick<Rule, 'applies' | 'severity' | 'from'>>,
  entries: readonly RuleEntry[],
): readonly Rule[] {
  return entries.map((entry) => Object.freeze({ severity: 'error' as const, ...shared, ...entry }))
}

/** Midnight UTC of a date such as `2026-03-15`. */
export function day(text: string): number {
  return Date.parse(`${text}T00:00:00Z`)
}
