import { oids } from '../../pki/oids.ts'
import { type CertificateView, safely } from './certificate-view.ts'

/** What a certificate is for decides which requirements it is held to. */
export type CertificateKind =
  | 'root-ca'
  | 'subordinate-ca'
  | 'ocsp-responder'
  | 'tls-server'
  | 'code-signing'
  | 'smime'
  | 'other'

/** Reserved policy identifiers of the CA/Browser Forum. */
export const reservedPolicies = {
  extendedValidation: '2.23.140.1.1',
  domainValidated: '2.23.140.1.2.1',
  organizationValidated: '2.23.140.1.2.2',
  individualValidated: '2.23.140.1.2.3',
  extendedValidationCodeSigning: '2.23.140.1.3',
  codeSigning: '2.23.140.1.4.1',
} as const

const smimePolicyArc = '2.23.140.1.5.'

/** The S/MIME type and generation a certificate states: 2.23.140.1.5.<type>.<generation>. */
export interface SmimePolicy {
  readonly type: 'mailbox' | 'organization' | 'sponsor' | 'individual'
  readonly generation: 'legacy' | 'multipurpose' | 'strict'
}

const smimeTypes = ['mailbox', 'organization', 'sponsor', 'individual'] as const
const smimeGenerations = ['legacy', 'multipurpose', 'strict'] as const

export function smimePolicyOf(certificate: CertificateView): SmimePolicy | undefined {
  return certificate.keep('smime-policy', () => smimePolicies(certificate)[0])
}

export function smimePolicies(certificate: CertificateView): SmimePolicy[] {
  const found: SmimePolicy[] = []
  for (const { oid } of safely(() => certificate.policies) ?? []) {
    if (oid.startsWith(smimePolicyArc)) {
      const [type, generation] = oid.slice(smimePolicyArc.length).split('.').map(Number)
      const typeName = smimeTypes[(type ?? 0) - 1]
      const generationName = smimeGenerations[(generation ?? 0) - 1]
      if (typeName !== undefined && generationName !== undefined) {
        found.push({ type: typeName, generation: generationName })
      }
    }
  }
  return found
}

export function kindOf(certificate: CertificateView): CertificateKind {
  return certificate.keep('kind', () => classify(certificate))
}

function classify(certificate: CertificateView): CertificateKind {
  const usage = safely(() => certificate.extKeyUsage)
  const policies = safely(() => certificate.policies) ?? []
  if (certificate.isCa) {
    return certificate.isSelfIssued ? 'root-ca' : 'subordinate-ca'
  }
  if (usage?.includes(oids.ocspSigning) === true) {
    return 'ocsp-responder'
  }
  const stated = (...wanted: string[]) => policies.some(({ oid }) => wanted.includes(oid))
  if (stated(generalWebPolicy)) {
    return 'other'
  }
  if (usage?.includes(oids.serverAuth) === true) {
    return 'tls-server'
  }
  if (usage?.includes(oids.codeSigning) === true) {
    return 'code-signing'
  }
  if (usage?.includes(oids.emailProtection) === true || smimePolicyOf(certificate) !== undefined) {
    return 'smime'
  }
  if (
    usage === undefined &&
    stated(reservedPolicies.codeSigning, reservedPolicies.extendedValidationCodeSigning)
  ) {
    return 'code-signing'
  }
  // A certificate without purposes is good for servers too, unless it is a person's or a seal.
  const forAnything = usage === undefined ? !isEtsi(certificate) : usage.includes(oids.anyExtendedKeyUsage)
  return forAnything ? 'tls-server' : 'other'
}

export const isTlsServer = (certificate: CertificateView): boolean => kindOf(certificate) === 'tls-server'
export const isCodeSigning = (certificate: CertificateView): boolean => kindOf(certificate) === 'code-signing'
export const isSmime = (certificate: CertificateView): boolean => smimePolicyOf(certificate) !== undefined
export const isRoot = (certificate: CertificateView): boolean => kindOf(certificate) === 'root-ca'
export const isSubordinate = (certificate: CertificateView): boolean =>
  kindOf(certificate) === 'subordinate-ca'
export const isAnyCa = (certificate: CertificateView): boolean => certificate.isCa
export const isResponder = (certificate: CertificateView): boolean => kindOf(certificate) === 'ocsp-responder'

/** Extended validation, by the reserved policy or one that CAs registered before it existed. */
export function isExtendedValidation(certificate: CertificateView): boolean {
  const policies = safely(() => certificate.policies) ?? []
  return isTlsServer(certificate) && policies.some(({ oid }) => extendedValidationPolicies.has(oid))
}

/** ETSI EN 319 411-2: web certificates that no browser trusts (QNCP-w-gen), not held to the Forum's requirements. */
const generalWebPolicy = '0.4.0.194112.1.6'

/** Policies of ETSI EN 319 411-1 and 411-2: EN 319 412 lifts some of RFC 5280's bounds for them. */
export function isEtsi(certificate: CertificateView): boolean {
  const policies = safely(() => certificate.policies) ?? []
  return policies.some(({ oid }) => oid.startsWith('0.4.0.194112.') || oid.startsWith('0.4.0.2042.'))
}

const extendedValidationPolicies: ReadonlySet<string> = new Set([
  reservedPolicies.extendedValidation,
  '2.16.840.1.114412.2.1',
  '2.16.840.1.114028.10.1.2',
  '2.16.840.1.114414.1.7.23.3',
  '2.16.840.1.114413.1.7.23.3',
  '1.3.6.1.4.1.6449.1.2.1.5.1',
  '1.3.6.1.4.1.4146.1.1',
  '2.16.840.1.113733.1.7.23.6',
  '1.3.6.1.4.1.8024.0.2.100.1.2',
  '1.3.6.1.4.1.36305.2',
  '1.3.6.1.4.1.34697.2.1',
  '2.16.756.1.89.1.2.1.1',
  '1.3.6.1.4.1.17326.10.14.2.1.2',
])
