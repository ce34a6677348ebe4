import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { pemEncode } from '../../../src/pki/pem.ts'
import { type KeyPair, p256, request, rsa } from '../../support/certification-requests.ts'

export const rsaKeys: KeyPair = rsa

/** A CSR as PEM; over one P-256 key unless another pair is given. */
export function csrPem(keys: KeyPair = p256): string {
  return pemEncode('CERTIFICATE REQUEST', request({ keys, ...(keys === rsa && { algorithm: 'rsa-sha256' }) }))
}

/** Over a key of its own. */
export function freshCsrPem(): string {
  return csrPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
}

/** The certificates in PEM text, in their order. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}
