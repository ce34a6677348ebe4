import { constants, type KeyObject, verify } from 'node:crypto'
import { DerReader } from './der/reader.ts'
import { explicit, integer, nullValue, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import type { KeyKind } from './key-kinds.ts'
import { oids } from './oids.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'

export type { SignatureAlgorithm } from './signature-algorithm.ts'

import { importPublicKey, parseSubjectPublicKeyInfo } from './spki.ts'

/** The family of a key as node:crypto names it (`KeyObject.asymmetricKeyType`). */
export type SigningKeyType = 'rsa' | 'ec' | 'ed25519' | 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87'

/** Everything there is to know about one signature algorithm. */
export interface SignatureAlgorithmRow {
  readonly name: SignatureAlgorithm
  readonly oid: string
  /** The one accepted encoding of AlgorithmIdentifier; shared, not to be changed. */
  readonly identifierDer: Uint8Array
  /** The keys whose signatures can be verified with it. */
  readonly keyType: SigningKeyType
  /** The kinds of key that sign with it: the digest has to match the curve. */
  readonly keyKinds: readonly KeyKind[]
  /** Digest name for node:crypto; null where the algorithm digests by itself. */
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512' | null
  /** Octets of salt for RSASSA-PSS, equal to the digest's length; undefined elsewhere. */
  readonly saltLength: number | undefined
}

const rsaKinds: readonly KeyKind[] = ['rsa-2048', 'rsa-3072', 'rsa-4096']

/** RFC 4055 section 5: parameters are NULL. RFC 5758 and RFC 9881: parameters are absent. */
const nullParameters = nullValue()

function pkcs1(name: SignatureAlgorithm, digest: SignatureAlgorithmRow['digest'], id: string) {
  const identifierDer = sequence(oid(id), nullParameters)
  return row({
    name,
    oid: id,
    identifierDer,
    keyType: 'rsa',
    keyKinds: rsaKinds,
    digest,
    saltLength: undefined,
  })
}

/**
 * RFC 4055 section 3.1: hash and mask digest are the same, the salt is as long as the digest, and the
 * trailer field has its default and is therefore absent.
 */
function pss(
  name: SignatureAlgorithm,
  digest: SignatureAlgorithmRow['digest'],
  digestOid: string,
  saltLength: number,
) {
  const hash = sequence(oid(digestOid), nullParameters)
  const identifierDer = sequence(
    oid(oids.rsassaPss),
    sequence(
      explicit(0, hash),
      explicit(1, sequence(oid(oids.mgf1), hash)),
      explicit(2, integer(saltLength)),
    ),
  )
  return row({
    name,
    oid: oids.rsassaPss,
    identifierDer,
    keyType: 'rsa',
    keyKinds: rsaKinds,
    digest,
    saltLength,
  })
}

function ecdsa(name: SignatureAlgorithm, digest: SignatureAlgorithmRow['digest'], id: string, kind: KeyKind) {
  const identifierDer = sequence(oid(id))
  return row({ name, oid: id, identifierDer, keyType: 'ec', keyKinds: [kind], digest, saltLength: undefined })
}

function pure(name: SignatureAlgorithm & SigningKeyType & KeyKind, id: string) {
  const identifierDer = sequence(oid(id))
  return row({
    name,
    oid: id,
    identifierDer,
    keyType: name,
    keyKinds: [name],
    digest: null,
    saltLength: undefined,
  })
}

function row(columns: SignatureAlgorithmRow): SignatureAlgorithmRow {
  return Object.freeze(columns)
}

/** The table of signature algorithms. */
export const signatureAlgorithms: { readonly [A in SignatureAlgorithm]: SignatureAlgorithmRow } =
  Object.freeze({
    'ecdsa-sha256': ecdsa('ecdsa-sha256', 'sha256', oids.ecdsaWithSha256, 'p-256'),
    'ecdsa-sha384': ecdsa('ecdsa-sha384', 'sha384', oids.ecdsaWithSha384, 'p-384'),
    'ecdsa-sha512': ecdsa('ecdsa-sha512', 'sha512', oids.ecdsaWithSha512, 'p-521'),
    'rsa-sha1': pkcs1('rsa-sha1', 'sha1', oids.sha1WithRsaEncryption),
    'rsa-sha256': pkcs1('rsa-sha256', 'sha256', oids.sha256WithRsaEncryption),
    'rsa-sha384': pkcs1('rsa-sha384', 'sha384', oids.sha384WithRsaEncryption),
    'rsa-sha512': pkcs1('rsa-sha512', 'sha512', oids.sha512WithRsaEncryption),
    'rsa-pss-sha256': pss('rsa-pss-sha256', 'sha256', oids.sha256, 32),
    'rsa-pss-sha384': pss('rsa-pss-sha384', 'sha384', oids.sha384, 48),
    'rsa-pss-sha512': pss('rsa-pss-sha512', 'sha512', oids.sha512, 64),
    ed25519: pure('ed25519', oids.ed25519),
    'ml-dsa-44': pure('ml-dsa-44', oids.mlDsa44),
    'ml-dsa-65': pure('ml-dsa-65', oids.mlDsa65),
    'ml-dsa-87': pure('ml-dsa-87', oids.mlDsa87),
  })

/** Signature algorithms on broken digests, so that a refusal can name the digest. */
const weakDigests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'MD2'],
  ['1.2.840.113549.1.1.3', 'MD4'],
  ['1.2.840.113549.1.1.4', 'MD5'],
  [oids.sha1WithRsaEncryption, 'SHA-1'],
  ['1.3.14.3.2.2', 'MD4'],
  ['1.3.14.3.2.3', 'MD5'],
  ['1.3.14.3.2.4', 'MD4'],
  ['1.3.14.3.2.29', 'SHA-1'],
  ['1.2.840.10045.4.1', 'SHA-1'],
  ['1.2.840.10040.4.3', 'SHA-1'],
])

