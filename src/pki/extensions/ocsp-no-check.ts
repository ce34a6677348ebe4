import { DerReader } from '../der/reader.ts'
import { nullValue } from '../der/writer.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 6960 section 4.2.2.2.1: the status of this OCSP signer is not asked for. Not critical, the value is 05 00 (R6). */
export function encodeOcspNoCheck(): Extension {
  return { oid: oids.ocspNoCheck, critical: false, value: nullValue() }
}

export function parseOcspNoCheck(value: Uint8Array): true {
  const reader = DerReader.of(value)
  reader.null()
  reader.end()
  return true
}
