import { isAscii } from 'node:buffer'
import type { DerReader } from './der/reader.ts'
import { hasControlCharacter } from './der/strings.ts'
import {
  explicit,
  ia5Contents,
  implicit,
  implicitConstructed,
  oid,
  oidContents,
  sequence,
} from './der/writer.ts'
import { PkiError } from './errors.ts'
import { parseName } from './names.ts'

export { formatIpAddress, parseIpAddress } from './ip-addresses.ts'

/** RFC 5280 section 4.2.1.6. Texts are ASCII without control characters; no other rule is applied to them. */
export type GeneralName =
  | { readonly type: 'dns'; readonly value: string }
  | { readonly type: 'email'; readonly value: string }
  | { readonly type: 'uri'; readonly value: string }
  /** 4 or 16 octets of address; in a constraint 8 or 32, address and mask. */
  | { readonly type: 'ip'; readonly bytes: Uint8Array }
  /** `der` is a Name. */
  | { readonly type: 'directory'; readonly der: Uint8Array }
  /** `value` is the DER of the value, without its [0] tag. */
  | { readonly type: 'other'; readonly oid: string; readonly value: Uint8Array }
  | { readonly type: 'registeredId'; readonly oid: string }
  /** The forms nobody uses; `der` is the element with its tag. */
  | { readonly type: 'x400' | 'ediParty'; readonly der: Uint8Array }

/** A constraint carries a mask after each IP address (RFC 5280 section 4.2.1.10). */
export type GeneralNamePlace = 'name' | 'constraint'

/** DER of one GeneralName. Raises PkiError as parsing does. */
export function encodeGeneralName(name: GeneralName): Uint8Array {
  switch (name.type) {
    case 'other':
      return implicitConstructed(0, oid(name.oid), explicit(0, name.value))
    case 'email':
      return implicit(1, textContents(name.value))
    case 'dns':
      return implicit(2, textContents(name.value))
    case 'directory':
      // A CHOICE inside a tag makes the tag explicit.
      return explicit(4, name.der)
    case 'uri':
      return implicit(6, textContents(name.value))
    case 'ip':
      return implicit(7, name.bytes)
    case 'registeredId':
      return implicit(8, oidContents(name.oid))
    case 'x400':
    case 'ediParty':
      return name.der
  }
}

/** DER of GeneralNames: the names in the order given. */
export function encodeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return sequence(...names.map((name) => encodeGeneralName(name)))
}

/** Reads all names up to the end of the reader, which covers the contents of GeneralNames. */
export function parseGeneralNames(names: DerReader, place: GeneralNamePlace = 'name'): GeneralName[] {
  const parsed: GeneralName[] = []
  while (!names.atEnd) {
    parsed.push(parseGeneralName(names, place))
  }
  return parsed
}

/**
 * Reads the next element as a GeneralName.
 *
 * Raises DerError; PkiError `string_alphabet_invalid`, `control_character`, `ip_address_length_invalid`,
 * `structure_invalid` for a tag that names no form, and what parseName raises.
 */
export function parseGeneralName(reader: DerReader, place: GeneralNamePlace = 'name'): GeneralName {
  switch (reader.peekTag()) {
    case 0xa0:
      return parseOtherName(reader.implicitConstructed(0))
    case 0x81:
      return { type: 'email', value: textOf(reader.implicit(1)) }
    case 0x82:
      return { type: 'dns', value: textOf(reader.implicit(2)) }
    case 0xa3:
      return { type: 'x400', der: reader.raw() }
    case 0xa4:
      return parseDirectoryName(reader.explicit(4))
    case 0xa5:
      return { type: 'ediParty', der: reader.raw() }
    case 0x86:
      return { type: 'uri', value: textOf(reader.implicit(6)) }
    case 0x87:
      return { type: 'ip', bytes: addressOf(reader.implicit(7), place) }
    case 0x88:
      return { type: 'registeredId', oid: reader.implicitOid(8) }
    default:
      throw new PkiError('structure_invalid', { structure: 'generalName', field: 'choice' })
  }
}

function parseOtherName(fields: DerReader): GeneralName {
  const typeId = fields.oid()
  const holder = fields.explicit(0)
  const value = holder.raw()
  holder.end()
  fields.end()
  return { type: 'other', oid: typeId, value }
}

function parseDirectoryName(holder: DerReader): GeneralName {
  const der = holder.raw()
  holder.end()
  parseName(der)
  return { type: 'directory', der }
}

function addressOf(bytes: Uint8Array, place: GeneralNamePlace): Uint8Array {
  const octets = place === 'name' ? bytes.length : bytes.length / 2
  if (octets !== 4 && octets !== 16) {
    throw new PkiError('ip_address_length_invalid', { octets: bytes.length })
  }
  return bytes
}

function textOf(contents: Uint8Array): string {
  if (!isAscii(contents)) {
    throw new PkiError('string_alphabet_invalid', { oid: undefined, encoding: 'ia5' })
  }
  const text = Buffer.from(contents.buffer, contents.byteOffset, contents.length).toString('latin1')
  refuseControlCharacters(text)
  return text
}

function textContents(text: string): Uint8Array {
  refuseControlCharacters(text)
  try {
    return ia5Contents(text)
  } catch (cause) {
    throw new PkiError('string_alphabet_invalid', { oid: undefined, encoding: 'ia5' }, { cause })
  }
}

/** A NUL would end the name early for readers in C: what one program checks is not what another sees. */
function refuseControlCharacters(text: string): void {
  if (hasControlCharacter(text)) {
    throw new PkiError('control_character', { structure: 'generalName', oid: undefined })
  }
}