const rowsByIdentifier: ReadonlyMap<string, SignatureAlgorithmRow> = new Map(
  Object.values(signatureAlgorithms).map((entry) => [byteKey(entry.identifierDer), entry]),
)

const supportedOids: ReadonlySet<string> = new Set(
  Object.values(signatureAlgorithms).map((entry) => entry.oid),
)

function byteKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** The row whose fixed encoding equals this AlgorithmIdentifier octet for octet. */
export function findSignatureAlgorithm(identifierDer: Uint8Array): SignatureAlgorithmRow | undefined {
  return rowsByIdentifier.get(byteKey(identifierDer))
}

/**
 * The row of an AlgorithmIdentifier that came from outside; `rsa-sha1` is among them, so callers that ask
 * for SHA-2 use `requireStrongSignatureAlgorithm`. Raises DerError, or PkiError
 * `signature_algorithm_weak`, `signature_algorithm_parameters_invalid`, `signature_algorithm_unsupported`.
 */
export function requireSignatureAlgorithm(identifierDer: Uint8Array): SignatureAlgorithmRow {
  const known = findSignatureAlgorithm(identifierDer)
  if (known !== undefined) {
    return known
  }
  const reader = DerReader.ofSequence(identifierDer)
  const id = reader.oid()
  const weak = id === oids.rsassaPss ? weakPssDigest(reader) : weakDigests.get(id)
  // SHA-1 with RSA gets here when its parameters are not NULL.
  if (weak !== undefined) {
    throw new PkiError('signature_algorithm_weak', { oid: id, digest: weak })
  }
  if (supportedOids.has(id)) {
    throw new PkiError('signature_algorithm_parameters_invalid', { oid: id })
  }
  throw new PkiError('signature_algorithm_unsupported', { oid: id })
}

/** As requireSignatureAlgorithm, and refuses SHA-1. */
export function requireStrongSignatureAlgorithm(identifierDer: Uint8Array): SignatureAlgorithmRow {
  const found = requireSignatureAlgorithm(identifierDer)
  if (found.digest === 'sha1') {
    throw new PkiError('signature_algorithm_weak', { oid: found.oid, digest: 'SHA-1' })
  }
  return found
}

