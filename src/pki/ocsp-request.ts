import { checkDer } from './der/check.ts'
import { DerReader } from './der/reader.ts'
import { SEQUENCE } from './der/tags.ts'
import { explicit, octetString, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { type Extension, encodeExtensions, parseExtensions } from './extensions/extension.ts'
import { type CertId, parseCertId } from './ocsp-cert-id.ts'
import { oids } from './oids.ts'

/** More certificates in one request are refused: each costs a look-up, and clients ask for one. */
export const maximumOcspRequests = 20

/** RFC 9654 section 2.1. */
const longestNonce = 128

export interface OcspRequest {
  /** One to twenty, in the order of the request. */
  readonly certIds: readonly CertId[]
  /** 1 to 128 octets, to be repeated in the answer. */
  readonly nonce?: Uint8Array
}

/**
 * Reads the OCSPRequest that spans `der`, RFC 6960 section 4.1.1. A requestor's name and signature are read over:
 * answers do not depend on who asks.
 *
 * @throws DerError for anything that is not strict DER.
 * @throws PkiError `version_unsupported`, `structure_invalid` for a request for nothing or a hash of the wrong
 * length, `ocsp_requests_too_many`, `ocsp_nonce_length_invalid`, `ocsp_extension_critical_unknown`,
 * `extension_duplicate`, `extensions_empty`, `extension_malformed`. The answer to each is malformedRequest.
 */
export function parseOcspRequest(der: Uint8Array): OcspRequest {
  checkDer(der)
  const outer = DerReader.ofSequence(der)
  const fields = outer.sequence()
  const signatureHolder = outer.optionalExplicit(0)
  if (signatureHolder !== undefined) {
    readOverSignature(signatureHolder)
  }
  outer.end()
  const versionHolder = fields.optionalExplicit(0)
  if (versionHolder !== undefined) {
    refuseVersion(versionHolder)
  }
  const requestorHolder = fields.optionalExplicit(1)
  requestorHolder?.raw()
  requestorHolder?.end()
  const certIds = parseRequestList(fields.sequence())
  const extensionHolder = fields.optionalExplicit(2)
  const nonce = extensionHolder && parseNonce(parseExtensionHolder(extensionHolder))
  fields.end()
  return nonce === undefined ? { certIds } : { certIds, nonce }
}

/** DER of an unsigned OCSPRequest. `certIds` holds the DER of each CertID. */
export function encodeOcspRequest(certIds: readonly Uint8Array[], nonce?: Uint8Array): Uint8Array {
  const requestList = sequence(...certIds.map((certId) => sequence(certId)))
  if (nonce === undefined) {
    return sequence(sequence(requestList))
  }
  const extension: Extension = { oid: oids.ocspNonce, critical: false, value: octetString(nonce) }
  return sequence(sequence(requestList, explicit(2, encodeExtensions([extension]))))
}

function parseRequestList(list: DerReader): CertId[] {
  const certIds: CertId[] = []
  while (!list.atEnd) {
    if (certIds.length === maximumOcspRequests) {
      throw new PkiError('ocsp_requests_too_many', { maximum: maximumOcspRequests })
    }
    const fields = list.sequence()
    certIds.push(parseCertId(fields))
    const extensionHolder = fields.optionalExplicit(0)
    if (extensionHolder !== undefined) {
      parseExtensionHolder(extensionHolder).forEach(refuseCritical)
    }
    fields.end()
  }
  if (certIds.length === 0) {
    throw new PkiError('structure_invalid', { structure: 'ocspRequest', field: 'requestList' })
  }
  return certIds
}

function parseExtensionHolder(holder: DerReader): Extension[] {
  const extensions = parseExtensions(holder)
  holder.end()
  return extensions
}

function parseNonce(extensions: readonly Extension[]): Uint8Array | undefined {
  let nonce: Uint8Array | undefined
  for (const extension of extensions) {
    if (extension.oid === oids.ocspNonce) {
      nonce = nonceOf(extension.value)
    } else {
      refuseCritical(extension)
    }
  }
  return nonce
}

function nonceOf(value: Uint8Array): Uint8Array {
  const reader = DerReader.of(value)
  const nonce = reader.octetString()
  reader.end()
  if (nonce.length === 0 || nonce.length > longestNonce) {
    throw new PkiError('ocsp_nonce_length_invalid', { octets: nonce.length })
  }
  return nonce
}

/** RFC 6960 section 4.4: extensions may be ignored unless they are critical. */
function refuseCritical(extension: Extension): void {
  if (extension.critical) {
    throw new PkiError('ocsp_extension_critical_unknown', { oid: extension.oid })
  }
}

/** v1 is 0, the default, which DER does not write. */
function refuseVersion(holder: DerReader): never {
  const version = holder.smallInteger()
  if (version === 0) {
    throw new PkiError('structure_invalid', { structure: 'ocspRequest', field: 'version' })
  }
  throw new PkiError('version_unsupported', { structure: 'ocspRequest', version })
}

function readOverSignature(holder: DerReader): void {
  const fields = holder.sequence()
  holder.end()
  fields.raw(SEQUENCE)
  fields.bitString()
  const certificateHolder = fields.optionalExplicit(0)
  certificateHolder?.raw(SEQUENCE)
  certificateHolder?.end()
  fields.end()
}
