import type { KeyObject } from 'node:crypto'
import { findSignatureAlgorithm, type SignatureAlgorithm, verifySignature } from './algorithms.ts'
import { checkDer } from './der/check.ts'
import { type BitString, DerReader } from './der/reader.ts'
import { contextPrimitive, SEQUENCE } from './der/tags.ts'
import { PkiError } from './errors.ts'
import { type Extension, parseExtensions } from './extensions/extension.ts'
import { type Name, parseName } from './names.ts'
import { parseSigned } from './signed-object.ts'
import { parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './spki.ts'

/** An X.509 certificate, RFC 5280 section 4.1. All octets are views of the input. */
export interface Certificate {
  /** The whole certificate. */
  readonly der: Uint8Array
  /** The tbsCertificate, whole: what the signature covers. */
  readonly tbsDer: Uint8Array
  readonly version: 1 | 2 | 3
  /** Contents octets of the INTEGER, as encoded: others also issued negative, zero and long ones. */
  readonly serialNumber: Uint8Array
  /** AlgorithmIdentifier, whole; the two places where it stands hold the same octets. */
  readonly signatureAlgorithmDer: Uint8Array
  /** Undefined for an algorithm, or parameters, that this layer does not know. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined
  readonly issuerDer: Uint8Array
  readonly issuer: Name
  /** Validity, whole, for those who ask which type of time it has. */
  readonly validityDer: Uint8Array
  /** Milliseconds since 1970, UTC. Both ends belong to the validity. */
  readonly notBefore: number
  readonly notAfter: number
  readonly subjectDer: Uint8Array
  readonly subject: Name
  readonly spki: SubjectPublicKeyInfo
  readonly issuerUniqueId?: BitString
  readonly subjectUniqueId?: BitString
  /** Empty when the certificate has none. */
  readonly extensions: readonly Extension[]
  /** Octets of the BIT STRING. */
  readonly signature: Uint8Array
}

/**
 * Reads the certificate that spans `der`. Judges the structure, not the contents: who signed it, whether it is in
 * force and what its extensions say is for others.
 *
 * @throws DerError for anything that is not strict DER.
 * @throws PkiError `version_unsupported`, `signature_algorithms_differ`, `structure_invalid` for fields that the
 * version does not have, `extensions_empty`, `extension_duplicate`, and what parsing names and keys raises.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  checkDer(der)
  const { toBeSignedDer, signatureAlgorithmDer, signature } = parseSigned(der)
  const fields = DerReader.ofSequence(toBeSignedDer)
  const version = parseVersion(fields.optionalExplicit(0))
  const serialNumber = fields.integer()
  // RFC 5280 section 4.1.2.3; a reader of one field must never see another algorithm than a reader of the other.
  if (Buffer.compare(fields.raw(SEQUENCE), signatureAlgorithmDer) !== 0) {
    throw new PkiError('signature_algorithms_differ', { structure: 'certificate' })
  }
  const issuerDer = fields.raw(SEQUENCE)
  const validityDer = fields.raw(SEQUENCE)
  const { notBefore, notAfter } = parseValidity(validityDer)
  const subjectDer = fields.raw(SEQUENCE)
  const spki = parseSubjectPublicKeyInfo(fields.raw(SEQUENCE))
  const issuerUniqueId = parseUniqueId(fields, 1, version)
  const subjectUniqueId = parseUniqueId(fields, 2, version)
  const extensions = parseExtensionField(fields, version)
  fields.end()
  return {
    der,
    tbsDer: toBeSignedDer,
    version,
    serialNumber,
    signatureAlgorithmDer,
    signatureAlgorithm: findSignatureAlgorithm(signatureAlgorithmDer)?.name,
    issuerDer,
    issuer: parseName(issuerDer),
    validityDer,
    notBefore,
    notAfter,
    subjectDer,
    subject: parseName(subjectDer),
    spki,
    ...(issuerUniqueId && { issuerUniqueId }),
    ...(subjectUniqueId && { subjectUniqueId }),
    extensions,
    signature,
  }
}

/**
 * Whether the certificate was signed with this key, a KeyObject or the DER of a SubjectPublicKeyInfo; false as well
 * for an algorithm not known here. Raises what verifySignature raises.
 */
export function verifyCertificateSignature(
  certificate: Certificate,
  issuerKey: KeyObject | Uint8Array,
): boolean {
  const { signatureAlgorithm, tbsDer, signature } = certificate
  return signatureAlgorithm !== undefined && verifySignature(signatureAlgorithm, issuerKey, tbsDer, signature)
}

/** RFC 5280 section 4.1.2.1: 0 is v1, the default, which DER does not write. */
function parseVersion(holder: DerReader | undefined): 1 | 2 | 3 {
  if (holder === undefined) {
    return 1
  }
  const version = holder.smallInteger()
  holder.end()
  if (version === 0) {
    throw structureInvalid('version')
  }
  if (version !== 1 && version !== 2) {
    throw new PkiError('version_unsupported', { structure: 'certificate', version })
  }
  return version === 1 ? 2 : 3
}

function parseValidity(der: Uint8Array): { notBefore: number; notAfter: number } {
  const fields = DerReader.ofSequence(der)
  const notBefore = fields.time()
  const notAfter = fields.time()
  fields.end()
  return { notBefore, notAfter }
}

/** RFC 5280 section 4.1.2.8: versions 2 and 3. */
function parseUniqueId(fields: DerReader, number: 1 | 2, version: 1 | 2 | 3): BitString | undefined {
  const tag = contextPrimitive(number)
  if (fields.peekTag() !== tag) {
    return undefined
  }
  if (version === 1) {
    throw structureInvalid(number === 1 ? 'issuerUniqueID' : 'subjectUniqueID')
  }
  return fields.bitString(tag)
}

/** RFC 5280 section 4.1.2.9: version 3 only. */
function parseExtensionField(fields: DerReader, version: 1 | 2 | 3): Extension[] {
  const holder = fields.optionalExplicit(3)
  if (holder === undefined) {
    return []
  }
  if (version !== 3) {
    throw structureInvalid('extensions')
  }
  const extensions = parseExtensions(holder)
  holder.end()
  return extensions
}

function structureInvalid(field: string): PkiError {
  return new PkiError('structure_invalid', { structure: 'certificate', field })
}
