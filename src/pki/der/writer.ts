/**
 * Writes DER. Each function returns a complete element (identifier, length, contents) in a buffer of exact
 * size. Arguments come from our own code: a value that has no encoding is a RangeError, not a DerError.
 */
import * as tags from './tags.ts'

/** One element: `tag`, the length in fewest octets, then the parts one after the other. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) {
    length += part.length
  }
  const header = headerLength(length)
  const output = new Uint8Array(header + length)
  let position = writeHeader(output, 0, tag, length)
  for (const part of parts) {
    output.set(part, position)
    position += part.length
  }
  return output
}

/** Number of octets that identifier and length take before contents of `contentLength` octets. */
export function headerLength(contentLength: number): number {
  if (contentLength < 0x80) return 2
  if (contentLength < 0x100) return 3
  if (contentLength < 0x10000) return 4
  return contentLength < 0x1000000 ? 5 : 6
}

/** Writes identifier and length into `output` and returns the position after them. */
export function writeHeader(
  output: Uint8Array,
  position: number,
  tag: number,
  contentLength: number,
): number {
  output[position] = tag
  const size = headerLength(contentLength)
  if (size === 2) {
    output[position + 1] = contentLength
    return position + 2
  }
  output[position + 1] = 0x80 | (size - 2)
  let rest = contentLength
  for (let index = position + size - 1; index > position + 1; index -= 1) {
    output[index] = rest & 0xff
    rest = Math.floor(rest / 256)
  }
  return position + size
}

/** Bytes one after the other, without a header. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) {
    length += part.length
  }
  const output = new Uint8Array(length)
  let position = 0
  for (const part of parts) {
    output.set(part, position)
    position += part.length
  }
  return output
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(tags.SEQUENCE, ...parts)
}

/** SET OF: the parts are put into the order of X.690 section 11.6. */
export function set(...parts: readonly Uint8Array[]): Uint8Array {
  return parts.length < 2 ? tlv(tags.SET, ...parts) : tlv(tags.SET, ...parts.toSorted(Buffer.compare))
}

export function explicit(number: number, part: Uint8Array): Uint8Array {
  return tlv(tags.contextConstructed(number), part)
}

/** [number] IMPLICIT over a primitive type, given the contents of that type. */
export function implicit(number: number, contents: Uint8Array): Uint8Array {
  return tlv(tags.contextPrimitive(number), contents)
}

/** [number] IMPLICIT over a constructed type, given its elements. */
export function implicitConstructed(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(tags.contextConstructed(number), ...parts)
}

export function boolean(value: boolean): Uint8Array {
  return Uint8Array.of(tags.BOOLEAN, 1, value ? 0xff : 0x00)
}

export function nullValue(): Uint8Array {
  return Uint8Array.of(tags.NULL, 0)
}

/**
 * An INTEGER. Bytes are an unsigned big-endian magnitude: leading zeros are dropped and one is put before a
 * set top bit. Numbers must be safe integers.
 */
export function integer(value: Uint8Array | number | bigint): Uint8Array {
  if (value instanceof Uint8Array) {
    return tlv(tags.INTEGER, unsignedContents(value))
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError('integer needs a safe integer')
  }
  return tlv(tags.INTEGER, signedContents(BigInt(value)))
}

/** An ENUMERATED from 0 to 127, which covers every enumeration of X.509 and OCSP. */
export function enumerated(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0x7f) {
    throw new RangeError('enumerated needs a value from 0 to 127')
  }
  return Uint8Array.of(tags.ENUMERATED, 1, value)
}

function unsignedContents(magnitude: Uint8Array): Uint8Array {
  let first = 0
  while (first < magnitude.length - 1 && magnitude[first] === 0) {
    first += 1
  }
  const digits = magnitude.subarray(first)
  if (digits.length === 0) {
    return Uint8Array.of(0)
  }
  return (digits[0] ?? 0) < 0x80 ? digits : concat(Uint8Array.of(0), digits)
}

