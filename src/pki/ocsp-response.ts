import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { generalizedTimeSize, placeBytes, placeElement, placeGeneralizedTime } from './der/placement.ts'
import { BIT_STRING, contextConstructed, ENUMERATED, OCTET_STRING, SEQUENCE } from './der/tags.ts'
import { explicit, headerLength, octetString, oid, sequence, writeHeader } from './der/writer.ts'
import type { CrlReason } from './extensions/crl-entry.ts'
import { oids } from './oids.ts'

/** What is said about one certificate. Times are milliseconds since 1970, UTC. */
export type OcspCertStatus =
  | { readonly status: 'good' }
  | { readonly status: 'unknown' }
  /** Reason 0 and absence are the same and leave revocationReason out. */
  | { readonly status: 'revoked'; readonly revocationTime: number; readonly reason?: CrlReason }

export interface OcspSingleResponse {
  /** DER of the CertID as it stands in the request. */
  readonly certIdDer: Uint8Array
  readonly certStatus: OcspCertStatus
  /** Milliseconds since 1970, UTC. */
  readonly thisUpdate: number
  readonly nextUpdate: number
}

export interface OcspResponseDataOptions {
  /** From `encodeResponderId`. */
  readonly responderId: Uint8Array
  /** Milliseconds since 1970, UTC. */
  readonly producedAt: number
  /** In the order of the request. */
  readonly responses: readonly OcspSingleResponse[]
  /** The nonce of the request. */
  readonly nonce?: Uint8Array
}

/** RFC 6960 section 4.2.1, those that are no answer about certificates. */
const errorStatuses = {
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  unauthorized: 6,
} as const

export type OcspErrorStatus = keyof typeof errorStatuses

/** DER of an OCSPResponse that carries an error only; nothing of it is signed. */
export function encodeOcspError(status: OcspErrorStatus): Uint8Array {
  return Uint8Array.of(SEQUENCE, 3, ENUMERATED, 1, errorStatuses[status])
}

/** ResponderID byKey. `keyHash` is the SHA-1 of the signer's key bits, whatever digest CertIDs use. */
export function encodeResponderId(keyHash: Uint8Array): Uint8Array {
  return explicit(2, octetString(keyHash))
}

/** The certs field: the signer's certificate first. Takes the DER of each. */
export function encodeResponderCertificates(certificates: readonly Uint8Array[]): Uint8Array {
  return explicit(0, sequence(...certificates))
}

/** DER of the ResponseData, RFC 6960 section 4.2.1: what the responder signs. */
export function buildResponseData(options: OcspResponseDataOptions): Uint8Array {
  const { responderId, producedAt, responses, nonce } = options
  let listLength = 0
  for (const response of responses) {
    listLength += elementSize(singleLength(response))
  }
  const extensionsSize = nonce === undefined ? 0 : nonceExtensionsSize(nonce)
  const length = responderId.length + generalizedTimeSize + elementSize(listLength) + extensionsSize
  const output = new Uint8Array(elementSize(length))
  let position = writeHeader(output, 0, SEQUENCE, length)
  position = placeBytes(output, position, responderId)
  position = placeGeneralizedTime(output, position, producedAt)
  position = writeHeader(output, position, SEQUENCE, listLength)
  for (const response of responses) {
    position = placeSingle(output, position, response)
  }
  if (nonce !== undefined) {
    placeNonceExtensions(output, position, nonce)
  }
  return output
}

const basicResponseOid = oid(oids.ocspBasic)
/** responseStatus successful */
const successful = Uint8Array.of(ENUMERATED, 1, 0)

/**
 * DER of the OCSPResponse around a signed BasicOCSPResponse, in one allocation.
 *
 * @param signature the octets of the BIT STRING.
 * @param certificates from `encodeResponderCertificates`; absent when the CA signs itself.
 */
