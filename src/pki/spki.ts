import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { DerReader } from './der/reader.ts'
import * as tags from './der/tags.ts'
import { curveNameOf, findCurve, isOnCurve, isUncompressed } from './elliptic-curves.ts'
import { PkiError } from './errors.ts'
import type { KeyKind } from './key-kinds.ts'
import { oids } from './oids.ts'

/** What every SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) has. */
interface PublicKeyInfo {
  /** The whole element. */
  readonly der: Uint8Array
  /** Contents of the subjectPublicKey BIT STRING without the octet of unused bits. */
  readonly keyBits: Uint8Array
}

export interface RsaPublicKeyInfo extends PublicKeyInfo {
  readonly type: 'rsa'
  /** Unsigned big-endian, without leading zeros. */
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
  /** Bit length of the modulus. */
  readonly bits: number
}

export interface EcPublicKeyInfo extends PublicKeyInfo {
  readonly type: 'ec'
  readonly curveOid: string
  /** `P-256`, `P-384`, `P-521`, or the name of a curve that no key has here; undefined when unknown. */
  readonly curveName: string | undefined
  /** Uncompressed and on its curve for the three curves above; unchecked for all others. */
  readonly point: Uint8Array
}

export interface Ed25519PublicKeyInfo extends PublicKeyInfo {
  readonly type: 'ed25519'
}

export interface MlDsaPublicKeyInfo extends PublicKeyInfo {
  readonly type: 'ml-dsa'
  readonly parameterSet: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87'
}

/** A key of an algorithm that signs nothing here. */
export interface OtherPublicKeyInfo extends PublicKeyInfo {
  readonly type: 'other'
  readonly oid: string
  /** Name of the algorithm for messages, where it is known. */
  readonly name: string | undefined
}

export type SubjectPublicKeyInfo =
  | RsaPublicKeyInfo
  | EcPublicKeyInfo
  | Ed25519PublicKeyInfo
  | MlDsaPublicKeyInfo
  | OtherPublicKeyInfo

/** Octets of an RSA integer that are still read, so that an oversized key is refused by its size in bits. */
const longestRsaInteger = 8_192

/** The largest modulus that a signature is verified with; exponentiation time grows with its cube. */
export const maximumRsaBits = 8_192

const mlDsaSets = new Map<string, { parameterSet: MlDsaPublicKeyInfo['parameterSet']; octets: number }>([
  [oids.mlDsa44, { parameterSet: 'ml-dsa-44', octets: 1_312 }],
  [oids.mlDsa65, { parameterSet: 'ml-dsa-65', octets: 1_952 }],
  [oids.mlDsa87, { parameterSet: 'ml-dsa-87', octets: 2_592 }],
])

