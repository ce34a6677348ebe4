import type { KeyObject } from 'node:crypto'
import { findSignatureAlgorithm, type SignatureAlgorithm, verifySignature } from './algorithms.ts'
import { checkDer } from './der/check.ts'
import { DerReader } from './der/reader.ts'
import { contextConstructed, contextPrimitive, SEQUENCE } from './der/tags.ts'
import { PkiError } from './errors.ts'
import { isCrlReason } from './extensions/crl-entry.ts'
import { type Extension, extensionValue, parseExtensions } from './extensions/extension.ts'
import { type CertId, parseCertId } from './ocsp-cert-id.ts'
import type { OcspCertStatus } from './ocsp-response.ts'
import { oids } from './oids.ts'

/** RFC 6960 section 4.2.1; 4 is not used. */
const errorStatuses = [
  { code: 1, name: 'malformedRequest' },
  { code: 2, name: 'internalError' },
  { code: 3, name: 'tryLater' },
  { code: 5, name: 'sigRequired' },
  { code: 6, name: 'unauthorized' },
] as const

export type OcspResponse =
  | { readonly responseStatus: 'successful'; readonly basic: BasicOcspResponse }
  | { readonly responseStatus: (typeof errorStatuses)[number]['name'] }

/** All octets are views of the input; times are milliseconds since 1970, UTC. */
export interface BasicOcspResponse {
  /** ResponseData, whole: what the signature covers. */
  readonly responseDataDer: Uint8Array
  readonly responderId: { readonly keyHash: Uint8Array } | { readonly nameDer: Uint8Array }
  readonly producedAt: number
  readonly responses: readonly ReadSingleResponse[]
  readonly nonce?: Uint8Array
  readonly signatureAlgorithm: SignatureAlgorithm | undefined
  readonly signature: Uint8Array
  /** DER of each. */
  readonly certificates: readonly Uint8Array[]
}

export interface ReadSingleResponse {
  readonly certId: CertId
  readonly certStatus: OcspCertStatus
  readonly thisUpdate: number
  readonly nextUpdate?: number
  readonly extensions: readonly Extension[]
}

/**
 * Reads the OCSPResponse that spans `der`; of responses proper the basic type only.
 *
 * @throws DerError, PkiError `structure_invalid`, and what parsing extensions raises.
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  checkDer(der)
  const fields = DerReader.ofSequence(der)
  const code = fields.enumerated()
  const holder = fields.optionalExplicit(0)
  fields.end()
  if (code === 0 && holder !== undefined) {
    const responseBytes = holder.sequence()
    holder.end()
    return { responseStatus: 'successful', basic: parseResponseBytes(responseBytes) }
  }
  const error = errorStatuses.find((candidate) => candidate.code === code)
  if (error === undefined || holder !== undefined) {
    throw structureInvalid('responseStatus')
  }
  return { responseStatus: error.name }
}

/**
 * Whether the response was signed with this key, a KeyObject or the DER of a SubjectPublicKeyInfo; false as well for
 * an algorithm not known here. Raises what verifySignature raises.
 */
export function verifyOcspSignature(response: BasicOcspResponse, key: KeyObject | Uint8Array): boolean {
  const { signatureAlgorithm, responseDataDer, signature } = response
  return (
    signatureAlgorithm !== undefined && verifySignature(signatureAlgorithm, key, responseDataDer, signature)
  )
}

function parseResponseBytes(fields: DerReader): BasicOcspResponse {
  if (fields.oid() !== oids.ocspBasic) {
    throw structureInvalid('responseType')
  }
  const basicDer = fields.octetString()
  fields.end()
  checkDer(basicDer)
  const basic = DerReader.ofSequence(basicDer)
  const responseDataDer = basic.raw(SEQUENCE)
  const signatureAlgorithm = findSignatureAlgorithm(basic.raw(SEQUENCE))?.name
  const signature = basic.bitStringOctets()
  const certificates = parseCertificates(basic.optionalExplicit(0))
  basic.end()
  return {
    responseDataDer,
    ...parseResponseData(responseDataDer),
    signatureAlgorithm,
    signature,
    certificates,
  }
}

type ResponseData = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'nonce'>

function parseResponseData(der: Uint8Array): ResponseData {
  const fields = DerReader.ofSequence(der)
  // v1 is the default, which DER does not write, and there is no other.
  const responderId = parseResponderId(fields)
  const producedAt = fields.generalizedTime()
  const responses: ReadSingleResponse[] = []
  const list = fields.sequence()
  while (!list.atEnd) {
    responses.push(parseSingle(list.sequence()))
  }
  const extensions = parseOptionalExtensions(fields.optionalExplicit(1))
  fields.end()
  const nonce = extensionValue(extensions, oids.ocspNonce, parseNonce)
  return { responderId, producedAt, responses, ...(nonce && { nonce }) }
}

function parseResponderId(fields: DerReader): BasicOcspResponse['responderId'] {
  const byName = fields.optionalExplicit(1)
  if (byName !== undefined) {
    const nameDer = byName.raw(SEQUENCE)
    byName.end()
    return { nameDer }
  }
  const byKey = fields.explicit(2)
  const keyHash = byKey.octetString()
  byKey.end()
  return { keyHash }
}

function parseSingle(fields: DerReader): ReadSingleResponse {
  const certId = parseCertId(fields)
  const certStatus = parseStatus(fields)
  const thisUpdate = fields.generalizedTime()
  const nextUpdateHolder = fields.optionalExplicit(0)
  const nextUpdate = nextUpdateHolder?.generalizedTime()
  nextUpdateHolder?.end()
  const extensions = parseOptionalExtensions(fields.optionalExplicit(1))
  fields.end()
  return { certId, certStatus, thisUpdate, ...(nextUpdate !== undefined && { nextUpdate }), extensions }
}

function parseStatus(fields: DerReader): OcspCertStatus {
  const tag = fields.peekTag()
  if (tag === contextConstructed(1)) {
    return parseRevoked(fields.implicitConstructed(1))
  }
  if (tag !== contextPrimitive(0) && tag !== contextPrimitive(2)) {
    throw structureInvalid('certStatus')
  }
  if (fields.element().length !== 0) {
    throw structureInvalid('certStatus')
  }
  return { status: tag === contextPrimitive(0) ? 'good' : 'unknown' }
}

function parseRevoked(fields: DerReader): OcspCertStatus {
  const revocationTime = fields.generalizedTime()
  const reasonHolder = fields.optionalExplicit(0)
  const reason = reasonHolder?.enumerated()
  reasonHolder?.end()
  fields.end()
  if (reason === undefined) {
    return { status: 'revoked', revocationTime }
  }
  if (!isCrlReason(reason)) {
    throw structureInvalid('revocationReason')
  }
  return { status: 'revoked', revocationTime, reason }
}

function parseOptionalExtensions(holder: DerReader | undefined): Extension[] {
  if (holder === undefined) {
    return []
  }
  const extensions = parseExtensions(holder)
  holder.end()
  return extensions
}

function parseNonce(value: Uint8Array): Uint8Array {
  const reader = DerReader.of(value)
  const nonce = reader.octetString()
  reader.end()
  return nonce
}

function parseCertificates(holder: DerReader | undefined): Uint8Array[] {
  if (holder === undefined) {
    return []
  }
  const list = holder.sequence()
  holder.end()
  const certificates: Uint8Array[] = []
  while (!list.atEnd) {
    certificates.push(list.raw(SEQUENCE))
  }
  return certificates
}

function structureInvalid(field: string): PkiError {
  return new PkiError('structure_invalid', { structure: 'ocspResponse', field })
}
