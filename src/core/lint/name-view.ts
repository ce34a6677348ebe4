import { DerReader } from '../../pki/der/reader.ts'
import { decodeString, stringEncodingOf } from '../../pki/der/strings.ts'
import { TELETEX_STRING } from '../../pki/der/tags.ts'
import { latin1 } from '../../pki/octet-text.ts'

/** An attribute as it stands in a name, sound or not. */
export interface AttributeView {
  readonly type: string
  readonly tag: number
  readonly contents: Uint8Array
  /** Text of the contents; for octets outside the string type's alphabet a reading as ISO 8859-1. */
  readonly text: string
  /** Whether the contents lie within the alphabet of their string type; true for other types. */
  readonly wellFormed: boolean
  /** Index of the RelativeDistinguishedName it stands in. */
  readonly rdn: number
}

export type NameView = readonly AttributeView[]

/** Reads a Name; only its structure has to be sound. Raises DerError. */
export function viewName(der: Uint8Array): NameView {
  const rdns = DerReader.ofSequence(der)
  const attributes: AttributeView[] = []
  for (let rdn = 0; !rdns.atEnd; rdn += 1) {
    const set = rdns.set()
    while (!set.atEnd) {
      attributes.push(viewAttribute(set.sequence(), rdn))
    }
  }
  return attributes
}

function viewAttribute(fields: DerReader, rdn: number): AttributeView {
  const type = fields.oid()
  const tag = fields.peekTag()
  const contents = fields.element()
  fields.end()
  const encoding = stringEncodingOf(tag)
  const text = encoding === undefined ? undefined : decodeString(encoding, contents)
  return {
    type,
    tag,
    contents,
    text: text ?? latin1(contents),
    wellFormed: encoding === undefined || tag === TELETEX_STRING || text !== undefined,
    rdn,
  }
}

export function attributesOf(name: NameView, type: string): AttributeView[] {
  return name.filter((attribute) => attribute.type === type)
}

export function hasAttribute(name: NameView, type: string): boolean {
  return name.some((attribute) => attribute.type === type)
}
