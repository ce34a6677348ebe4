import { hash } from 'node:crypto'
import type { Instant } from '../core/brand.ts'

/** SHA-256 of a DER subjectPublicKeyInfo. */
export function spkiDigestOf(spkiDer: Uint8Array): Uint8Array {
  return hash('sha256', spkiDer, 'buffer')
}

/**
 * First 40 bits of a digest as an integer: an index over it is a fifth of one over the digest, which keeps
 * the cost of an insertion flat for longer. Whoever looks up by it compares the whole digest.
 */
export function keyTag(digest: Uint8Array): number {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).readUIntBE(0, 5)
}

const GROUPS = 128
const GROUP_SIZE = 2 ** 40
const GROUP_LASTS_MS = 60_000

/**
 * A tag with the minute's group above it. What is issued together lies together in the index, so insertions
 * touch a 128th of its pages, which stay in memory, where plain tags would touch all of them at random. A
 * lookup asks every group instead; it is needed only when a key was compromised.
 */
export function groupedKeyTag(digest: Uint8Array, createdAt: Instant): number {
  const group = Math.abs(Math.floor(createdAt / GROUP_LASTS_MS)) % GROUPS
  return group * GROUP_SIZE + keyTag(digest)
}

/** The tags that a certificate over this key may have, whenever it was made. */
export function keyTagsInGroups(digest: Uint8Array): readonly number[] {
  const tag = keyTag(digest)
  return Array.from({ length: GROUPS }, (_, group) => group * GROUP_SIZE + tag)
}
