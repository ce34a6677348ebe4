import { checkDer } from './der/check.ts'
import { PkiError } from './errors.ts'
import { parseIssuerAltName, parseSubjectAltName } from './extensions/alternative-names.ts'
import { parseAuthorityInformationAccess } from './extensions/authority-information-access.ts'
import { parseBasicConstraints } from './extensions/basic-constraints.ts'
import { parseCertificatePolicies } from './extensions/certificate-policies.ts'
import { parseCtPoison } from './extensions/certificate-transparency.ts'
import { parseCrlDistributionPoints } from './extensions/crl-distribution-points.ts'
import { parseExtendedKeyUsage } from './extensions/extended-key-usage.ts'
import type { Extension } from './extensions/extension.ts'
import { parseAuthorityKeyIdentifier, parseSubjectKeyIdentifier } from './extensions/key-identifiers.ts'
import { parseKeyUsage } from './extensions/key-usage.ts'
import { parseNameConstraints } from './extensions/name-constraints.ts'
import { parseNetscapeCertType } from './extensions/netscape-cert-type.ts'
import { oids } from './oids.ts'

/** The extensions whose values are read when a request asks for them. */
const parsers: ReadonlyMap<string, (value: Uint8Array) => unknown> = new Map<
  string,
  (value: Uint8Array) => unknown
>([
  [oids.authorityInfoAccess, parseAuthorityInformationAccess],
  [oids.authorityKeyIdentifier, parseAuthorityKeyIdentifier],
  [oids.basicConstraints, parseBasicConstraints],
  [oids.certificatePolicies, parseCertificatePolicies],
  [oids.crlDistributionPoints, parseCrlDistributionPoints],
  [oids.ctPoison, parseCtPoison],
  [oids.extKeyUsage, parseExtendedKeyUsage],
  [oids.issuerAltName, parseIssuerAltName],
  [oids.keyUsage, parseKeyUsage],
  [oids.nameConstraints, parseNameConstraints],
  [oids.netscapeCertType, parseNetscapeCertType],
  [oids.subjectAltName, parseSubjectAltName],
  [oids.subjectKeyIdentifier, parseSubjectKeyIdentifier],
])

/** What to do with a request for an extension that is critical and unknown. */
export type UnknownCritical = 'refuse' | 'keep'

/**
 * Refuses an extension whose value is not of its type, also where the profile would drop it: a request with
 * two readings is not acted on. Values of unknown extensions are opaque. Raises what the parsers raise, and
 * PkiError `extension_unknown_critical`.
 */
export function checkRequestedExtension(extension: Extension, unknownCritical: UnknownCritical): void {
  const parse = parsers.get(extension.oid)
  if (parse !== undefined) {
    checkDer(extension.value)
    parse(extension.value)
  } else if (extension.critical && unknownCritical === 'refuse') {
    throw new PkiError('extension_unknown_critical', { oid: extension.oid })
  }
}
