import { DerReader } from '../der/reader.ts'
import { decodeString, stringEncodingOf } from '../der/strings.ts'

/**
 * Whether a Name lies in the subtree of another: its first RelativeDistinguishedNames equal all of the base's.
 * RFC 5280 section 7.1: texts are compared after stringprep, without regard to case, string type and repeated
 * spaces; other values by their octets.
 *
 * @throws DerError for bytes that are no Name.
 */
export function isNameWithin(nameDer: Uint8Array, baseDer: Uint8Array): boolean {
  const name = DerReader.ofSequence(nameDer)
  const base = DerReader.ofSequence(baseDer)
  while (!base.atEnd) {
    if (name.atEnd || comparableRdn(name.set()) !== comparableRdn(base.set())) {
      return false
    }
  }
  return true
}

/** One text for all encodings of an equal RelativeDistinguishedName, whatever the order of its attributes. */
function comparableRdn(rdn: DerReader): string {
  const attributes: string[] = []
  while (!rdn.atEnd) {
    const fields = rdn.sequence()
    attributes.push(`${fields.oid()} ${comparableValue(fields)}`)
    fields.end()
  }
  return JSON.stringify(attributes.toSorted())
}

function comparableValue(fields: DerReader): string {
  const encoding = stringEncodingOf(fields.peekTag())
  const der = fields.raw()
  const text = encoding && decodeString(encoding, DerReader.of(der).element())
  // A text starts with a quotation mark that no octets in hexadecimal have.
  return text === undefined ? Buffer.from(der).toString('hex') : `"${prepare(text)}`
}

/** RFC 4518 as far as it matters between names in use: compatibility form, folded case, insignificant spaces. */
function prepare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .join(' ')
}
