import { DerReader } from '../../../pki/der/reader.ts'
import { IA5_STRING } from '../../../pki/der/tags.ts'
import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import type { GeneralNameView } from '../extension-views.ts'
import { nameTags } from '../extension-views.ts'
import { day, type RuleEntry, ruleTable } from '../rule.ts'
import { isHostName } from './text.ts'

const notCritical: readonly [id: string, oid: string, section: string][] = [
  ['authority-information-access-not-critical', oids.authorityInfoAccess, 'RFC 5280 section 4.2.2.1'],
  ['subject-information-access-not-critical', oids.subjectInfoAccess, 'RFC 5280 section 4.2.2.2'],
  ['authority-key-identifier-not-critical', oids.authorityKeyIdentifier, 'RFC 5280 section 4.2.1.1'],
  ['subject-key-identifier-not-critical', oids.subjectKeyIdentifier, 'RFC 5280 section 4.2.1.2'],
  ['freshest-crl-not-critical', oids.freshestCrl, 'RFC 5280 section 4.2.1.15'],
  ['subject-directory-attributes-not-critical', '2.5.29.9', 'RFC 5280 section 4.2.1.8'],
]

const critical: readonly [id: string, oid: string, section: string][] = [
  ['policy-constraints-critical', oids.policyConstraints, 'RFC 5280 section 4.2.1.11'],
  ['inhibit-any-policy-critical', oids.inhibitAnyPolicy, 'RFC 5280 section 4.2.1.14'],
]

function criticality(rows: typeof critical, wanted: boolean): RuleEntry[] {
  return rows.map(([id, oid, section]) => ({
    id,
    section,
    check: (certificate: CertificateView) => {
      const extension = certificate.extension(oid)
      return extension === undefined || extension.critical === wanted
        ? undefined
        : wanted
          ? 'not critical'
          : 'critical'
    },
  }))
}

