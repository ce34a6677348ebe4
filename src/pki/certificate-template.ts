import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import {
  checkSerialNumber,
  placeBytes,
  placeElement,
  placeInteger,
  placeTime,
  timeSize,
} from './der/placement.ts'
import { contextConstructed, OCTET_STRING, SEQUENCE } from './der/tags.ts'
import { boolean, concat, headerLength, oid, writeHeader } from './der/writer.ts'
import { type Extension, encodeExtension } from './extensions/extension.ts'
import { oids } from './oids.ts'
import { assembleSigned } from './signed-object.ts'

/** An extension whose value comes with each certificate. */
export type ExtensionSlot = 'subjectKeyIdentifier' | 'subjectAltName'

export interface CertificateTemplateOptions {
  /** The issuer's subject name, copied byte for byte. */
  readonly issuerDer: Uint8Array
  readonly signatureAlgorithm: SignatureAlgorithm
  /** The whole extension set in its order; one of them at least is no slot. */
  readonly extensions: readonly (Extension | ExtensionSlot)[]
}

/** What differs from certificate to certificate. */
export interface CertificateFields {
  /** Contents octets of the INTEGER: positive, fewest octets, at most 20. */
  readonly serialNumber: Uint8Array
  /** Milliseconds since 1970, UTC; whole seconds are written. Both ends belong to the validity. */
  readonly notBefore: number
  readonly notAfter: number
  /** DER of the Name; an empty SEQUENCE makes the alternative names critical. */
  readonly subjectDer: Uint8Array
  /** DER of the SubjectPublicKeyInfo. */
  readonly spkiDer: Uint8Array
  /** DER of GeneralNames. Absent: the extension is left out. */
  readonly subjectAltName?: Uint8Array
  /** Octets of the key identifier. Needed where the template has the slot, else not used. */
  readonly subjectKeyIdentifier?: Uint8Array
}

/** The certificates of one issuer and profile, encoded but for the fields. */
export interface CertificateTemplate {
  readonly signatureAlgorithm: SignatureAlgorithm
  /**
   * DER of the tbsCertificate, RFC 5280 section 4.1.2: version 3, no unique identifiers.
   *
   * @throws RangeError for fields no certificate of this template can have: a serial number or time without
   * encoding, notAfter before notBefore, alternative names without their slot, no key identifier for its slot,
   * an empty subject without alternative names.
   */
  tbs(fields: CertificateFields): Uint8Array
}

/** version [0] EXPLICIT v3 */
const version3 = Uint8Array.of(0xa0, 0x03, 0x02, 0x01, 0x02)
const emptyNameSize = 2
const criticalTrue = boolean(true)

/**
 * Encodes what all certificates of an issuer and profile share.
 *
 * @throws RangeError for an extension set with a repetition or with slots alone.
 */
export function compileCertificateTemplate(options: CertificateTemplateOptions): CertificateTemplate {
  const { signatureAlgorithm } = options
  checkExtensionSet(options.extensions)
  // RFC 5280 sections 4.1.2.3 and 4.1.2.4: signature and issuer follow the serial number.
  const algorithmAndIssuer = concat(signatureAlgorithms[signatureAlgorithm].identifierDer, options.issuerDer)
  const pieces = joinFixed(options.extensions)
  return { signatureAlgorithm, tbs: (fields) => encodeTbs(algorithmAndIssuer, pieces, fields) }
}

/** DER of the Certificate around signed bytes of a template. `signature` holds the octets of the BIT STRING. */
export function assembleCertificate(
  tbsDer: Uint8Array,
  signatureAlgorithm: SignatureAlgorithm,
  signature: Uint8Array,
): Uint8Array {
  return assembleSigned(tbsDer, signatureAlgorithm, signature)
}

function encodeTbs(
  algorithmAndIssuer: Uint8Array,
  pieces: readonly (Uint8Array | ExtensionSlot)[],
  fields: CertificateFields,
): Uint8Array {
  checkFields(pieces, fields)
  const { serialNumber, notBefore, notAfter, subjectDer, spkiDer } = fields
  const criticalNames = subjectDer.length === emptyNameSize
  let extensionsLength = 0
  for (const piece of pieces) {
    extensionsLength += typeof piece === 'string' ? slotSize(piece, fields, criticalNames) : piece.length
  }
  const listLength = headerLength(extensionsLength) + extensionsLength
  const validityLength = timeSize(notBefore) + timeSize(notAfter)
  const length =
    version3.length +
    2 +
    serialNumber.length +
    algorithmAndIssuer.length +
    2 +
    validityLength +
    subjectDer.length +
    spkiDer.length +
    headerLength(listLength) +
    listLength
  const output = new Uint8Array(headerLength(length) + length)
  let position = writeHeader(output, 0, SEQUENCE, length)
  position = placeBytes(output, position, version3)
  position = placeInteger(output, position, serialNumber)
  position = placeBytes(output, position, algorithmAndIssuer)
  position = writeHeader(output, position, SEQUENCE, validityLength)
  position = placeTime(output, position, notBefore)
  position = placeTime(output, position, notAfter)
  position = placeBytes(output, position, subjectDer)
  position = placeBytes(output, position, spkiDer)
  position = writeHeader(output, position, contextConstructed(3), listLength)
  position = writeHeader(output, position, SEQUENCE, extensionsLength)
  for (const piece of pieces) {
    position =
      typeof piece === 'string'
        ? placeSlot(output, position, piece, fields, criticalNames)
        : placeBytes(output, position, piece)
  }
  return output
}

