import { decodeLenientCsr } from '../../../core/orders/lenient-csr.ts'
import { parseCertificationRequest } from '../../../pki/csr.ts'
import type { SubjectPublicKeyInfo } from '../../../pki/spki.ts'

const curveBits: Readonly<Record<string, number>> = { 'P-256': 256, 'P-384': 384, 'P-521': 521 }

/** Bits of the key in a CSR that was taken; undefined for keys whose size says nothing. */
export function keySizeOf(csr: string): number | undefined {
  return bitsOf(parseCertificationRequest(decodeLenientCsr(csr), 'keep').spki)
}

function bitsOf(key: SubjectPublicKeyInfo): number | undefined {
  switch (key.type) {
    case 'rsa':
      return key.bits
    case 'ec':
      return key.curveName === undefined ? undefined : curveBits[key.curveName]
    case 'ed25519':
      return 256
    default:
      return undefined
  }
}