/** RFC 4055 section 3.1: an absent hashAlgorithm means SHA-1. */
function weakPssDigest(identifier: DerReader): string | undefined {
  if (identifier.atEnd) {
    return undefined
  }
  const hash = identifier.sequence().optionalExplicit(0)
  const digestOid = hash === undefined ? oids.sha1 : hash.sequence().oid()
  return digestOid === oids.sha1 ? 'SHA-1' : digestOid === '1.2.840.113549.2.5' ? 'MD5' : undefined
}

/** What node:crypto's sign and verify take: `sign(input.digest, data, input.key)`. */
export interface CryptoInput {
  readonly digest: string | null
  readonly key: {
    readonly key: KeyObject
    readonly padding?: number
    readonly saltLength?: number
    readonly dsaEncoding?: 'der'
  }
}

/** Joins algorithm and key for node:crypto's `sign` and `verify`; ECDSA signatures are in DER. */
export function cryptoInput(algorithm: SignatureAlgorithm, key: KeyObject): CryptoInput {
  const { digest, keyType, saltLength } = signatureAlgorithms[algorithm]
  if (saltLength !== undefined) {
    return { digest, key: { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } }
  }
  if (keyType === 'rsa') {
    return { digest, key: { key, padding: constants.RSA_PKCS1_PADDING } }
  }
  return { digest, key: keyType === 'ec' ? { key, dsaEncoding: 'der' } : { key } }
}

/**
 * Whether `signature` is the signature over `data`. The key is a KeyObject or the DER of its
 * SubjectPublicKeyInfo. ECDSA signatures are Ecdsa-Sig-Value in strict DER (RFC 3279 section 2.2.3); laxer
 * encodings are false, so that one certificate or request has one set of bytes.
 *
 * Raises PkiError `signature_algorithm_mismatch` when the key cannot make such signatures, and for DER keys
 * what parseSubjectPublicKeyInfo and importPublicKey raise. Whether SHA-1 is good enough is the caller's
 * decision.
 */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  publicKey: KeyObject | Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const input = verificationInput(algorithm, publicKey, signature)
  return input !== undefined && verify(input.digest, data, input.key, signature)
}

/** As verifySignature, with the work on another thread: for data of which the hash alone takes milliseconds. */
export async function verifySignatureOnThread(
  algorithm: SignatureAlgorithm,
  publicKey: KeyObject | Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const input = verificationInput(algorithm, publicKey, signature)
  if (input === undefined) return false
  return new Promise((resolve, reject) => {
    verify(input.digest, data, input.key, signature, (error, isValid) => {
      if (error) reject(error)
      else resolve(isValid)
    })
  })
}

/** Undefined for what cannot be a signature of this algorithm. */
function verificationInput(
  algorithm: SignatureAlgorithm,
  publicKey: KeyObject | Uint8Array,
  signature: Uint8Array,
): CryptoInput | undefined {
  const key =
    publicKey instanceof Uint8Array ? importPublicKey(parseSubjectPublicKeyInfo(publicKey)) : publicKey
  const { keyType } = signatureAlgorithms[algorithm]
  if (key.asymmetricKeyType !== keyType) {
    throw new PkiError('signature_algorithm_mismatch', {
      algorithm,
      keyType: key.asymmetricKeyType ?? key.type,
    })
  }
  return keyType === 'ec' && !isEcdsaSignature(signature) ? undefined : cryptoInput(algorithm, key)
}

function isEcdsaSignature(signature: Uint8Array): boolean {
  try {
    const fields = DerReader.ofSequence(signature)
    const r = fields.integer()
    const s = fields.integer()
    fields.end()
    return isPositive(r) && isPositive(s)
  } catch {
    return false
  }
}

function isPositive(contents: Uint8Array): boolean {
  const first = contents[0] ?? 0
  return first < 0x80 && (first !== 0 || contents.length > 1)
}
