import type { SignatureAlgorithm } from './signature-algorithm.ts'

/** The keys a CA or a subscriber can have here. */
export type KeyKind =
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'p-256'
  | 'p-384'
  | 'p-521'
  | 'ed25519'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87'

/**
 * The algorithm a key signs with when nothing else is asked for. For elliptic curves the digest follows the
 * curve (RFC 5480 section 4); ML-DSA and Ed25519 have one algorithm each.
 */
export const defaultSignatureAlgorithms: { readonly [K in KeyKind]: SignatureAlgorithm } = Object.freeze({
  'rsa-2048': 'rsa-sha256',
  'rsa-3072': 'rsa-sha256',
  'rsa-4096': 'rsa-sha256',
  'p-256': 'ecdsa-sha256',
  'p-384': 'ecdsa-sha384',
  'p-521': 'ecdsa-sha512',
  ed25519: 'ed25519',
  'ml-dsa-44': 'ml-dsa-44',
  'ml-dsa-65': 'ml-dsa-65',
  'ml-dsa-87': 'ml-dsa-87',
})

/** All kinds, in the order they are shown to users. */
export const keyKinds: readonly KeyKind[] = Object.freeze([
  'p-256',
  'p-384',
  'p-521',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ed25519',
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
])

export function isKeyKind(text: string): text is KeyKind {
  return Object.hasOwn(defaultSignatureAlgorithms, text)
}

export function defaultSignatureAlgorithm(kind: KeyKind): SignatureAlgorithm {
  return defaultSignatureAlgorithms[kind]
}
