import { DerReader } from '../der/reader.ts'
import { sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { encodeGeneralName, type GeneralName, parseGeneralNames } from '../general-names.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/**
 * DER of `GeneralNames`, the value of both extensions, in the order given.
 *
 * @throws PkiError `extension_malformed`, defect `empty`: SIZE (1..MAX).
 */
export function encodeAlternativeNames(names: readonly GeneralName[]): Uint8Array {
  if (names.length === 0) {
    throw empty(oids.subjectAltName)
  }
  return sequence(...names.map(encodeGeneralName))
}

/**
 * RFC 5280 section 4.2.1.6.
 *
 * @param critical TRUE exactly when the subject is empty.
 */
export function encodeSubjectAltName(names: readonly GeneralName[], critical: boolean): Extension {
  return { oid: oids.subjectAltName, critical, value: encodeAlternativeNames(names) }
}

/** RFC 5280 section 4.2.1.7, not critical. */
export function encodeIssuerAltName(names: readonly GeneralName[]): Extension {
  return { oid: oids.issuerAltName, critical: false, value: encodeAlternativeNames(names) }
}

export function parseSubjectAltName(value: Uint8Array): GeneralName[] {
  return parseAlternativeNames(oids.subjectAltName, value)
}

export function parseIssuerAltName(value: Uint8Array): GeneralName[] {
  return parseAlternativeNames(oids.issuerAltName, value)
}

function parseAlternativeNames(oid: string, value: Uint8Array): GeneralName[] {
  const names = DerReader.ofSequence(value)
  if (names.atEnd) {
    throw empty(oid)
  }
  return parseGeneralNames(names)
}

function empty(oid: string): PkiError {
  return new PkiError('extension_malformed', { oid, defect: 'empty' })
}
