import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { ruleTable } from '../rule.ts'
import { keyAlgorithm } from './keys.ts'

/** Bits of keyUsage, RFC 5280 section 4.2.1.3. */
export const usage = {
  digitalSignature: 1 << 0,
  nonRepudiation: 1 << 1,
  keyEncipherment: 1 << 2,
  dataEncipherment: 1 << 3,
  keyAgreement: 1 << 4,
  keyCertSign: 1 << 5,
  cRLSign: 1 << 6,
  encipherOnly: 1 << 7,
  decipherOnly: 1 << 8,
} as const

const signing = usage.digitalSignature | usage.nonRepudiation
const encipherment = usage.keyEncipherment | usage.dataEncipherment
const authority = usage.keyCertSign | usage.cRLSign

export function isRsaKey(certificate: CertificateView): boolean {
  const algorithm = keyAlgorithm(certificate)
  return algorithm === oids.rsaEncryption || algorithm === oids.rsassaPss
}

export function isEcKey(certificate: CertificateView): boolean {
  return keyAlgorithm(certificate) === oids.ecPublicKey
}

const pureSignature: ReadonlySet<string> = new Set([
  oids.ed25519,
  '1.3.101.113',
  oids.mlDsa44,
  oids.mlDsa65,
  oids.mlDsa87,
])

/** Names of the bits that are set in `bits` and not in `allowed`. */
export function beyond(bits: number, allowed: number): string | undefined {
  const names = Object.entries(usage)
    .filter(([, bit]) => (bits & bit & ~allowed) !== 0)
    .map(([name]) => name)
  return names.length === 0 ? undefined : names.join(', ')
}

/** What a key's algorithm allows differs from certificate to certificate of one template. */
export const keyUsageRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.2.1.3', scope: 'template' },
  [
    {
      id: 'key-cert-sign-with-ca',
      check: (certificate) =>
        ((certificate.keyUsage ?? 0) & usage.keyCertSign) !== 0 && !certificate.isCa
          ? 'keyCertSign without cA TRUE'
          : undefined,
    },
    {
      id: 'ca-key-usage-key-cert-sign',
      check: (certificate) =>
        certificate.isCa &&
        certificate.keyUsage !== undefined &&
        (certificate.keyUsage & usage.keyCertSign) === 0
          ? 'cA TRUE without keyCertSign'
          : undefined,
    },
    {
      id: 'key-usage-not-empty',
      check: ({ keyUsage }) => (keyUsage === 0 ? 'no bit is set' : undefined),
    },
    {
      id: 'encipher-only-with-key-agreement',
      check: ({ keyUsage = 0 }) =>
        (keyUsage & (usage.encipherOnly | usage.decipherOnly)) !== 0 && (keyUsage & usage.keyAgreement) === 0
          ? 'encipherOnly or decipherOnly without keyAgreement'
          : undefined,
    },
    {
      id: 'rsa-key-usage',
      section: 'RFC 3279 section 2.3.1',
      scope: 'certificate',
      applies: isRsaKey,
      check: (certificate) => beyond(certificate.keyUsage ?? 0, rsaAllowed(certificate)),
    },
    {
      id: 'rsa-ca-no-encipherment',
      section: 'RFC 3279 section 2.3.1',
      scope: 'certificate',
      applies: isRsaKey,
      check: ({ keyUsage = 0 }) =>
        (keyUsage & authority) !== 0 && (keyUsage & encipherment) !== 0
          ? 'certificate or CRL signing mixed with encipherment'
          : undefined,
    },
    {
      id: 'ec-key-usage',
      section: 'RFC 8813 section 3',
      scope: 'certificate',
      applies: isEcKey,
      check: ({ keyUsage = 0 }) => beyond(keyUsage & encipherment, 0),
    },
    {
      id: 'signature-key-usage',
      section: 'RFC 9295 section 3, RFC 9881 section 5',
      scope: 'certificate',
      applies: (certificate) => pureSignature.has(keyAlgorithm(certificate)),
      check: ({ keyUsage = 0 }) => beyond(keyUsage, signing | authority),
    },
    {
      id: 'key-usage-fits-purposes',
      section: 'RFC 5280 section 4.2.1.12',
      check: purposeProblem,
    },
    {
      id: 'time-stamping-alone',
      section: 'RFC 3161 section 2.3',
      check: (certificate) => {
        const purposes = certificate.extKeyUsage ?? []
        if (certificate.isCa || !purposes.includes(oids.timeStamping)) return undefined
        if (purposes.length > 1) return 'timeStamping beside other purposes'
        return certificate.extension(oids.extKeyUsage)?.critical === true ? undefined : 'not critical'
      },
    },
    {
      id: 'purposes-unique',
      section: 'RFC 5280 section 4.2.1.12',
      check: ({ extKeyUsage = [] }) =>
        new Set(extKeyUsage).size < extKeyUsage.length ? 'a purpose is listed twice' : undefined,
    },
  ],
)

function rsaAllowed(certificate: CertificateView): number {
  return certificate.isCa ? signing | encipherment | authority : signing | encipherment
}

/** Bits that are consistent with each purpose; one of them has to be there. */
const purposeBits: ReadonlyMap<string, number> = new Map([
  [oids.serverAuth, usage.digitalSignature | usage.keyEncipherment | usage.keyAgreement],
  [oids.clientAuth, usage.digitalSignature | usage.keyAgreement],
  [oids.codeSigning, usage.digitalSignature],
  [oids.emailProtection, signing | usage.keyEncipherment | usage.keyAgreement],
  [oids.timeStamping, signing],
  [oids.ocspSigning, signing],
])

/** Bits that some purpose of the certificate gives a meaning to, and each purpose needs one of its own. */
function purposeProblem({ keyUsage, extKeyUsage, isCa }: CertificateView): string | undefined {
  if (keyUsage === undefined || extKeyUsage === undefined || isCa) {
    return undefined
  }
  if (
    (keyUsage & usage.dataEncipherment) !== 0 &&
    (keyUsage & (usage.keyEncipherment | usage.keyAgreement)) === 0
  ) {
    return 'dataEncipherment without a way to manage keys fits no purpose'
  }
  for (const purpose of extKeyUsage) {
    const bits = purposeBits.get(purpose)
    if (bits !== undefined && (keyUsage & bits) === 0) {
      return `no keyUsage bit for purpose ${purpose}`
    }
  }
  return undefined
}