const otherAlgorithmNames: ReadonlyMap<string, string> = new Map([
  [oids.rsassaPss, 'RSASSA-PSS'],
  ['1.2.840.113549.1.1.7', 'RSAES-OAEP'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10046.2.1', 'DH'],
  ['1.2.840.113549.1.3.1', 'DH'],
  ['1.3.132.1.12', 'ECDH'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
  ['1.3.101.113', 'Ed448'],
  ['2.16.840.1.101.3.4.4.1', 'ML-KEM-512'],
  ['2.16.840.1.101.3.4.4.2', 'ML-KEM-768'],
  ['2.16.840.1.101.3.4.4.3', 'ML-KEM-1024'],
])

/**
 * Reads a SubjectPublicKeyInfo that spans `der`. No work here grows faster than the input: sizes are
 * reported, and whoever decides about them does so before any arithmetic.
 *
 * Raises DerError; PkiError `key_parameters_invalid`, `key_invalid`, `ec_parameters_explicit` (before the
 * parameters are looked at), `ec_point_invalid` for other than the uncompressed form,
 * `ec_point_not_on_curve`.
 */
export function parseSubjectPublicKeyInfo(der: Uint8Array): SubjectPublicKeyInfo {
  const fields = DerReader.ofSequence(der)
  const algorithm = fields.sequence()
  const keyBits = fields.bitStringOctets()
  fields.end()
  const oid = algorithm.oid()
  if (oid === oids.rsaEncryption) {
    requireParameters(oid, algorithm, 'null')
    return parseRsa(der, keyBits)
  }
  if (oid === oids.ecPublicKey) {
    return parseEc(der, keyBits, algorithm)
  }
  if (oid === oids.ed25519) {
    requireParameters(oid, algorithm, 'absent')
    requireOctets('ed25519', keyBits, 32)
    return { type: 'ed25519', der, keyBits }
  }
  const mlDsa = mlDsaSets.get(oid)
  if (mlDsa !== undefined) {
    // RFC 9881 section 2: parameters are absent; the key is raw, not wrapped in another type.
    requireParameters(oid, algorithm, 'absent')
    requireOctets('ml-dsa', keyBits, mlDsa.octets)
    return { type: 'ml-dsa', parameterSet: mlDsa.parameterSet, der, keyBits }
  }
  return { type: 'other', oid, name: otherAlgorithmNames.get(oid), der, keyBits }
}

/** RFC 3279 section 2.3.1: RSA parameters are NULL. RFC 8410 section 3: absent. */
function requireParameters(oid: string, algorithm: DerReader, form: 'null' | 'absent'): void {
  if (form === 'null') {
    if (algorithm.peekTag() !== tags.NULL) {
      throw new PkiError('key_parameters_invalid', { oid })
    }
    algorithm.null()
  }
  if (!algorithm.atEnd) {
    throw new PkiError('key_parameters_invalid', { oid })
  }
}

function requireOctets(type: 'ed25519' | 'ml-dsa', keyBits: Uint8Array, octets: number): void {
  if (keyBits.length !== octets) {
    throw new PkiError('key_invalid', { type })
  }
}

function parseRsa(der: Uint8Array, keyBits: Uint8Array): RsaPublicKeyInfo {
  const fields = DerReader.ofSequence(keyBits)
  const modulus = positive(fields.integer(longestRsaInteger))
  const exponent = positive(fields.integer(longestRsaInteger))
  fields.end()
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24)
  return { type: 'rsa', modulus, exponent, bits, der, keyBits }
}

/** Magnitude of an INTEGER above zero. */
function positive(contents: Uint8Array): Uint8Array {
  const first = contents[0] ?? 0
  if (first > 0x7f || (first === 0 && contents.length === 1)) {
    throw new PkiError('key_invalid', { type: 'rsa' })
  }
  return first === 0 ? contents.subarray(1) : contents
}

/** RFC 5480 section 2.1.1: namedCurve only. */
function parseEc(der: Uint8Array, keyBits: Uint8Array, algorithm: DerReader): EcPublicKeyInfo {
  const tag = algorithm.peekTag()
  if (tag === tags.SEQUENCE) {
    throw new PkiError('ec_parameters_explicit', {})
  }
  if (tag !== tags.OBJECT_IDENTIFIER) {
    throw new PkiError('key_parameters_invalid', { oid: oids.ecPublicKey })
  }
  const curveOid = algorithm.oid()
  if (!algorithm.atEnd) {
    throw new PkiError('key_parameters_invalid', { oid: oids.ecPublicKey })
  }
  const curve = findCurve(curveOid)
  if (curve !== undefined) {
    if (!isUncompressed(curve, keyBits)) {
      throw new PkiError('ec_point_invalid', { curve: curve.name })
    }
    if (!isOnCurve(curve, keyBits)) {
      throw new PkiError('ec_point_not_on_curve', { curve: curve.name })
    }
  }
  return { type: 'ec', curveOid, curveName: curveNameOf(curveOid), point: keyBits, der, keyBits }
}

/** The kind of key this is when it is one of those we make or sign; undefined for other sizes and curves. */
export function keyKindOf(spki: SubjectPublicKeyInfo): KeyKind | undefined {
  switch (spki.type) {
    case 'rsa':
      return spki.bits === 2048 || spki.bits === 3072 || spki.bits === 4096 ? `rsa-${spki.bits}` : undefined
    case 'ec':
      return ecKinds.get(spki.curveOid)
    case 'ed25519':
      return 'ed25519'
    case 'ml-dsa':
      return spki.parameterSet
    case 'other':
      return undefined
  }
}

const ecKinds: ReadonlyMap<string, KeyKind> = new Map<string, KeyKind>([
  [oids.secp256r1, 'p-256'],
  [oids.secp384r1, 'p-384'],
  [oids.secp521r1, 'p-521'],
])

/** RFC 7093 section 2 method 1: the leftmost 160 bits of SHA-256 over the key bits. 20 octets. */
export function keyIdentifier(spki: SubjectPublicKeyInfo): Uint8Array {
  return sha256KeyHash(spki).subarray(0, 20)
}

/** issuerKeyHash of an OCSP CertID with SHA-1, and responder id by key (RFC 6960 sections 4.1.1, 4.2.1). */
export function sha1KeyHash(spki: SubjectPublicKeyInfo): Uint8Array {
  return hash('sha1', spki.keyBits, 'buffer')
}

/** issuerKeyHash of an OCSP CertID with SHA-256. */
export function sha256KeyHash(spki: SubjectPublicKeyInfo): Uint8Array {
  return hash('sha256', spki.keyBits, 'buffer')
}

/**
 * The key for node:crypto. Raises PkiError `key_unsupported` for algorithms and curves we do not verify
 * with, `key_too_large` for RSA past `maximumRsaBits` or an exponent past 64 bits, `key_invalid` when
 * node:crypto refuses it.
 */
export function importPublicKey(spki: SubjectPublicKeyInfo): KeyObject {
  if (spki.type === 'other') {
    throw new PkiError('key_unsupported', { oid: spki.oid, name: spki.name })
  }
  if (spki.type === 'ec' && !ecKinds.has(spki.curveOid)) {
    throw new PkiError('key_unsupported', { oid: spki.curveOid, name: spki.curveName })
  }
  if (spki.type === 'rsa') {
    if (spki.bits > maximumRsaBits) {
      throw new PkiError('key_too_large', { bits: spki.bits, maximumBits: maximumRsaBits })
    }
    if (spki.exponent.length > 8) {
      throw new PkiError('key_too_large', { bits: spki.exponent.length * 8, maximumBits: 64 })
    }
  }
  const { buffer, byteOffset, length } = spki.der
  try {
    return createPublicKey({ key: Buffer.from(buffer, byteOffset, length), format: 'der', type: 'spki' })
  } catch (cause) {
    throw new PkiError('key_invalid', { type: spki.type }, { cause })
  }
}
