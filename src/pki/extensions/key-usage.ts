import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'
import { encodeNamedBits, parseNamedBits } from './named-bits.ts'

/** RFC 5280 section 4.2.1.3, in the order of the bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof KEY_USAGES)[number]

/** The extension; the order of `usages` does not matter. */
export function encodeKeyUsage(usages: readonly KeyUsage[], critical: boolean): Extension {
  return { oid: oids.keyUsage, critical, value: encodeNamedBits(KEY_USAGES, usages) }
}

/** The usages in the order of their bits; empty when the certificate sets none, which RFC 5280 forbids. */
export function parseKeyUsage(value: Uint8Array): KeyUsage[] {
  return parseNamedBits(oids.keyUsage, KEY_USAGES, value)
}
