import { DerReader } from '../der/reader.ts'
import { nullValue } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 6962 section 3.2, version 1. Other versions keep their bytes in `body` alone. */
export interface SignedCertificateTimestamp {
  /** 0 is version 1. */
  readonly version: number
  /** What follows the version octet, unparsed. */
  readonly body: Uint8Array
  /** SHA-256 of the log's key; version 1 only. */
  readonly logId?: Uint8Array
  /** Milliseconds since 1970, UTC; version 1 only. */
  readonly timestamp?: number
}

/** RFC 6962 section 3.1: what makes a precertificate unfit for use; critical, its value is NULL. */
export function encodeCtPoison(): Extension {
  return { oid: oids.ctPoison, critical: true, value: nullValue() }
}

export function parseCtPoison(value: Uint8Array): true {
  const reader = DerReader.of(value)
  reader.null()
  reader.end()
  return true
}

/**
 * RFC 6962 section 3.3: an OCTET STRING that holds a TLS list of opaque items with two-octet lengths.
 *
 * @throws PkiError `extension_malformed`: defect `empty` for an empty list or item, `incomplete` where lengths do
 * not fit.
 */
export function parseSignedCertificateTimestamps(value: Uint8Array): SignedCertificateTimestamp[] {
  const reader = DerReader.of(value)
  const list = reader.octetString()
  reader.end()
  if (list.length < 2 || unsigned16(list, 0) !== list.length - 2) {
    throw malformed('incomplete')
  }
  if (list.length === 2) {
    throw malformed('empty')
  }
  const timestamps: SignedCertificateTimestamp[] = []
  let position = 2
  while (position < list.length) {
    const start = position + 2
    const end = start + unsigned16(list, position)
    if (start > list.length || end > list.length) {
      throw malformed('incomplete')
    }
    timestamps.push(parseTimestamp(list.subarray(start, end)))
    position = end
  }
  return timestamps
}

/** Log id 32, timestamp 8, length of extensions 2, hash and signature algorithm 2, length of signature 2. */
const smallestBody = 46

function parseTimestamp(item: Uint8Array): SignedCertificateTimestamp {
  const version = item[0]
  if (version === undefined) {
    throw malformed('empty')
  }
  const body = item.subarray(1)
  if (version !== 0) {
    return { version, body }
  }
  const signatureStart = 44 + (body.length < smallestBody ? 0 : unsigned16(body, 40))
  if (
    body.length < signatureStart + 2 ||
    unsigned16(body, signatureStart) !== body.length - signatureStart - 2
  ) {
    throw malformed('incomplete')
  }
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  return { version, body, logId: body.subarray(0, 32), timestamp: Number(view.getBigUint64(32)) }
}

function unsigned16(bytes: Uint8Array, position: number): number {
  return ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0)
}

function malformed(defect: 'empty' | 'incomplete'): PkiError {
  return new PkiError('extension_malformed', { oid: oids.signedCertificateTimestamps, defect })
}
