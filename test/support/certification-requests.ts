import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { cryptoInput, type SignatureAlgorithm, signatureAlgorithms } from '../../src/pki/algorithms.ts'
import * as der from '../../src/pki/der/writer.ts'
import { encodeName } from '../../src/pki/names.ts'
import { oids } from '../../src/pki/oids.ts'

export const subjectDer = encodeName([{ type: oids.commonName, value: 'example.org' }])
export const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const ed25519 = generateKeyPairSync('ed25519')

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Parts of a request that a test replaces. */
export interface RequestParts {
  readonly version?: Uint8Array
  readonly subject?: Uint8Array
  readonly spki?: Uint8Array
  readonly attributes?: readonly Uint8Array[]
  readonly keys?: KeyPair
  readonly algorithm?: SignatureAlgorithm
  /** AlgorithmIdentifier to write in place of that of `algorithm`. */
  readonly identifier?: Uint8Array
}

/** DER of the SubjectPublicKeyInfo of a pair. */
export function spkiOf(keys: KeyPair): Uint8Array {
  return new Uint8Array(keys.publicKey.export({ format: 'der', type: 'spki' }))
}

/** A request that is good but for the parts given. */
export function request(parts: RequestParts = {}): Uint8Array {
  const keys = parts.keys ?? p256
  const algorithm = parts.algorithm ?? 'ecdsa-sha256'
  const info = der.sequence(
    parts.version ?? der.integer(0),
    parts.subject ?? subjectDer,
    parts.spki ?? spkiOf(keys),
    der.implicitConstructed(0, ...(parts.attributes ?? [])),
  )
  const input = cryptoInput(algorithm, keys.privateKey)
  const signature = sign(input.digest, info, input.key)
  return der.sequence(
    info,
    parts.identifier ?? signatureAlgorithms[algorithm].identifierDer,
    der.bitString(signature),
  )
}

/** DER of one extension. */
export function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value))
}

/** DER of the attribute that asks for extensions. */
export function extensionRequest(...extensions: Uint8Array[]): Uint8Array {
  return der.sequence(der.oid(oids.extensionRequest), der.set(der.sequence(...extensions)))
}

/** DER of the GeneralNames with the one dNSName example.org. */
export const dnsNames = der.sequence(der.implicit(2, Buffer.from('example.org')))