export function assembleOcspResponse(
  responseData: Uint8Array,
  signatureAlgorithm: SignatureAlgorithm,
  signature: Uint8Array,
  certificates?: Uint8Array,
): Uint8Array {
  const { identifierDer } = signatureAlgorithms[signatureAlgorithm]
  const bitStringLength = signature.length + 1
  const basicLength =
    responseData.length + identifierDer.length + elementSize(bitStringLength) + (certificates?.length ?? 0)
  const responseLength = elementSize(basicLength)
  const bytesLength = basicResponseOid.length + elementSize(responseLength)
  const holderLength = elementSize(bytesLength)
  const length = successful.length + elementSize(holderLength)
  const output = new Uint8Array(elementSize(length))
  let position = writeHeader(output, 0, SEQUENCE, length)
  position = placeBytes(output, position, successful)
  position = writeHeader(output, position, contextConstructed(0), holderLength)
  position = writeHeader(output, position, SEQUENCE, bytesLength)
  position = placeBytes(output, position, basicResponseOid)
  position = writeHeader(output, position, OCTET_STRING, responseLength)
  position = writeHeader(output, position, SEQUENCE, basicLength)
  position = placeBytes(output, position, responseData)
  position = placeBytes(output, position, identifierDer)
  // A signature has whole octets: the number of unused bits, next, stays 0.
  position = writeHeader(output, position, BIT_STRING, bitStringLength) + 1
  position = placeBytes(output, position, signature)
  if (certificates !== undefined) {
    output.set(certificates, position)
  }
  return output
}

const goodTag = 0x80
const revokedTag = 0xa1
const unknownTag = 0x82
/** revocationReason [0] EXPLICIT ENUMERATED */
const reasonSize = 5

function singleLength(response: OcspSingleResponse): number {
  const nextUpdateSize = elementSize(generalizedTimeSize)
  return response.certIdDer.length + statusSize(response.certStatus) + generalizedTimeSize + nextUpdateSize
}

function statusSize(certStatus: OcspCertStatus): number {
  return certStatus.status === 'revoked' ? elementSize(revokedLength(certStatus.reason)) : 2
}

function revokedLength(reason: CrlReason | undefined): number {
  return generalizedTimeSize + (reason ? reasonSize : 0)
}

function placeSingle(output: Uint8Array, start: number, response: OcspSingleResponse): number {
  let position = writeHeader(output, start, SEQUENCE, singleLength(response))
  position = placeBytes(output, position, response.certIdDer)
  position = placeStatus(output, position, response.certStatus)
  position = placeGeneralizedTime(output, position, response.thisUpdate)
  position = writeHeader(output, position, contextConstructed(0), generalizedTimeSize)
  return placeGeneralizedTime(output, position, response.nextUpdate)
}

function placeStatus(output: Uint8Array, start: number, certStatus: OcspCertStatus): number {
  if (certStatus.status !== 'revoked') {
    return writeHeader(output, start, certStatus.status === 'good' ? goodTag : unknownTag, 0)
  }
  const { revocationTime, reason } = certStatus
  let position = writeHeader(output, start, revokedTag, revokedLength(reason))
  position = placeGeneralizedTime(output, position, revocationTime)
  if (reason) {
    position = writeHeader(output, position, contextConstructed(0), 3)
    position = writeHeader(output, position, ENUMERATED, 1)
    output[position] = reason
    position += 1
  }
  return position
}

const nonceOid = oid(oids.ocspNonce)

function nonceExtensionsSize(nonce: Uint8Array): number {
  return elementSize(elementSize(elementSize(nonceExtensionLength(nonce))))
}

function nonceExtensionLength(nonce: Uint8Array): number {
  return nonceOid.length + elementSize(elementSize(nonce.length))
}

/** responseExtensions [1] EXPLICIT with the nonce alone. */
function placeNonceExtensions(output: Uint8Array, start: number, nonce: Uint8Array): void {
  const extensionLength = nonceExtensionLength(nonce)
  const listLength = elementSize(extensionLength)
  let position = writeHeader(output, start, contextConstructed(1), elementSize(listLength))
  position = writeHeader(output, position, SEQUENCE, listLength)
  position = writeHeader(output, position, SEQUENCE, extensionLength)
  position = placeBytes(output, position, nonceOid)
  position = writeHeader(output, position, OCTET_STRING, elementSize(nonce.length))
  placeElement(output, position, OCTET_STRING, nonce)
}

function elementSize(contentLength: number): number {
  return headerLength(contentLength) + contentLength
}