function signedContents(value: bigint): Uint8Array {
  let octets = 1
  while (BigInt.asIntN(octets * 8, value) !== value) {
    octets += 1
  }
  const contents = new Uint8Array(octets)
  let rest = value
  for (let index = octets - 1; index >= 0; index -= 1) {
    contents[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return contents
}

/** Encoded identifiers are shared; the bound keeps identifiers that come from outside from growing it. */
const oidCache = new Map<string, Uint8Array>()
const oidCacheLimit = 512

/** OBJECT IDENTIFIER from its dotted form. The buffer is shared between callers and must not be changed. */
export function oid(dotted: string): Uint8Array {
  const known = oidCache.get(dotted)
  if (known !== undefined) {
    return known
  }
  const encoded = tlv(tags.OBJECT_IDENTIFIER, oidContents(dotted))
  if (oidCache.size < oidCacheLimit) {
    oidCache.set(dotted, encoded)
  }
  return encoded
}

/** Contents octets of an OBJECT IDENTIFIER (X.690 section 8.19). */
export function oidContents(dotted: string): Uint8Array {
  if (dotted.length > 256 || !/^[0-2](\.(0|[1-9][0-9]*))+$/.test(dotted)) {
    throw new RangeError('not a dotted object identifier')
  }
  const [root = 0n, second = 0n, ...arcs] = dotted.split('.').map(BigInt)
  if (root < 2n && second > 39n) {
    throw new RangeError('not a dotted object identifier')
  }
  const octets: number[] = []
  for (const arc of [root * 40n + second, ...arcs]) {
    const base128 = [Number(arc & 0x7fn)]
    for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) {
      base128.unshift(Number(rest & 0x7fn) | 0x80)
    }
    octets.push(...base128)
  }
  return Uint8Array.from(octets)
}

export function octetString(contents: Uint8Array): Uint8Array {
  return tlv(tags.OCTET_STRING, contents)
}

/** BIT STRING; the lowest `unusedBits` bits of the last octet must be zero. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return tlv(tags.BIT_STRING, Uint8Array.of(unusedBits), bytes)
}

/** Named bit list (X.690 section 11.2.2) with the bits at `positions` set; bit 0 is the first on the wire. */
export function namedBits(positions: readonly number[]): Uint8Array {
  if (positions.length === 0) {
    return bitString(new Uint8Array(0))
  }
  const highest = Math.max(...positions)
  const bytes = new Uint8Array((highest >> 3) + 1)
  for (const position of positions) {
    bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7))
  }
  return bitString(bytes, 7 - (highest & 7))
}

const utf8 = new TextEncoder()

export function utf8String(text: string): Uint8Array {
  return tlv(tags.UTF8_STRING, utf8.encode(text))
}

/** PrintableString (X.680 section 41.4); other characters are a RangeError. */
export function printableString(text: string): Uint8Array {
  if (!isPrintableString(text)) {
    throw new RangeError('not a PrintableString')
  }
  return tlv(tags.PRINTABLE_STRING, utf8.encode(text))
}

/** Whether every character is a letter A-Z or a-z, a digit, a space or one of ' ( ) + , - . / : = ? */
export function isPrintableString(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)
}

/** IA5String: characters up to U+007F, else RangeError. */
export function ia5String(text: string): Uint8Array {
  return tlv(tags.IA5_STRING, ia5Contents(text))
}

/** Octets of an IA5String, for names under an IMPLICIT tag. */
export function ia5Contents(text: string): Uint8Array {
  const octets = utf8.encode(text)
  if (octets.length !== text.length) {
    throw new RangeError('not an IA5String')
  }
  return octets
}

/** Times are given in milliseconds since 1970, UTC; parts of a second are cut off. */
export function utcTime(milliseconds: number): Uint8Array {
  const year = new Date(milliseconds).getUTCFullYear()
  if (!(year >= 1950 && year <= 2049)) {
    throw new RangeError('UTCTime covers 1950 to 2049')
  }
  return tlv(tags.UTC_TIME, utf8.encode(compactTime(milliseconds).slice(2)))
}

export function generalizedTime(milliseconds: number): Uint8Array {
  const year = new Date(milliseconds).getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) {
    throw new RangeError('GeneralizedTime covers the years 0 to 9999')
  }
  return tlv(tags.GENERALIZED_TIME, utf8.encode(compactTime(milliseconds)))
}

/** RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on (and before 1950). */
export function time(milliseconds: number): Uint8Array {
  const year = new Date(milliseconds).getUTCFullYear()
  return year >= 1950 && year <= 2049 ? utcTime(milliseconds) : generalizedTime(milliseconds)
}

function compactTime(milliseconds: number): string {
  // 2026-01-02T03:04:05.678Z; the punctuation has fixed places.
  const text = new Date(milliseconds).toISOString()
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 10)}${text.slice(11, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`
}
