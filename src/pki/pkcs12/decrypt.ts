import { createDecipheriv, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { DerReader } from '../der/reader.ts'
import * as tags from '../der/tags.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import { type Digest, deriveOctets, purposes } from './derive-key.ts'
import type { Rounds } from './rounds.ts'

const derivePbkdf2 = promisify(pbkdf2)

/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C): what Windows and old programs write. */
const sha1TripleDes = '1.2.840.113549.1.12.1.3'

interface Cipher {
  readonly name: string
  readonly keyOctets: number
  readonly blockOctets: number
}

const tripleDes: Cipher = { name: 'des-ede3-cbc', keyOctets: 24, blockOctets: 8 }
const ciphers: ReadonlyMap<string, Cipher> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyOctets: 16, blockOctets: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyOctets: 24, blockOctets: 16 }],
  [oids.aes256Cbc, { name: 'aes-256-cbc', keyOctets: 32, blockOctets: 16 }],
  ['1.2.840.113549.3.7', tripleDes],
])

/** RFC 8018 appendix B.1. */
const pseudorandomFunctions: ReadonlyMap<string, Digest> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  [oids.hmacWithSha256, 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
])

/**
 * Decrypts what a password protects, by its AlgorithmIdentifier: PBES2 with PBKDF2 and AES or Triple-DES in CBC mode
 * (RFC 8018 section 6.2), or Triple-DES under a key of PKCS#12. The caller zeroes the result.
 *
 * Raises DerError, PkiError `pkcs12_unsupported`, `pkcs12_rounds_too_many`, `pkcs12_password_wrong`.
 */
export async function decrypt(
  algorithm: DerReader,
  encrypted: Uint8Array,
  password: string,
  rounds: Rounds,
): Promise<Uint8Array> {
  const scheme = algorithm.oid()
  if (scheme === oids.pbes2) return decryptPbes2(algorithm.sequence(), encrypted, password, rounds)
  if (scheme !== sha1TripleDes) throw new PkiError('pkcs12_unsupported', { oid: scheme })
  const parameters = algorithm.sequence()
  const common = {
    digest: 'sha1',
    password,
    salt: parameters.octetString(),
    iterations: parameters.smallInteger(),
  } as const
  parameters.end()
  // Once for the key, which takes two digests, and once for the vector.
  for (let time = 0; time < 3; time++) rounds.spend(common.iterations)
  const { keyOctets, blockOctets } = tripleDes
  const key = await deriveOctets({ ...common, purpose: purposes.encryption, length: keyOctets })
  const vector = await deriveOctets({
    ...common,
    purpose: purposes.initializationVector,
    length: blockOctets,
  })
  return decipher(tripleDes, key, vector, encrypted)
}

async function decryptPbes2(
  parameters: DerReader,
  encrypted: Uint8Array,
  password: string,
  rounds: Rounds,
): Promise<Uint8Array> {
  const derivation = parameters.sequence()
  const encryption = parameters.sequence()
  parameters.end()
  const derivationOid = derivation.oid()
  if (derivationOid !== oids.pbkdf2) throw new PkiError('pkcs12_unsupported', { oid: derivationOid })
  const fields = derivation.sequence()
  const salt = fields.octetString()
  const iterations = rounds.spend(fields.smallInteger())
  if (!fields.atEnd && fields.peekTag() === tags.INTEGER) fields.smallInteger()
  // RFC 8018 appendix A.2: DEFAULT algid-hmacWithSHA1
  const functionOid = fields.atEnd ? '1.2.840.113549.2.7' : fields.sequence().oid()
  const digest = pseudorandomFunctions.get(functionOid)
  if (digest === undefined) throw new PkiError('pkcs12_unsupported', { oid: functionOid })
  const cipherOid = encryption.oid()
  const cipher = ciphers.get(cipherOid)
  if (cipher === undefined) throw new PkiError('pkcs12_unsupported', { oid: cipherOid })
  const vector = encryption.octetString()
  if (vector.length !== cipher.blockOctets) {
    throw new PkiError('structure_invalid', { structure: 'pfx', field: 'initializationVector' })
  }
  const key = await derivePbkdf2(password, salt, iterations, cipher.keyOctets, digest)
  return decipher(cipher, key, vector, encrypted)
}

function decipher({ name }: Cipher, key: Uint8Array, vector: Uint8Array, encrypted: Uint8Array): Uint8Array {
  try {
    const opening = createDecipheriv(name, key, vector)
    return Buffer.concat([opening.update(encrypted), opening.final()])
  } catch {
    // The cause is dropped: errors about key material do not travel.
    throw new PkiError('pkcs12_password_wrong', {})
  } finally {
    key.fill(0)
  }
}
