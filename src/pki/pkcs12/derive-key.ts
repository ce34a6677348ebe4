import { hash } from 'node:crypto'
import { promisify } from 'node:util'

/** Lets the event loop turn once. */
const turn = promisify(setImmediate)

/** What the derived octets are for (RFC 7292 appendix B.3). */
export const purposes = { encryption: 1, initializationVector: 2, mac: 3 } as const

export type Digest = 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** Octets that the digest takes at a time: `v` of RFC 7292 appendix B.2. */
const blockOctets: Readonly<Record<Digest, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 }

/** A few milliseconds of the event loop. */
const roundsAtOnce = 2_000

export interface Derivation {
  readonly digest: Digest
  readonly password: string
  readonly salt: Uint8Array
  /** The caller bounds it. */
  readonly iterations: number
  readonly purpose: (typeof purposes)[keyof typeof purposes]
  /** Octets wanted. */
  readonly length: number
}

/**
 * Octets of a password, as PKCS#12 derives them (RFC 7292 appendix B.2). Lets other work run in between. The caller
 * zeroes the result.
 */
export async function deriveOctets(derivation: Derivation): Promise<Uint8Array> {
  const { digest, salt, iterations, purpose, length } = derivation
  const block = blockOctets[digest]
  const diversifier = Buffer.alloc(block, purpose)
  const password = bmpString(derivation.password)
  const input = Buffer.concat([filled(salt, block), filled(password, block)])
  password.fill(0)
  const pieces: Buffer[] = []
  for (let made = 0; made < length; ) {
    let piece = hash(digest, Buffer.concat([diversifier, input]), 'buffer')
    for (let round = 1; round < iterations; round++) {
      piece = hash(digest, piece, 'buffer')
      if (round % roundsAtOnce === 0) await turn()
    }
    pieces.push(piece)
    made += piece.length
    const addend = repeated(piece, block)
    for (let start = 0; start < input.length; start += block) {
      addOneMore(input.subarray(start, start + block), addend)
    }
  }
  input.fill(0)
  return Buffer.concat(pieces).subarray(0, length)
}

/** UTF-16 in network order with two zero octets behind it (RFC 7292 appendix B.1). */
function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16()
}

/** Copies of the octets up to the end of the last block that they begin; none for none. */
function filled(octets: Uint8Array, block: number): Buffer {
  return repeated(octets, block * Math.ceil(octets.length / block))
}

function repeated(octets: Uint8Array, length: number): Buffer {
  const result = Buffer.alloc(length)
  if (octets.length > 0) for (let at = 0; at < length; at++) result[at] = octets[at % octets.length] ?? 0
  return result
}

/** `target + addend + 1` as numbers of the target's length, what runs over left out. */
function addOneMore(target: Buffer, addend: Buffer): void {
  let carry = 1
  for (let at = target.length - 1; at >= 0; at--) {
    carry += (target[at] ?? 0) + (addend[at] ?? 0)
    target[at] = carry & 0xff
    carry >>= 8
  }
}
