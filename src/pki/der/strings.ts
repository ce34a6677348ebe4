import { isAscii, isUtf8 } from 'node:buffer'
import { latin1 } from '../octet-text.ts'
import * as tags from './tags.ts'
import { isPrintableString } from './writer.ts'

/** The ASN.1 string types met in names, by short names. */
export type StringEncoding =
  | 'utf8'
  | 'printable'
  | 'ia5'
  | 'numeric'
  | 'visible'
  | 'teletex'
  | 'bmp'
  | 'universal'

/** The string type of a tag, undefined for tags of other types. */
export function stringEncodingOf(tag: number): StringEncoding | undefined {
  switch (tag) {
    case tags.UTF8_STRING:
      return 'utf8'
    case tags.PRINTABLE_STRING:
      return 'printable'
    case tags.IA5_STRING:
      return 'ia5'
    case tags.NUMERIC_STRING:
      return 'numeric'
    case tags.VISIBLE_STRING:
      return 'visible'
    case tags.TELETEX_STRING:
      return 'teletex'
    case tags.BMP_STRING:
      return 'bmp'
    case tags.UNIVERSAL_STRING:
      return 'universal'
    default:
      return undefined
  }
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Text of the contents of a string type; undefined when an octet lies outside the type's alphabet.
 * TeletexString is read as ISO 8859-1, which is what its writers mean by it in practice.
 */
export function decodeString(encoding: StringEncoding, contents: Uint8Array): string | undefined {
  switch (encoding) {
    case 'utf8':
      return isUtf8(contents) ? utf8Decoder.decode(contents) : undefined
    case 'teletex':
      return latin1(contents)
    case 'bmp':
      return decodeBmp(contents)
    case 'universal':
      return decodeUniversal(contents)
    case 'ia5':
      return isAscii(contents) ? latin1(contents) : undefined
    case 'printable':
      return matching(contents, isPrintableString)
    case 'numeric':
      return matching(contents, (text) => /^[0-9 ]*$/.test(text))
    case 'visible':
      return matching(contents, (text) => /^[ -~]*$/.test(text))
  }
}

/** Whether the text holds NUL or another control character (C0, DEL, C1). */
export function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) {
      return true
    }
  }
  return false
}

function matching(contents: Uint8Array, accepts: (text: string) => boolean): string | undefined {
  const text = latin1(contents)
  return accepts(text) ? text : undefined
}

function decodeBmp(contents: Uint8Array): string | undefined {
  if (contents.length % 2 !== 0) {
    return undefined
  }
  const text = Buffer.from(contents).swap16().toString('utf16le')
  // The Basic Multilingual Plane has no surrogates, paired or not.
  return /[\ud800-\udfff]/.test(text) ? undefined : text
}

function decodeUniversal(contents: Uint8Array): string | undefined {
  if (contents.length % 4 !== 0) {
    return undefined
  }
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length)
  let text = ''
  for (let index = 0; index < contents.length; index += 4) {
    const codePoint = view.getUint32(index)
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      return undefined
    }
    text += String.fromCodePoint(codePoint)
  }
  return text
}
