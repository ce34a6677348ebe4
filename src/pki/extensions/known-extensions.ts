import { oids } from '../oids.ts'
import { parseIssuerAltName, parseSubjectAltName } from './alternative-names.ts'
import { parseAuthorityInformationAccess } from './authority-information-access.ts'
import { parseBasicConstraints } from './basic-constraints.ts'
import { parseCertificatePolicies } from './certificate-policies.ts'
import { parseCtPoison, parseSignedCertificateTimestamps } from './certificate-transparency.ts'
import { parseCrlDistributionPoints } from './crl-distribution-points.ts'
import { parseInvalidityDate, parseReasonCode } from './crl-entry.ts'
import { parseCrlNumber } from './crl-number.ts'
import { parseExtendedKeyUsage } from './extended-key-usage.ts'
import type { Extension } from './extension.ts'
import { parseIssuingDistributionPoint } from './issuing-distribution-point.ts'
import { parseAuthorityKeyIdentifier, parseSubjectKeyIdentifier } from './key-identifiers.ts'
import { parseKeyUsage } from './key-usage.ts'
import { parseNameConstraints } from './name-constraints.ts'
import { parseNetscapeCertType } from './netscape-cert-type.ts'
import { parseOcspNoCheck } from './ocsp-no-check.ts'

const parsers: ReadonlyMap<string, (value: Uint8Array) => unknown> = new Map<
  string,
  (value: Uint8Array) => unknown
>([
  [oids.authorityInfoAccess, parseAuthorityInformationAccess],
  [oids.authorityKeyIdentifier, parseAuthorityKeyIdentifier],
  [oids.basicConstraints, parseBasicConstraints],
  [oids.cRLNumber, parseCrlNumber],
  [oids.certificatePolicies, parseCertificatePolicies],
  [oids.crlDistributionPoints, parseCrlDistributionPoints],
  [oids.ctPoison, parseCtPoison],
  [oids.extKeyUsage, parseExtendedKeyUsage],
  // RFC 5280 section 4.2.1.15: the syntax of cRLDistributionPoints.
  [oids.freshestCrl, parseCrlDistributionPoints],
  [oids.invalidityDate, parseInvalidityDate],
  [oids.issuerAltName, parseIssuerAltName],
  [oids.issuingDistributionPoint, parseIssuingDistributionPoint],
  [oids.keyUsage, parseKeyUsage],
  [oids.nameConstraints, parseNameConstraints],
  [oids.netscapeCertType, parseNetscapeCertType],
  [oids.ocspNoCheck, parseOcspNoCheck],
  [oids.reasonCode, parseReasonCode],
  [oids.signedCertificateTimestamps, parseSignedCertificateTimestamps],
  [oids.subjectAltName, parseSubjectAltName],
  [oids.subjectKeyIdentifier, parseSubjectKeyIdentifier],
])

/**
 * Parses the value of an extension to see that it is sound; false for an extension this layer does not know.
 * Raises what the extension's parser raises: DerError, PkiError.
 */
export function checkExtensionValue(extension: Extension): boolean {
  const parse = parsers.get(extension.oid)
  parse?.(extension.value)
  return parse !== undefined
}
