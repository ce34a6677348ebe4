import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'
import { encodeNamedBits, parseNamedBits } from './named-bits.ts'

/** Netscape certificate type, in the order of the bits. Old, but part of what TinyCert API v1 issued. */
export const NETSCAPE_CERT_TYPES = [
  'sslClient',
  'sslServer',
  'smime',
  'objectSigning',
  'reserved',
  'sslCA',
  'smimeCA',
  'objectSigningCA',
] as const

export type NetscapeCertType = (typeof NETSCAPE_CERT_TYPES)[number]

/** The extension, never critical. */
export function encodeNetscapeCertType(types: readonly NetscapeCertType[]): Extension {
  return {
    oid: oids.netscapeCertType,
    critical: false,
    value: encodeNamedBits(NETSCAPE_CERT_TYPES, types),
  }
}

/** The types in the order of their bits. */
export function parseNetscapeCertType(value: Uint8Array): NetscapeCertType[] {
  return parseNamedBits(oids.netscapeCertType, NETSCAPE_CERT_TYPES, value)
}
