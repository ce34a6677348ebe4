import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { SealError } from '../core/keys/sealer.ts'

/** NIST SP 800-38D section 8.2.2: random nonces of 96 bits, the only length used here. */
export const nonceLength = 12
export const tagLength = 16

const algorithm = 'aes-256-gcm'
const options = { authTagLength: tagLength }

/** Writes nonce, ciphertext and tag at `offset`. The nonce must be fresh under this key. */
export function encryptInto(
  target: Uint8Array,
  offset: number,
  key: KeyObject | Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  associated: Uint8Array,
): void {
  const cipher = createCipheriv(algorithm, key, nonce, options)
  cipher.setAAD(associated)
  target.set(nonce, offset)
  target.set(cipher.update(plaintext), offset + nonceLength)
  cipher.final()
  target.set(cipher.getAuthTag(), offset + nonceLength + plaintext.length)
}

/** Opens nonce, ciphertext and tag, at least 28 octets. @throws SealError */
export function decrypt(key: KeyObject | Uint8Array, box: Uint8Array, associated: Uint8Array): Uint8Array {
  const end = box.length - tagLength
  const decipher = createDecipheriv(algorithm, key, box.subarray(0, nonceLength), options)
  decipher.setAAD(associated)
  decipher.setAuthTag(box.subarray(end))
  const plaintext = decipher.update(box.subarray(nonceLength, end))
  try {
    decipher.final()
  } catch (error) {
    plaintext.fill(0)
    throw new SealError('envelope does not open', { cause: error })
  }
  return plaintext
}
