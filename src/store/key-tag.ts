import { hash } from 'node:crypto'

/** SHA-256 of a DER subjectPublicKeyInfo. */
export function spkiDigestOf(spkiDer: Uint8Array): Uint8Array {
  return hash('sha256', spkiDer, 'buffer')
}

/**
 * First 48 bits of a digest as an integer: an index over it is a fifth of one over the digest, which keeps
 * the cost of an insertion flat for longer. Whoever looks up by it compares the whole digest.
 */
export function keyTag(digest: Uint8Array): number {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).readUIntBE(0, 6)
}
