import { createHash, hkdfSync } from 'node:crypto'
import type { Random } from '../environment.ts'

const octets = 32
const textLength = 2 * octets

/** A session's token: its text is the client's only, its digest is what the store knows it by. */
export interface SessionToken {
  /** 64 lower-case hex digits. */
  readonly text: string
  /** SHA-256 of the text. */
  readonly digest: Uint8Array
}

/** 256 random bits. */
export function newSessionToken(random: Random): SessionToken {
  const bytes = random.bytes(octets)
  const token = tokenOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'))
  bytes.fill(0)
  return token
}

/** Undefined when the text cannot be a token of ours. */
export function readSessionToken(text: string): SessionToken | undefined {
  if (text.length !== textLength) return undefined
  for (let index = 0; index < textLength; index++) {
    const character = text.charCodeAt(index)
    const isDigit = character >= 0x30 && character <= 0x39
    const isLetter = character >= 0x61 && character <= 0x66
    if (!isDigit && !isLetter) return undefined
  }
  return tokenOf(text)
}

/**
 * The key that wraps a session's secrets: HKDF-SHA-256 (RFC 5869) of the token's 32 octets. The digest in the
 * store leads neither to the token nor to this key. The caller zeroes it.
 */
export function sessionWrappingKey(token: SessionToken): Uint8Array {
  const bytes = Buffer.from(token.text, 'hex')
  const key = new Uint8Array(hkdfSync('sha256', bytes, '', 'chancery session wrapping key 1', 32))
  bytes.fill(0)
  return key
}

function tokenOf(text: string): SessionToken {
  return { text, digest: createHash('sha256').update(text).digest() }
}
