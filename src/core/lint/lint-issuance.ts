import { CertificateView, type ExtensionView } from './certificate-view.ts'
import { type LintOptions, runRules, selectRules } from './lint.ts'
import type { Finding } from './rule.ts'
import { perCertificate } from './rules/structure.ts'

/**
 * What the certificates of one template share, found sound. Made once per template; `lintIssuance` then looks
 * only at what can differ.
 */
export interface LintedTemplate {
  readonly findings: readonly Finding[]
  /** Judges tbsCertificates of this template. */
  lint(tbsDer: Uint8Array): Finding[]
}

/**
 * Runs the rules about what all certificates of a template have in common, over one of them.
 *
 * The result's `lint` guarantees for each tbsCertificate the same as a full lint does, but for the rules that
 * need the signature and those that test the arithmetic of the key (policy/keys does). Fixed parts are not judged
 * again: they are compared octet for octet with the sample, and a difference is an error. What a rule says about
 * fixed parts must not depend on the fields that vary, which is why rules that look at both run each time.
 *
 * @param sampleTbsDer a tbsCertificate made from the template with any fields, with alternative names if the
 * template has their slot
 */
export function lintTemplate(sampleTbsDer: Uint8Array, options: LintOptions): LintedTemplate {
  const sample = new CertificateView(sampleTbsDer)
  const rules = selectRules(options, ['certificate'])
  const fixed = new Map(
    sample.extensions
      .filter(({ oid }) => !perCertificate.has(oid))
      .map((extension) => [extension.oid, extension.der]),
  )
  return {
    findings: runRules(selectRules(options, ['template']), sample),
    lint: (tbsDer) => {
      const certificate = new CertificateView(tbsDer)
      const findings = runRules(rules, certificate)
      const difference = differenceOf(certificate, sample, fixed)
      if (difference !== undefined) {
        findings.push({
          rule: 'template-kept',
          severity: 'error',
          section: 'issuing order',
          detail: `other ${difference} than the template that was linted`,
        })
      }
      return findings
    },
  }
}

function differenceOf(
  certificate: CertificateView,
  sample: CertificateView,
  fixed: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  if (certificate.version !== sample.version) return 'version'
  if (!equal(certificate.innerAlgorithmDer, sample.innerAlgorithmDer)) return 'signature algorithm'
  if (!equal(certificate.issuerDer, sample.issuerDer)) return 'issuer'
  let met = 0
  for (const extension of certificate.extensions) {
    if (!perCertificate.has(extension.oid)) {
      if (!isFixed(extension, fixed)) return `extension ${extension.oid}`
      met += 1
    }
  }
  return met === fixed.size ? undefined : 'set of extensions'
}

function isFixed(extension: ExtensionView, fixed: ReadonlyMap<string, Uint8Array>): boolean {
  const wanted = fixed.get(extension.oid)
  return wanted !== undefined && equal(extension.der, wanted)
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0
}

/**
 * Full lint of a certificate that is not signed yet, for those made once: CAs, responders. Runs everything but
 * the rules that need a signature.
 *
 * @returns one line for each error; warnings are left out
 */
export function lintUnsigned(tbsDer: Uint8Array, options: LintOptions): readonly string[] {
  return errorsOf(runRules(selectRules(options), new CertificateView(tbsDer)))
}

/** The errors as lines for a fault: rule and detail. */
export function errorsOf(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, detail }) => `${rule}: ${detail}`)
}
