import { DerReader } from '../der/reader.ts'
import { checkInteger } from '../der/values.ts'
import { implicit, octetString, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { type GeneralName, parseGeneralNames } from '../general-names.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 5280 section 4.2.1.1. Ours name the key alone; others may add issuer and serial number, always both. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array
  readonly authorityCertIssuer?: readonly GeneralName[]
  /** Contents octets of the INTEGER. */
  readonly authorityCertSerialNumber?: Uint8Array
}

/** RFC 5280 section 4.2.1.2, never critical. */
export function encodeSubjectKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return { oid: oids.subjectKeyIdentifier, critical: false, value: octetString(keyIdentifier) }
}

export function parseSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  const reader = DerReader.of(value)
  const keyIdentifier = reader.octetString()
  reader.end()
  return keyIdentifier
}

/**
 * RFC 5280 section 4.2.1.1, never critical; keyid only (V13): naming issuer and serial number would tie
 * certificates and CRLs to one certificate of a CA that may be renewed with the same key.
 *
 * @param keyIdentifier the octets of the issuer's subjectKeyIdentifier.
 */
export function encodeAuthorityKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return { oid: oids.authorityKeyIdentifier, critical: false, value: sequence(implicit(0, keyIdentifier)) }
}

/** @throws PkiError `extension_malformed`, defect `incomplete`, where issuer and serial number do not come together. */
export function parseAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const fields = DerReader.ofSequence(value)
  const keyIdentifier = fields.optionalImplicit(0)
  const issuer = fields.optionalImplicitConstructed(1)
  const authorityCertIssuer = issuer && parseGeneralNames(issuer)
  const authorityCertSerialNumber = fields.optionalImplicit(2)
  fields.end()
  if ((authorityCertIssuer === undefined) !== (authorityCertSerialNumber === undefined)) {
    throw new PkiError('extension_malformed', { oid: oids.authorityKeyIdentifier, defect: 'incomplete' })
  }
  if (authorityCertSerialNumber !== undefined) {
    checkInteger(authorityCertSerialNumber, 0, authorityCertSerialNumber.length, LONGEST_SERIAL_NUMBER)
  }
  return {
    ...(keyIdentifier && { keyIdentifier }),
    ...(authorityCertIssuer && { authorityCertIssuer }),
    ...(authorityCertSerialNumber && { authorityCertSerialNumber }),
  }
}

/** Octets; others wrote longer ones than RFC 5280 allows, and the linter says so. */
const LONGEST_SERIAL_NUMBER = 64