/** Extensions of RFC 5280 section 4.2, beside keyUsage and names. */
export const extensionRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.2', scope: 'template' },
  [
    ...criticality(notCritical, false),
    ...criticality(critical, true),
    {
      id: 'name-constraints-critical',
      section: 'RFC 5280 section 4.2.1.10',
      severity: 'warning',
      check: (certificate) =>
        certificate.extension(oids.nameConstraints)?.critical === false ? 'not critical' : undefined,
    },
    {
      id: 'authority-key-identifier-present',
      section: 'RFC 5280 section 4.2.1.1',
      check: (certificate) =>
        !certificate.isSelfIssued &&
        !certificate.has(oids.authorityKeyIdentifier) &&
        certificate.version === 2
          ? 'absent'
          : undefined,
    },
    {
      id: 'authority-key-identifier-keyid',
      section: 'RFC 5280 section 4.2.1.1',
      check: ({ authorityKeyIdentifier, isSelfIssued }) =>
        authorityKeyIdentifier !== undefined &&
        authorityKeyIdentifier.keyIdentifier === undefined &&
        !isSelfIssued
          ? 'no keyIdentifier'
          : undefined,
    },
    {
      id: 'subject-key-identifier-present',
      section: 'RFC 5280 section 4.2.1.2',
      check: (certificate) =>
        certificate.isCa && !certificate.has(oids.subjectKeyIdentifier) ? 'absent' : undefined,
    },
    {
      id: 'basic-constraints-critical',
      section: 'RFC 5280 section 4.2.1.9',
      check: (certificate) =>
        certificate.isCa && certificate.extension(oids.basicConstraints)?.critical === false
          ? 'not critical'
          : undefined,
    },
    {
      id: 'path-length-with-ca',
      section: 'RFC 5280 section 4.2.1.9',
      check: ({ basicConstraints, keyUsage }) =>
        basicConstraints?.pathLenConstraint !== undefined &&
        (!basicConstraints.ca || (keyUsage !== undefined && (keyUsage & (1 << 5)) === 0))
          ? 'pathLenConstraint without cA and keyCertSign'
          : undefined,
    },
    {
      id: 'path-length-not-negative',
      section: 'RFC 5280 section 4.2.1.9',
      check: ({ basicConstraints }) =>
        (basicConstraints?.pathLenConstraint?.[0] ?? 0) > 0x7f ? 'negative pathLenConstraint' : undefined,
    },
    {
      id: 'policies-unique',
      section: 'RFC 5280 section 4.2.1.4',
      check: ({ policies }) => {
        const seen = new Set(policies.map(({ oid }) => oid))
        return seen.size < policies.length ? 'a policy is listed twice' : undefined
      },
    },
    {
      id: 'any-policy-qualifiers',
      section: 'RFC 5280 section 4.2.1.4',
      check: ({ policies }) => {
        const any = policies.find(({ oid }) => oid === oids.anyPolicy)
        const odd = any?.qualifiers.find(({ oid }) => oid !== oids.cps && oid !== oids.userNotice)
        return odd === undefined ? undefined : `anyPolicy with qualifier ${odd.oid}`
      },
    },
    {
      id: 'user-notice-string-type',
      section: 'RFC 5280 section 4.2.1.4',
      check: ({ policies }) =>
        policies.some(({ qualifiers }) =>
          qualifiers.some(({ oid, der }) => oid === oids.userNotice && isIa5Notice(der)),
        )
          ? 'explicitText is an IA5String'
          : undefined,
    },
    {
      id: 'policy-constraints-not-empty',
      section: 'RFC 5280 section 4.2.1.11',
      check: (certificate) => {
        const value = certificate.extension(oids.policyConstraints)?.value
        return value !== undefined && DerReader.ofSequence(value).atEnd ? 'empty' : undefined
      },
    },
    {
      id: 'name-constraints-in-ca',
      section: 'RFC 5280 section 4.2.1.10',
      check: (certificate) =>
        certificate.has(oids.nameConstraints) && !certificate.isCa
          ? 'in a certificate that is no CA'
          : undefined,
    },
    {
      id: 'name-constraints-no-maximum',
      section: 'RFC 5280 section 4.2.1.10',
      check: (certificate) =>
        subtrees(certificate).some(({ hasMinimum, hasMaximum }) => hasMinimum || hasMaximum)
          ? 'minimum or maximum written'
          : undefined,
    },
    {
      id: 'name-constraints-uri-host',
      section: 'RFC 5280 section 4.2.1.10',
      check: (certificate) => {
        const odd = subtrees(certificate).find(
          ({ base }) => base.tag === nameTags.uri && !isHostConstraint(base),
        )
        return odd === undefined ? undefined : `URI constraint ${JSON.stringify(odd.base.text.slice(0, 80))}`
      },
    },
    {
      id: 'crl-distribution-point-named',
      section: 'RFC 5280 section 4.2.1.13',
      check: ({ crlDistributionPoints }) =>
        crlDistributionPoints.some(
          ({ fullNames, hasIssuer, hasReasons }) => hasReasons && fullNames.length === 0 && !hasIssuer,
        )
          ? 'a distribution point of reasons alone'
          : undefined,
    },
    {
      id: 'unknown-critical-extension',
      section: 'RFC 5280 section 4.2',
      severity: 'warning',
      from: day('2020-01-01'),
      check: ({ extensions }) => {
        const unknown = extensions.find(
          (extension) => extension.critical && !mayBeCritical.has(extension.oid),
        )
        return unknown === undefined ? undefined : `critical extension ${unknown.oid}`
      },
    },
  ],
)

const mayBeCritical: ReadonlySet<string> = new Set<string>([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extKeyUsage,
  oids.subjectAltName,
  oids.nameConstraints,
  oids.policyConstraints,
  oids.inhibitAnyPolicy,
  oids.certificatePolicies,
  oids.policyMappings,
  oids.ctPoison,
])

function subtrees({ nameConstraints }: CertificateView) {
  return nameConstraints === undefined ? [] : [...nameConstraints.permitted, ...nameConstraints.excluded]
}

/** A host name, or one with a leading dot for all below it. */
function isHostConstraint({ text }: GeneralNameView): boolean {
  const host = text.startsWith('.') ? text.slice(1) : text
  return isHostName(host) && host.includes('.')
}

function isIa5Notice(der: Uint8Array): boolean {
  const fields = DerReader.ofSequence(der)
  if (fields.peekTag() === 0x30) {
    fields.raw()
  }
  return fields.peekTag() === IA5_STRING
}
