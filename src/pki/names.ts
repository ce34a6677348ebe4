import { DerReader } from './der/reader.ts'
import { decodeString, hasControlCharacter, type StringEncoding, stringEncodingOf } from './der/strings.ts'
import { ia5String, oid, printableString, sequence, set, utf8String } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { oids } from './oids.ts'

/** One attribute of a name as it stands in an encoding. */
export interface NameAttribute {
  /** Dotted object identifier of the attribute type. */
  readonly type: string
  /** Text of the value; for a value that is no string, `#` and the hexadecimal of its DER. */
  readonly value: string
  /** String type of the value, `der` when it is no string. */
  readonly encoding: StringEncoding | 'der'
  /** Whether it shares the RelativeDistinguishedName of the attribute before it. */
  readonly joined: boolean
}

/** An X.501 name: its attributes in encoded order, most significant first. Empty is the empty name. */
export type Name = readonly NameAttribute[]

/** An attribute to be encoded. */
export interface NameInput {
  readonly type: string
  readonly value: string
}

/** String types asked for by RFC 5280 appendix A.1; every other attribute is written as UTF8String. */
const fixedEncodings: ReadonlyMap<string, 'printable' | 'ia5'> = new Map([
  [oids.countryName, 'printable'],
  [oids.serialNumber, 'printable'],
  [oids.dnQualifier, 'printable'],
  [oids.jurisdictionCountryName, 'printable'],
  [oids.emailAddress, 'ia5'],
  [oids.domainComponent, 'ia5'],
])

/** The string type that `encodeName` writes for values of this attribute type. */
export function nameEncodingOf(type: string): 'printable' | 'ia5' | 'utf8' {
  return fixedEncodings.get(type) ?? 'utf8'
}

/**
 * DER of a name with one attribute per RelativeDistinguishedName, in the order given.
 *
 * Raises PkiError `string_alphabet_invalid` for text that the attribute's string type cannot hold or that is
 * no well-formed Unicode, `control_character` for NUL and other control characters.
 */
export function encodeName(attributes: readonly NameInput[]): Uint8Array {
  return sequence(
    ...attributes.map((attribute) => set(sequence(oid(attribute.type), encodeValue(attribute)))),
  )
}

function encodeValue({ type, value }: NameInput): Uint8Array {
  const encoding = nameEncodingOf(type)
  if (hasControlCharacter(value)) {
    throw new PkiError('control_character', { structure: 'name', oid: type })
  }
  if (!value.isWellFormed()) {
    throw new PkiError('string_alphabet_invalid', { oid: type, encoding })
  }
  if (encoding === 'utf8') {
    return utf8String(value)
  }
  try {
    return encoding === 'printable' ? printableString(value) : ia5String(value)
  } catch (cause) {
    throw new PkiError('string_alphabet_invalid', { oid: type, encoding }, { cause })
  }
}

/**
 * Reads a Name (RFC 5280 section 4.1.2.4) that spans `der`.
 *
 * Raises DerError; PkiError `structure_invalid` for an empty RelativeDistinguishedName,
 * `string_alphabet_invalid` and `control_character` for values whose text has no single reading.
 */
export function parseName(der: Uint8Array): Name {
  const rdns = DerReader.ofSequence(der)
  const attributes: NameAttribute[] = []
  while (!rdns.atEnd) {
    const rdn = rdns.set()
    if (rdn.atEnd) {
      throw new PkiError('structure_invalid', { structure: 'name', field: 'relativeDistinguishedName' })
    }
    for (let joined = false; !rdn.atEnd; joined = true) {
      attributes.push(parseAttribute(rdn.sequence(), joined))
    }
  }
  return attributes
}

function parseAttribute(fields: DerReader, joined: boolean): NameAttribute {
  const type = fields.oid()
  const encoding = stringEncodingOf(fields.peekTag())
  if (encoding === undefined) {
    const value = `#${Buffer.from(fields.raw()).toString('hex')}`
    fields.end()
    return { type, value, encoding: 'der', joined }
  }
  const value = decodeString(encoding, fields.element())
  fields.end()
  if (value === undefined) {
    throw new PkiError('string_alphabet_invalid', { oid: type, encoding })
  }
  if (hasControlCharacter(value)) {
    throw new PkiError('control_character', { structure: 'name', oid: type })
  }
  return { type, value, encoding, joined }
}

/** Values of all attributes of this type, in encoded order. */
export function attributeValues(name: Name, type: string): string[] {
  return name.filter((attribute) => attribute.type === type).map((attribute) => attribute.value)
}

/** The last commonName, which is the most specific one; undefined when there is none. */
export function commonNameOf(name: Name): string | undefined {
  return name.findLast((attribute) => attribute.type === oids.commonName)?.value
}

/** Keywords for display: RFC 4514 section 3, and the usual ones for the rest. */
const keywords: ReadonlyMap<string, string> = new Map([
  [oids.commonName, 'CN'],
  [oids.surname, 'SN'],
  [oids.serialNumber, 'serialNumber'],
  [oids.countryName, 'C'],
  [oids.localityName, 'L'],
  [oids.stateOrProvinceName, 'ST'],
  [oids.streetAddress, 'STREET'],
  [oids.organizationName, 'O'],
  [oids.organizationalUnitName, 'OU'],
  [oids.title, 'title'],
  [oids.businessCategory, 'businessCategory'],
  [oids.postalCode, 'postalCode'],
  [oids.givenName, 'GN'],
  [oids.dnQualifier, 'dnQualifier'],
  [oids.organizationIdentifier, 'organizationIdentifier'],
  [oids.domainComponent, 'DC'],
  [oids.userId, 'UID'],
  [oids.emailAddress, 'emailAddress'],
])

/** RFC 4514 text, most specific attribute first. For display only: it is never read back. */
export function formatName(name: Name): string {
  const rdns: string[] = []
  for (const { type, value, encoding, joined } of name) {
    const text = `${keywords.get(type) ?? type}=${encoding === 'der' ? value : escapeValue(value)}`
    if (joined) {
      rdns.push(`${rdns.pop() ?? ''}+${text}`)
    } else {
      rdns.push(text)
    }
  }
  return rdns.reverse().join(',')
}

/** RFC 4514 section 2.4. */
function escapeValue(value: string): string {
  return value
    .replaceAll(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}

/** DER of the name with nothing in it. */
export const emptyNameDer: Uint8Array = sequence()
