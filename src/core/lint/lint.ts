import { checkDer } from '../../pki/der/check.ts'
import { DerError } from '../../pki/der/errors.ts'
import type { Strictness } from '../authorities/authority.ts'
import { CertificateView } from './certificate-view.ts'
import { issuerFindings } from './issuer-rules.ts'
import type { Finding, Rule, RuleFamily, RuleScope } from './rule.ts'
import { problemOf } from './rules/problem.ts'
import { allRules } from './rules.ts'

export interface LintOptions {
  /** `public-tls` runs every rule; `private-tls` those of RFC 5280, and good practice as warnings. */
  readonly strictness: Strictness
  /** Rules that a grant or a profile departs from, by id. */
  readonly accepted?: ReadonlySet<string>
}

const privateFamilies: ReadonlySet<RuleFamily> = new Set(['rfc', 'craft'])

/**
 * Judges a certificate: its DER, then every rule of its strictness that is about certificates of its kind and
 * date. Nothing is assumed about where it comes from.
 *
 * @param issuerDer the issuer's certificate; with it the rules that compare the two run as well
 * @returns what was found, in the order of the rules; empty when nothing was
 */
export function lint(certificateDer: Uint8Array, options: LintOptions, issuerDer?: Uint8Array): Finding[] {
  const encoding = problemOf(() => checkDer(certificateDer))
  const findings: Finding[] =
    encoding === undefined
      ? []
      : [{ rule: 'der', severity: 'error', section: 'RFC 5280 section 4.1, X.690', detail: encoding }]
  try {
    const certificate = CertificateView.of(certificateDer)
    findings.push(...runRules(selectRules(options), certificate))
    if (issuerDer !== undefined) {
      findings.push(...issuerFindings(certificate, CertificateView.of(issuerDer)))
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    findings.push({
      rule: 'certificate-structure',
      severity: 'error',
      section: 'RFC 5280 section 4.1',
      detail: error.message,
    })
  }
  return findings
}

/** The rules that run under these options, of all scopes or of some. */
export function selectRules(options: LintOptions, scopes?: readonly RuleScope[]): readonly Rule[] {
  const isPublic = options.strictness === 'public-tls'
  return allRules
    .filter(
      ({ id, family, scope }) =>
        (isPublic || privateFamilies.has(family)) &&
        options.accepted?.has(id) !== true &&
        (scopes === undefined || scopes.includes(scope)),
    )
    .map((rule) => (rule.family === 'craft' && !isPublic ? { ...rule, severity: 'warning' } : rule))
}

export function runRules(rules: readonly Rule[], certificate: CertificateView): Finding[] {
  const findings: Finding[] = []
  const { instant } = certificate.notBefore
  for (const rule of rules) {
    if (
      (rule.from !== undefined && !(instant >= rule.from)) ||
      (rule.until !== undefined && instant >= rule.until)
    ) {
      continue
    }
    const detail = judge(rule, certificate)
    if (detail !== undefined) {
      findings.push({ rule: rule.id, severity: rule.severity, section: rule.section, detail })
    }
  }
  return findings
}

/**
 * A rule that meets bytes without structure says nothing: the rule about those bytes being well formed does. For
 * extensions nobody else parses, the failure is the finding.
 */
function judge(rule: Rule, certificate: CertificateView): string | undefined {
  try {
    return rule.applies === undefined || rule.applies(certificate) ? rule.check(certificate) : undefined
  } catch (error) {
    if (error instanceof DerError) {
      return `cannot be read: ${error.message}`
    }
    throw error
  }
}
