import { DerReader } from '../der/reader.ts'
import { enumerated, generalizedTime } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** CRLReason, RFC 5280 section 5.3.1: 0 unspecified, 1 keyCompromise … 10 aACompromise; 7 is not used. */
export type CrlReason = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 8 | 9 | 10

export function isCrlReason(code: number): code is CrlReason {
  return Number.isInteger(code) && code >= 0 && code <= 10 && code !== 7
}

/**
 * RFC 5280 section 5.3.1, not critical.
 *
 * @throws PkiError `extension_malformed`, defect `out_of_range`, for 0: unspecified is written as absence (R9).
 */
export function encodeReasonCode(reason: CrlReason): Extension {
  if (reason === 0 || !isCrlReason(reason)) {
    throw outOfRange()
  }
  return { oid: oids.reasonCode, critical: false, value: enumerated(reason) }
}

/** @throws PkiError `extension_malformed`, defect `out_of_range`, for a number that is no CRLReason. */
export function parseReasonCode(value: Uint8Array): CrlReason {
  const reader = DerReader.of(value)
  const code = reader.enumerated()
  reader.end()
  if (!isCrlReason(code)) {
    throw outOfRange()
  }
  return code
}

/** RFC 5280 section 5.3.2, not critical: always GeneralizedTime. Milliseconds since 1970, UTC. */
export function encodeInvalidityDate(milliseconds: number): Extension {
  return { oid: oids.invalidityDate, critical: false, value: generalizedTime(milliseconds) }
}

export function parseInvalidityDate(value: Uint8Array): number {
  const reader = DerReader.of(value)
  const milliseconds = reader.generalizedTime()
  reader.end()
  return milliseconds
}

function outOfRange(): PkiError {
  return new PkiError('extension_malformed', { oid: oids.reasonCode, defect: 'out_of_range' })
}
