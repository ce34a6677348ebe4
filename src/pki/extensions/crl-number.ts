import { DerReader } from '../der/reader.ts'
import { integer } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 5280 section 5.2.3: CRL numbers have at most 20 octets. */
const largestNumber = 2n ** 159n - 1n

/** The extension, not critical. Numbers of one issuer and scope only rise. */
export function encodeCrlNumber(crlNumber: number | bigint): Extension {
  if (crlNumber < 0 || BigInt(crlNumber) > largestNumber) {
    throw malformed()
  }
  return { oid: oids.cRLNumber, critical: false, value: integer(crlNumber) }
}

/** @throws PkiError `extension_malformed`, defect `out_of_range`, for a negative number or more than 20 octets. */
export function parseCrlNumber(value: Uint8Array): bigint {
  const reader = DerReader.of(value)
  const contents = reader.integer()
  reader.end()
  if (contents.length > 20 || (contents[0] ?? 0) > 0x7f) {
    throw malformed()
  }
  let crlNumber = 0n
  for (const octet of contents) {
    crlNumber = (crlNumber << 8n) | BigInt(octet)
  }
  return crlNumber
}

function malformed(): PkiError {
  return new PkiError('extension_malformed', { oid: oids.cRLNumber, defect: 'out_of_range' })
}