function checkFields(pieces: readonly (Uint8Array | ExtensionSlot)[], fields: CertificateFields): void {
  checkSerialNumber(fields.serialNumber)
  if (fields.notAfter < fields.notBefore) {
    throw new RangeError('notAfter lies before notBefore')
  }
  if (fields.subjectAltName === undefined) {
    // RFC 5280 section 4.1.2.6: a subject is named in one of the two places.
    if (fields.subjectDer.length === emptyNameSize) {
      throw new RangeError('an empty subject needs alternative names')
    }
  } else if (!pieces.includes('subjectAltName')) {
    throw new RangeError('the template has no place for alternative names')
  }
  if (fields.subjectKeyIdentifier === undefined && pieces.includes('subjectKeyIdentifier')) {
    throw new RangeError('the template needs the subject key identifier')
  }
}

function slotSize(slot: ExtensionSlot, fields: CertificateFields, criticalNames: boolean): number {
  const length = slotLength(slot, fields, criticalNames)
  return length === 0 ? 0 : headerLength(length) + length
}

/** Length of the contents of the slot's Extension, 0 when it is left out. */
function slotLength(slot: ExtensionSlot, fields: CertificateFields, criticalNames: boolean): number {
  if (slot === 'subjectKeyIdentifier') {
    const valueLength = octetStringSize(fields.subjectKeyIdentifier?.length ?? 0)
    return keyIdentifierOid.length + octetStringSize(valueLength)
  }
  if (fields.subjectAltName === undefined) {
    return 0
  }
  const flagLength = criticalNames ? criticalTrue.length : 0
  return alternativeNameOid.length + flagLength + octetStringSize(fields.subjectAltName.length)
}

function placeSlot(
  output: Uint8Array,
  start: number,
  slot: ExtensionSlot,
  fields: CertificateFields,
  criticalNames: boolean,
): number {
  const length = slotLength(slot, fields, criticalNames)
  if (length === 0) {
    return start
  }
  let position = writeHeader(output, start, SEQUENCE, length)
  if (slot === 'subjectKeyIdentifier') {
    const keyIdentifier = fields.subjectKeyIdentifier ?? noOctets
    position = placeBytes(output, position, keyIdentifierOid)
    position = writeHeader(output, position, OCTET_STRING, octetStringSize(keyIdentifier.length))
    return placeElement(output, position, OCTET_STRING, keyIdentifier)
  }
  position = placeBytes(output, position, alternativeNameOid)
  if (criticalNames) {
    position = placeBytes(output, position, criticalTrue)
  }
  return placeElement(output, position, OCTET_STRING, fields.subjectAltName ?? noOctets)
}

const keyIdentifierOid = oid(oids.subjectKeyIdentifier)
const alternativeNameOid = oid(oids.subjectAltName)
const noOctets = new Uint8Array(0)

function octetStringSize(length: number): number {
  return headerLength(length) + length
}

/** Fixed extensions that follow each other become one run of bytes. */
function joinFixed(extensions: readonly (Extension | ExtensionSlot)[]): (Uint8Array | ExtensionSlot)[] {
  const pieces: (Uint8Array | ExtensionSlot)[] = []
  let fixed: Uint8Array[] = []
  for (const extension of extensions) {
    if (typeof extension !== 'string') {
      fixed.push(encodeExtension(extension))
      continue
    }
    if (fixed.length > 0) {
      pieces.push(concat(...fixed))
      fixed = []
    }
    pieces.push(extension)
  }
  return fixed.length > 0 ? [...pieces, concat(...fixed)] : pieces
}

function checkExtensionSet(extensions: readonly (Extension | ExtensionSlot)[]): void {
  const identifiers = extensions.map((entry) => (typeof entry === 'string' ? oids[entry] : entry.oid))
  if (new Set(identifiers).size !== identifiers.length) {
    throw new RangeError('an extension stands in the template twice')
  }
  // RFC 5280 section 4.1.2.9: extensions are one or more; a slot may stay empty.
  if (extensions.every((entry) => typeof entry === 'string')) {
    throw new RangeError('a template needs an extension that every certificate has')
  }
}
