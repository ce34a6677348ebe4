import { createCipheriv, createDecipheriv, createPrivateKey, type KeyObject, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { checkDer } from './der/check.ts'
import { DerReader } from './der/reader.ts'
import { SEQUENCE } from './der/tags.ts'
import { integer, nullValue, octetString, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { oids } from './oids.ts'

const deriveKey = promisify(pbkdf2)

/** PrivateKeyInfo (RFC 5208 section 5, RFC 5958 section 2) without its attributes and public key. */
export interface PrivateKeyInfo {
  /** AlgorithmIdentifier, whole. */
  readonly algorithmDer: Uint8Array
  readonly algorithmOid: string
  /** Contents of the privateKey OCTET STRING. */
  readonly privateKey: Uint8Array
}

/** DER of PrivateKeyInfo. The seed form for ML-DSA (RFC 9881 section 6), as node:crypto writes it. */
export function exportPrivateKeyInfo(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'pkcs8' })
}

/**
 * Reads the outer form of PrivateKeyInfo or OneAsymmetricKey. Raises DerError, PkiError
 * `version_unsupported`.
 */
export function parsePrivateKeyInfo(der: Uint8Array): PrivateKeyInfo {
  checkDer(der)
  const fields = DerReader.ofSequence(der)
  const version = fields.smallInteger()
  if (version > 1) {
    throw new PkiError('version_unsupported', { structure: 'privateKeyInfo', version })
  }
  const algorithmDer = fields.raw(SEQUENCE)
  const algorithmOid = DerReader.ofSequence(algorithmDer).oid()
  const privateKey = fields.octetString()
  return { algorithmDer, algorithmOid, privateKey }
}

/** The key of a PrivateKeyInfo. Raises DerError, PkiError `version_unsupported`, `private_key_invalid`. */
export function importPrivateKey(der: Uint8Array): KeyObject {
  parsePrivateKeyInfo(der)
  try {
    return createPrivateKey({
      key: Buffer.from(der.buffer, der.byteOffset, der.length),
      format: 'der',
      type: 'pkcs8',
    })
  } catch {
    // The cause is dropped: errors about key material do not travel.
    throw new PkiError('private_key_invalid', {})
  }
}

/** Inputs of the encryption that have to be fresh or chosen. */
export interface EncryptionParameters {
  /** 16 random octets. */
  readonly salt: Uint8Array
  /** 16 random octets. */
  readonly initializationVector: Uint8Array
  /** Rounds of PBKDF2, 1 to `maximumIterations`. */
  readonly iterations: number
}

/** More rounds than this are refused on reading: the count comes with the data and buys computing time. */
export const maximumIterations = 10_000_000

/**
 * DER of EncryptedPrivateKeyInfo: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018 section 6.2).
 * node:crypto's own export is not used because it fixes 2,048 rounds. The derivation runs off the event loop.
 */
export async function encryptPrivateKeyInfo(
  privateKeyInfoDer: Uint8Array,
  passphrase: string,
  parameters: EncryptionParameters,
): Promise<Uint8Array> {
  const { salt, initializationVector, iterations } = parameters
  if (!(iterations >= 1 && iterations <= maximumIterations)) {
    throw new RangeError('iterations out of range')
  }
  const key = await deriveKey(passphrase, salt, iterations, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, initializationVector)
  const encrypted = Buffer.concat([cipher.update(privateKeyInfoDer), cipher.final()])
  key.fill(0)
  return sequence(
    sequence(
      oid(oids.pbes2),
      sequence(
        sequence(
          oid(oids.pbkdf2),
          // The prf has a default (HMAC-SHA-1) and must be written; keyLength follows from the cipher.
          sequence(octetString(salt), integer(iterations), sequence(oid(oids.hmacWithSha256), nullValue())),
        ),
        sequence(oid(oids.aes256Cbc), octetString(initializationVector)),
      ),
    ),
    octetString(encrypted),
  )
}

/**
 * DER of the PrivateKeyInfo inside an EncryptedPrivateKeyInfo of the one form written above. The caller
 * zeroes it after use.
 *
 * Raises DerError, PkiError `private_key_invalid` for other forms, `private_key_passphrase_wrong`.
 */
export async function decryptPrivateKeyInfo(der: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { salt, iterations, initializationVector, encrypted } = parseEncrypted(der)
  const key = await deriveKey(passphrase, salt, iterations, 32, 'sha256')
  const decipher = createDecipheriv('aes-256-cbc', key, initializationVector)
  key.fill(0)
  try {
    const privateKeyInfoDer = Buffer.concat([decipher.update(encrypted), decipher.final()])
    // A wrong passphrase passes the padding check once in 256 times; the structure tells the rest.
    parsePrivateKeyInfo(privateKeyInfoDer)
    return privateKeyInfoDer
  } catch {
    throw new PkiError('private_key_passphrase_wrong', {})
  }
}

function parseEncrypted(der: Uint8Array): EncryptionParameters & { readonly encrypted: Uint8Array } {
  checkDer(der)
  const outer = DerReader.ofSequence(der)
  const scheme = outer.sequence()
  const encrypted = outer.octetString()
  outer.end()
  requireOid(scheme, oids.pbes2)
  const parameters = scheme.sequence()
  const derivation = parameters.sequence()
  const cipher = parameters.sequence()
  requireOid(derivation, oids.pbkdf2)
  const pbkdf2Parameters = derivation.sequence()
  const salt = pbkdf2Parameters.octetString()
  const iterations = pbkdf2Parameters.smallInteger()
  requireOid(pbkdf2Parameters.sequence(), oids.hmacWithSha256)
  pbkdf2Parameters.end()
  requireOid(cipher, oids.aes256Cbc)
  const initializationVector = cipher.octetString()
  if (initializationVector.length !== 16 || iterations < 1 || iterations > maximumIterations) {
    throw new PkiError('private_key_invalid', {})
  }
  return { salt, iterations, initializationVector, encrypted }
}

function requireOid(fields: DerReader, expected: string): void {
  if (fields.oid() !== expected) {
    throw new PkiError('private_key_invalid', {})
  }
}
