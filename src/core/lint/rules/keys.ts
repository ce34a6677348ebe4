import { DerReader } from '../../../pki/der/reader.ts'
import { NULL } from '../../../pki/der/tags.ts'
import { oids } from '../../../pki/oids.ts'
import { parseSubjectPublicKeyInfo, type RsaPublicKeyInfo } from '../../../pki/spki.ts'
import { isFermatWeak } from '../../policy/keys/fermat.ts'
import { isRoca } from '../../policy/keys/roca.ts'
import { rsaNumbers } from '../../policy/keys/rsa-numbers.ts'
import { hasSmallFactor } from '../../policy/keys/small-factors.ts'
import type { CertificateView } from '../certificate-view.ts'
import { ruleTable } from '../rule.ts'
import { algorithmOid } from './algorithms.ts'
import { problemOf } from './problem.ts'

/** The subject's public key. */
export const keyRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.1.2.7', scope: 'certificate' },
  [
    {
      id: 'rsa-key-null-parameters',
      section: 'RFC 3279 section 2.3.1',
      check: ({ spkiDer }) => {
        const algorithm = DerReader.ofSequence(spkiDer).sequence()
        return algorithm.oid() === oids.rsaEncryption && algorithm.peekTag() !== NULL
          ? 'parameters are not NULL'
          : undefined
      },
    },
    {
      id: 'key-well-formed',
      check: ({ spkiDer }) => problemOf(() => parseSubjectPublicKeyInfo(spkiDer)),
    },
    {
      id: 'rsa-modulus-size',
      section: 'NIST SP 800-57 part 1 section 5.6, TLS BR section 6.1.5',
      check: (certificate) => {
        const key = rsaKey(certificate)
        return key !== undefined && key.bits < 2048 ? `modulus of ${key.bits} bits` : undefined
      },
    },
    {
      id: 'rsa-exponent',
      section: 'RFC 8017 section 3.1',
      check: (certificate) => {
        const exponent = rsaKey(certificate)?.exponent
        if (exponent === undefined) return undefined
        if (exponent.length === 1 && exponent[0] === 1) return 'exponent 1'
        return ((exponent.at(-1) ?? 0) & 1) === 0 ? 'even exponent' : undefined
      },
    },
    {
      id: 'rsa-weak',
      section: 'TLS BR section 6.1.1.3',
      scope: 'full',
      check: (certificate) => {
        const key = rsaKey(certificate)
        if (key === undefined || key.bits > 8192) return undefined
        const numbers = rsaNumbers(key)
        if (hasSmallFactor(numbers)) return 'small prime factor'
        if (isRoca(numbers)) return 'ROCA fingerprint'
        return isFermatWeak(numbers) ? 'primes found by Fermat factoring' : undefined
      },
    },
  ],
)

/** The algorithms and encodings that root programs accept. */
export const webKeyRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.3.1', scope: 'certificate' },
  [
    {
      id: 'web-key-algorithm',
      check: ({ spkiDer }) => {
        const oid = algorithmOid(DerReader.ofSequence(spkiDer).raw())
        return webKeyAlgorithms.has(oid) ? undefined : `key of algorithm ${oid}`
      },
    },
    {
      id: 'web-key-curve',
      section: 'TLS BR section 6.1.5',
      check: ({ spkiDer }) => {
        const algorithm = DerReader.ofSequence(spkiDer).sequence()
        if (algorithm.oid() !== oids.ecPublicKey) return undefined
        const curve = algorithm.peekTag() === 0x06 ? algorithm.oid() : 'explicit parameters'
        return webCurves.has(curve) ? undefined : `curve ${curve}`
      },
    },
  ],
)

const webKeyAlgorithms: ReadonlySet<string> = new Set([
  oids.rsaEncryption,
  oids.ecPublicKey,
  // S/MIME BR section 7.1.3.1.
  oids.ed25519,
  '1.3.101.113',
  oids.mlDsa44,
  oids.mlDsa65,
  oids.mlDsa87,
  '2.16.840.1.101.3.4.4.1',
  '2.16.840.1.101.3.4.4.2',
  '2.16.840.1.101.3.4.4.3',
])

const webCurves: ReadonlySet<string> = new Set([oids.secp256r1, oids.secp384r1, oids.secp521r1])

/** The RSA key, also when its parameters are not as they should be. */
export function rsaKey(certificate: CertificateView): RsaPublicKeyInfo | undefined {
  return certificate.keep('rsa-key', () => {
    const fields = DerReader.ofSequence(certificate.spkiDer)
    if (algorithmOid(fields.raw()) !== oids.rsaEncryption) {
      return undefined
    }
    const keyBits = fields.bitStringOctets()
    const numbers = DerReader.ofSequence(keyBits)
    const modulus = magnitude(numbers.element(0x02))
    const exponent = magnitude(numbers.element(0x02))
    const bits = modulus.length * 8 - Math.max(0, Math.clz32(modulus[0] ?? 0) - 24)
    return { type: 'rsa', der: certificate.spkiDer, keyBits, modulus, exponent, bits }
  })
}

function magnitude(integer: Uint8Array): Uint8Array {
  return integer[0] === 0 && integer.length > 1 ? integer.subarray(1) : integer
}

/** The algorithm of the subject's key. */
export function keyAlgorithm(certificate: CertificateView): string {
  return certificate.keep('key-algorithm', () =>
    algorithmOid(DerReader.ofSequence(certificate.spkiDer).raw()),
  )
}
