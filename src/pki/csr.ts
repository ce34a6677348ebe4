import { requireStrongSignatureAlgorithm, type SignatureAlgorithm, verifySignature } from './algorithms.ts'
import { checkRequestedExtension, type UnknownCritical } from './csr-extensions.ts'
import { checkDer } from './der/check.ts'
import { DerReader } from './der/reader.ts'
import { SEQUENCE } from './der/tags.ts'
import { implicitConstructed, integer, oid, sequence, set } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { encodeSubjectAltName, parseSubjectAltName } from './extensions/alternative-names.ts'
import { type Extension, encodeExtensions, findExtension, parseExtensions } from './extensions/extension.ts'
import type { GeneralName } from './general-names.ts'
import { emptyNameDer, type Name, parseName } from './names.ts'
import { oids } from './oids.ts'
import { assembleSigned, parseSigned } from './signed-object.ts'
import { importPublicKey, parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './spki.ts'

export { readCertificationRequest } from './csr-input.ts'

/** An attribute of a request (RFC 2986 section 4.1); `values` are whole elements, at least one. */
export interface RequestAttribute {
  readonly oid: string
  readonly values: readonly Uint8Array[]
}

/** A PKCS#10 request (RFC 2986). Everything in it is a wish; only the key is proved, by verification. */
export interface CertificationRequest {
  readonly der: Uint8Array
  /** certificationRequestInfo: the bytes that are signed. */
  readonly infoDer: Uint8Array
  readonly subject: Name
  readonly subjectDer: Uint8Array
  readonly spki: SubjectPublicKeyInfo
  /** In encoded order; each type occurs once. */
  readonly attributes: readonly RequestAttribute[]
  /** Extensions asked for by the extensionRequest attribute; empty without one. */
  readonly extensions: readonly Extension[]
  /** Names in the subjectAltName asked for; empty without one. */
  readonly subjectAltNames: readonly GeneralName[]
  /** On SHA-2 or better. */
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Uint8Array
}

/**
 * Reads a request that spans `der`, down to the values of the extensions that it knows. The signature is not
 * checked: `verifyCertificationRequest` does that, after the caller has judged the key. An extension that is
 * asked for as critical and unknown here is refused unless the caller keeps it, to drop it by its profile.
 *
 * Raises DerError and PkiError; among the latter `version_unsupported`, `attribute_duplicate` (K7: no
 * attribute may come twice), `attribute_invalid`, the extension codes, the key codes of
 * parseSubjectPublicKeyInfo and the algorithm codes of requireStrongSignatureAlgorithm (K3).
 */
export function parseCertificationRequest(
  der: Uint8Array,
  unknownCritical: UnknownCritical = 'refuse',
): CertificationRequest {
  checkDer(der)
  const { toBeSignedDer: infoDer, signatureAlgorithmDer, signature } = parseSigned(der)
  const info = DerReader.ofSequence(infoDer)
  requireVersion1(info.integer())
  const subjectDer = info.raw(SEQUENCE)
  const spkiDer = info.raw(SEQUENCE)
  const attributes = parseAttributes(info.implicitConstructed(0))
  info.end()
  const signatureAlgorithm = requireStrongSignatureAlgorithm(signatureAlgorithmDer).name
  const extensions = parseExtensionRequest(attributes, unknownCritical)
  const subjectAltName = findExtension(extensions, oids.subjectAltName)
  return {
    der,
    infoDer,
    subject: parseName(subjectDer),
    subjectDer,
    spki: parseSubjectPublicKeyInfo(spkiDer),
    attributes,
    extensions,
    subjectAltNames: subjectAltName === undefined ? [] : parseSubjectAltName(subjectAltName.value),
    signatureAlgorithm,
    signature,
  }
}

/** RFC 2986 section 4.1: version v1(0) is the only one. */
function requireVersion1(version: Uint8Array): void {
  const [first, ...more] = version
  if (first !== 0 || more.length > 0) {
    const readable = first !== undefined && first < 0x80 && more.length === 0 ? first : undefined
    throw new PkiError('version_unsupported', { structure: 'certificationRequest', version: readable })
  }
}

function parseAttributes(list: DerReader): RequestAttribute[] {
  const attributes: RequestAttribute[] = []
  const seen = new Set<string>()
  while (!list.atEnd) {
    const fields = list.sequence()
    const type = fields.oid()
    const set = fields.set()
    fields.end()
    const values: Uint8Array[] = []
    while (!set.atEnd) {
      values.push(set.raw())
    }
    if (values.length === 0) {
      throw new PkiError('attribute_invalid', { oid: type })
    }
    if (seen.has(type)) {
      throw new PkiError('attribute_duplicate', { oid: type })
    }
    seen.add(type)
    attributes.push({ oid: type, values })
  }
  return attributes
}

/** RFC 2985 section 5.4.2: extensionRequest is single-valued. */
function parseExtensionRequest(
  attributes: readonly RequestAttribute[],
  unknownCritical: UnknownCritical,
): Extension[] {
  const attribute = attributes.find((candidate) => candidate.oid === oids.extensionRequest)
  if (attribute === undefined) {
    return []
  }
  const [value, ...more] = attribute.values
  if (value === undefined || more.length > 0) {
    throw new PkiError('attribute_invalid', { oid: oids.extensionRequest })
  }
  const extensions = parseExtensions(DerReader.of(value))
  for (const extension of extensions) {
    checkRequestedExtension(extension, unknownCritical)
  }
  return extensions
}

/**
 * Whether the requester holds the private key: the signature over `infoDer` verifies with the key inside.
 *
 * Raises PkiError `signature_algorithm_mismatch` (K2), `key_unsupported`, `key_too_large`, `key_invalid`; a
 * signature is never left unchecked.
 */
export function verifyCertificationRequest(request: CertificationRequest): boolean {
  const key = importPublicKey(request.spki)
  return verifySignature(request.signatureAlgorithm, key, request.infoDer, request.signature)
}

/** What a request made here holds. */
export interface CertificationRequestContents {
  readonly subjectDer: Uint8Array
  readonly spkiDer: Uint8Array
  /** Names for a subjectAltName; none asked for when empty. */
  readonly sans: readonly GeneralName[]
  readonly algorithm: SignatureAlgorithm
}

/** DER of a request for a key made here; `sign` signs the bytes with `algorithm`. */
export async function buildCertificationRequest(
  contents: CertificationRequestContents,
  sign: (infoDer: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<Uint8Array> {
  const { subjectDer, spkiDer, sans, algorithm } = contents
  const attributes = sans.length === 0 ? [] : [encodeExtensionRequest(subjectDer, sans)]
  const infoDer = sequence(integer(0), subjectDer, spkiDer, implicitConstructed(0, ...attributes))
  return assembleSigned(infoDer, algorithm, await sign(infoDer))
}

function encodeExtensionRequest(subjectDer: Uint8Array, sans: readonly GeneralName[]): Uint8Array {
  const subjectIsEmpty = subjectDer.length === emptyNameDer.length
  return sequence(
    oid(oids.extensionRequest),
    set(encodeExtensions([encodeSubjectAltName(sans, subjectIsEmpty)])),
  )
}
