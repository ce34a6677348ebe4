import type { ExtensionSlot } from '../../pki/certificate-template.ts'
import { encodeIssuerAltName, encodeSubjectAltName } from '../../pki/extensions/alternative-names.ts'
import { encodeAuthorityInformationAccess } from '../../pki/extensions/authority-information-access.ts'
import { encodeBasicConstraints } from '../../pki/extensions/basic-constraints.ts'
import { encodeCertificatePolicies } from '../../pki/extensions/certificate-policies.ts'
import { encodeCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts'
import { encodeExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts'
import type { Extension } from '../../pki/extensions/extension.ts'
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
} from '../../pki/extensions/key-identifiers.ts'
import { encodeKeyUsage } from '../../pki/extensions/key-usage.ts'
import { encodeNameConstraints, type NameConstraints } from '../../pki/extensions/name-constraints.ts'
import { encodeNetscapeCertType } from '../../pki/extensions/netscape-cert-type.ts'
import { encodeOcspNoCheck } from '../../pki/extensions/ocsp-no-check.ts'
import { oids } from '../../pki/oids.ts'
import type { AuthorityId } from '../brand.ts'
import { crlUrl } from '../status/crl-shards.ts'
import type { AuthorityProfile, KeyClass, LeafProfile, ResponderProfile } from './profile.ts'

/** What the extensions of a certificate say about its issuer. */
export interface IssuerFacts {
  readonly id: AuthorityId
  readonly keyIdentifier: Uint8Array
  readonly crlShards: number
  /** Base address of the status services, without a trailing slash. */
  readonly publicUrl: string
}

/**
 * The extension set of a leaf profile below one issuer.
 * @param shard of the CRL that will list the certificate when it is revoked
 */
export function leafExtensions(
  profile: LeafProfile,
  keyClass: KeyClass,
  issuer: IssuerFacts,
  shard: number,
): readonly (Extension | ExtensionSlot)[] {
  return [
    encodeAuthorityKeyIdentifier(issuer.keyIdentifier),
    'subjectKeyIdentifier',
    encodeKeyUsage(profile.keyUsage.usages[keyClass], profile.keyUsage.critical),
    encodeBasicConstraints({ cA: false }, profile.keyUsage.critical),
    ...(profile.extKeyUsage.length > 0 ? [encodeExtendedKeyUsage(profile.extKeyUsage)] : []),
    ...policiesOf(profile),
    ...(profile.netscapeCertType
      ? [encodeNetscapeCertType(['sslClient', 'sslServer', 'smime', 'objectSigning'])]
      : []),
    'subjectAltName',
    ...statusPointers(issuer, shard),
  ]
}

/** What a CA certificate says beside its profile. */
export interface AuthorityExtensionFacts {
  readonly keyIdentifier: Uint8Array
  /** The issuer above; undefined for a self-signed root, which points nowhere. */
  readonly issuer: IssuerFacts | undefined
  /** Shard of the issuer's CRL. */
  readonly shard: number
  readonly nameConstraints: NameConstraints | undefined
  /** Address written into subject and issuer alternative name, as the TinyCert service does; or undefined. */
  readonly contactEmail: string | undefined
}

export function authorityExtensions(
  profile: AuthorityProfile,
  keyClass: KeyClass,
  facts: AuthorityExtensionFacts,
): readonly Extension[] {
  const { issuer, nameConstraints, pathLenConstraint, contactEmail } = { ...profile, ...facts }
  const contact = contactEmail === undefined ? [] : [{ type: 'email' as const, value: contactEmail }]
  return [
    ...(issuer === undefined ? [] : [encodeAuthorityKeyIdentifier(issuer.keyIdentifier)]),
    encodeSubjectKeyIdentifier(facts.keyIdentifier),
    encodeKeyUsage(profile.keyUsage.usages[keyClass], profile.keyUsage.critical),
    encodeBasicConstraints(
      { cA: true, ...(pathLenConstraint === undefined ? {} : { pathLenConstraint }) },
      true,
    ),
    ...(profile.extKeyUsage === undefined ? [] : [encodeExtendedKeyUsage(profile.extKeyUsage)]),
    ...policiesOf(profile),
    ...(nameConstraints === undefined ? [] : [encodeNameConstraints(nameConstraints)]),
    ...(contact.length === 0 ? [] : [encodeSubjectAltName(contact, false), encodeIssuerAltName(contact)]),
    ...(issuer === undefined ? [] : statusPointers(issuer, facts.shard)),
  ]
}

/** RFC 6960 section 4.2.2.2: OCSPSigning alone, and nobody asks for the responder's own status. */
export function responderExtensions(
  profile: ResponderProfile,
  keyClass: KeyClass,
  facts: { readonly keyIdentifier: Uint8Array; readonly issuer: IssuerFacts },
): readonly Extension[] {
  return [
    encodeAuthorityKeyIdentifier(facts.issuer.keyIdentifier),
    encodeSubjectKeyIdentifier(facts.keyIdentifier),
    encodeKeyUsage(profile.keyUsage.usages[keyClass], profile.keyUsage.critical),
    encodeBasicConstraints({ cA: false }, true),
    encodeExtendedKeyUsage([oids.ocspSigning]),
    encodeOcspNoCheck(),
    encodeAuthorityInformationAccess({ caIssuers: [issuerUrl(facts.issuer)] }),
  ]
}

function policiesOf({ policies }: { readonly policies?: readonly string[] }): readonly Extension[] {
  if (policies === undefined) return []
  return [encodeCertificatePolicies(policies.map((policyIdentifier) => ({ policyIdentifier })))]
}

function statusPointers(issuer: IssuerFacts, shard: number): readonly Extension[] {
  return [
    encodeAuthorityInformationAccess({
      ocsp: [`${issuer.publicUrl}/ocsp/${issuer.id}`],
      caIssuers: [issuerUrl(issuer)],
    }),
    encodeCrlDistributionPoints([crlUrl(issuer, shard)]),
  ]
}

function issuerUrl(issuer: IssuerFacts): string {
  return `${issuer.publicUrl}/aia/${issuer.id}.crt`
}
