import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isSmime, kindOf, smimePolicies, smimePolicyOf } from '../classification.ts'
import { day, ruleTable } from '../rule.ts'
import { beyond, isEcKey, isRsaKey, usage } from './key-usage.ts'
import { keyAlgorithm } from './keys.ts'

/** S/MIME BR section 7.1.2.3: extensions of a subscriber's certificate. */

const adobe = { timestamp: '1.2.840.113583.1.1.9.1', archiveRevocation: '1.2.840.113583.1.1.9.2' }
const lei = { identifier: '1.3.6.1.4.1.52266.1', role: '1.3.6.1.4.1.52266.2' }
const qcStatements = '1.3.6.1.5.5.7.1.3'

const isStrict = (certificate: CertificateView): boolean =>
  smimePolicyOf(certificate)?.generation === 'strict'
const isLenient = (certificate: CertificateView): boolean => isSmime(certificate) && !isStrict(certificate)

const signing = usage.digitalSignature | usage.nonRepudiation

export const smimeRules = ruleTable(
  { family: 'smime', section: 'S/MIME BR section 7.1.2.3', scope: 'template', applies: isSmime },
  [
    {
      id: 'smime-one-policy',
      section: 'S/MIME BR section 7.1.6.4',
      applies: (certificate) => kindOf(certificate) === 'smime',
      check: (certificate) => {
        const count = smimePolicies(certificate).length
        return count === 1 ? undefined : `${count} reserved policies`
      },
    },
    {
      id: 'smime-legacy-retired',
      section: 'S/MIME BR section 7.1.6.4',
      from: day('2025-07-15'),
      check: (certificate) =>
        smimePolicyOf(certificate)?.generation === 'legacy' ? 'a legacy policy' : undefined,
    },
    {
      id: 'smime-purposes',
      check: ({ extKeyUsage }) => {
        if (extKeyUsage === undefined || !extKeyUsage.includes(oids.emailProtection))
          return 'no emailProtection'
        const odd = extKeyUsage.find((purpose) => forbiddenPurposes.has(purpose))
        return odd === undefined ? undefined : `purpose ${odd}`
      },
    },
    {
      id: 'smime-strict-purposes',
      applies: isStrict,
      check: ({ extKeyUsage = [] }) =>
        extKeyUsage.length > 1 ? 'purposes beside emailProtection' : undefined,
    },
    {
      id: 'smime-authority-key-identifier',
      check: (certificate) => {
        const extension = certificate.extension(oids.authorityKeyIdentifier)
        const identifier = certificate.authorityKeyIdentifier
        if (extension === undefined || identifier?.keyIdentifier === undefined) return 'no keyIdentifier'
        if (extension.critical) return 'critical'
        return identifier.hasIssuer || identifier.hasSerialNumber
          ? 'issuer or serial number inside'
          : undefined
      },
    },
    {
      id: 'smime-rsa-key-usage',
      scope: 'certificate',
      applies: (certificate) => isSmime(certificate) && isRsaKey(certificate),
      check: (certificate) => {
        const enciphering = usage.keyEncipherment | (isStrict(certificate) ? 0 : usage.dataEncipherment)
        return usageProblem(certificate, signing | enciphering, usage.keyEncipherment)
      },
    },
    {
      id: 'smime-ec-key-usage',
      scope: 'certificate',
      applies: (certificate) => isSmime(certificate) && isEcKey(certificate),
      check: (certificate) =>
        usageProblem(
          certificate,
          signing | usage.keyAgreement | usage.encipherOnly | usage.decipherOnly,
          usage.keyAgreement,
        ),
    },
    {
      id: 'smime-edwards-key-usage',
      scope: 'certificate',
      applies: (certificate) => isSmime(certificate) && edwards.has(keyAlgorithm(certificate)),
      check: (certificate) => usageProblem(certificate, signing, 0),
    },
    {
      id: 'smime-adobe-not-critical',
      applies: isLenient,
      check: (certificate) =>
        Object.values(adobe).some((oid) => certificate.extension(oid)?.critical === true)
          ? 'critical Adobe extension'
          : undefined,
    },
    {
      id: 'smime-strict-no-adobe',
      applies: isStrict,
      check: (certificate) =>
        Object.values(adobe).some((oid) => certificate.has(oid)) ? 'Adobe extension present' : undefined,
    },
    {
      id: 'smime-legal-entity-identifier',
      check: leiProblem,
    },
    {
      id: 'smime-statements-not-critical',
      check: (certificate) =>
        certificate.extension(qcStatements)?.critical === true ? 'critical' : undefined,
    },
  ],
)

const edwards: ReadonlySet<string> = new Set([oids.ed25519, '1.3.101.113'])

const forbiddenPurposes: ReadonlySet<string> = new Set([
  oids.serverAuth,
  oids.codeSigning,
  oids.timeStamping,
  oids.anyExtendedKeyUsage,
])

/** Signing, key management or both; other bits for neither. */
function usageProblem(
  { keyUsage }: CertificateView,
  allowed: number,
  management: number,
): string | undefined {
  if (keyUsage === undefined) {
    return 'absent'
  }
  const odd = beyond(keyUsage, allowed)
  if (odd !== undefined) {
    return odd
  }
  return (keyUsage & (usage.digitalSignature | management)) === 0
    ? 'neither signing nor key management'
    : undefined
}

function leiProblem(certificate: CertificateView): string | undefined {
  const type = smimePolicyOf(certificate)?.type
  const identifier = certificate.extension(lei.identifier)
  const role = certificate.extension(lei.role)
  if (identifier === undefined && role === undefined) {
    return undefined
  }
  if (identifier?.critical === true || role?.critical === true) {
    return 'critical'
  }
  if (type === 'individual' || type === 'mailbox') {
    return `present in a ${type}-validated certificate`
  }
  return type === 'organization' && role !== undefined
    ? 'role in an organization-validated certificate'
    : undefined
}
