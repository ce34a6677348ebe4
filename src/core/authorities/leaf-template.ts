import {
  type CertificateTemplateOptions,
  compileCertificateTemplate,
} from '../../pki/certificate-template.ts'
import { encodeAlternativeNames } from '../../pki/extensions/alternative-names.ts'
import { encodeName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import { errorsOf, lintTemplate } from '../lint/lint-issuance.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import type { AuthorityRecord } from './authority.ts'
import type { LeafTemplate } from './issuer.ts'
import { lintDepartures } from './lint-departures.ts'

const SAMPLE_NAME = 'sample.example.com'
const SAMPLE_LIFETIME_MS = 86_400_000

/** Compiles the template of a profile below a CA and lints a sample of what it makes. */
export function compileLeafTemplate(
  authority: AuthorityRecord,
  profile: LeafProfile,
  extensions: CertificateTemplateOptions['extensions'],
): LeafTemplate {
  const template = compileCertificateTemplate({
    issuerDer: authority.subjectDer,
    signatureAlgorithm: authority.signatureAlgorithm,
    extensions,
  })
  const sample = template.tbs({
    serialNumber: Uint8Array.of(0x4c, ...new Uint8Array(15).fill(0xa5)),
    notBefore: authority.createdAt,
    notAfter: authority.createdAt + SAMPLE_LIFETIME_MS - 1_000,
    subjectDer: encodeName([{ type: oids.commonName, value: SAMPLE_NAME }]),
    spkiDer: authority.spkiDer,
    subjectAltName: encodeAlternativeNames([{ type: 'dns', value: SAMPLE_NAME }]),
    subjectKeyIdentifier: new Uint8Array(20).fill(0x5a),
  })
  const linted = lintTemplate(sample, {
    strictness: authority.strictness,
    accepted: lintDepartures(authority.grants, profile),
  })
  const fixedErrors = errorsOf(linted.findings).map((line) => `${profile.id}: ${line}`)
  return {
    ...template,
    lint: (tbsDer) => [...fixedErrors, ...errorsOf(linted.lint(tbsDer))],
  }
}
