import { defaultDerLimits } from './check.ts'
import { DerError } from './errors.ts'
import { elementEnd, headerSize } from './header.ts'
import * as tags from './tags.ts'
import { checkBitString, checkInteger, checkOid, formatOid, readBoolean, readTime } from './values.ts'

/** Contents of a BIT STRING; `bytes` holds the bits from the highest of its first octet on. */
export interface BitString {
  /** 0 to 7; these lowest bits of the last octet are zero. */
  readonly unusedBits: number
  readonly bytes: Uint8Array
}

/**
 * A cursor over a run of DER elements. Nothing is copied: what it returns are views of the buffer given.
 * Every method consumes one element and raises DerError when that element is absent, of another type or
 * not strict DER. Safe on bytes that did not pass checkDer.
 */
export class DerReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #position: number

  private constructor(bytes: Uint8Array, position: number, end: number) {
    this.#bytes = bytes
    this.#position = position
    this.#end = end
  }

  /** Reads the elements that lie side by side in `bytes`. */
  static of(bytes: Uint8Array): DerReader {
    return new DerReader(bytes, 0, bytes.length)
  }

  /** Opens the one SEQUENCE that spans `bytes`; anything after it is `trailing_bytes`. */
  static ofSequence(bytes: Uint8Array): DerReader {
    const outer = DerReader.of(bytes)
    const inner = outer.sequence()
    outer.end()
    return inner
  }

  get atEnd(): boolean {
    return this.#position >= this.#end
  }

  /** Identifier octet of the next element, -1 at the end. */
  peekTag(): number {
    return this.#position < this.#end ? (this.#bytes[this.#position] ?? -1) : -1
  }

  /** Contents of the next element, which must have `tag` when one is given. */
  element(tag?: number): Uint8Array {
    const end = this.#next(tag)
    return this.#bytes.subarray(this.#enter(end), end)
  }

  /** The next element whole: identifier, length and contents. */
  raw(tag?: number): Uint8Array {
    const start = this.#position
    const end = this.#next(tag)
    this.#position = end
    return this.#bytes.subarray(start, end)
  }

  /** Opens a constructed element: its reader covers the contents. */
  constructed(tag: number): DerReader {
    const end = this.#next(tag)
    return new DerReader(this.#bytes, this.#enter(end), end)
  }

  sequence(): DerReader {
    return this.constructed(tags.SEQUENCE)
  }

  set(): DerReader {
    return this.constructed(tags.SET)
  }

  /** Opens [number] EXPLICIT. The caller ends the reader, as the tag holds exactly one element. */
  explicit(number: number): DerReader {
    return this.constructed(tags.contextConstructed(number))
  }

  /** Opens [number] EXPLICIT when it is next, else consumes nothing. */
  optionalExplicit(number: number): DerReader | undefined {
    return this.peekTag() === tags.contextConstructed(number) ? this.explicit(number) : undefined
  }

  /** Contents of [number] IMPLICIT over a primitive type. */
  implicit(number: number): Uint8Array {
    return this.element(tags.contextPrimitive(number))
  }

  /** Contents of [number] IMPLICIT over a primitive type when it is next, else consumes nothing. */
  optionalImplicit(number: number): Uint8Array | undefined {
    return this.peekTag() === tags.contextPrimitive(number) ? this.implicit(number) : undefined
  }

  /** Opens [number] IMPLICIT over a constructed type. */
  implicitConstructed(number: number): DerReader {
    return this.constructed(tags.contextConstructed(number))
  }

  /** Opens [number] IMPLICIT over a constructed type when it is next, else consumes nothing. */
  optionalImplicitConstructed(number: number): DerReader | undefined {
    return this.optionalExplicit(number)
  }

  /** `tag` stands in for BOOLEAN under an IMPLICIT tag. */
  boolean(tag: number = tags.BOOLEAN): boolean {
    const end = this.#next(tag)
    return readBoolean(this.#bytes, this.#enter(end), end)
  }

  /** Contents of an INTEGER: two's complement, big-endian, fewest octets. */
  integer(maximumOctets: number = defaultDerLimits.integerOctets): Uint8Array {
    return this.#integer(tags.INTEGER, maximumOctets)
  }

  /** Contents of [number] IMPLICIT INTEGER. */
  implicitInteger(number: number): Uint8Array {
    return this.#integer(tags.contextPrimitive(number), defaultDerLimits.integerOctets)
  }

  /**
   * An INTEGER from 0 to 2^31 - 1 (versions, path lengths, counts), else `value_out_of_range`; `tag` stands
   * in for INTEGER where the type is ENUMERATED or tagged.
   */
  smallInteger(tag: number = tags.INTEGER): number {
    const end = this.#next(tag)
    const start = this.#enter(end)
    checkInteger(this.#bytes, start, end, defaultDerLimits.integerOctets)
    if (end - start > 4 || (this.#bytes[start] ?? 0) > 0x7f) {
      throw new DerError('value_out_of_range', start)
    }
    let value = 0
    for (let index = start; index < end; index += 1) {
      value = value * 256 + (this.#bytes[index] ?? 0)
    }
    return value
  }

  enumerated(): number {
    return this.smallInteger(tags.ENUMERATED)
  }

  null(): void {
    const end = this.#next(tags.NULL)
    const start = this.#enter(end)
    if (start !== end) {
      throw new DerError('null_invalid', start)
    }
  }

  /** Contents octets of an OBJECT IDENTIFIER; `tag` stands in for it under an IMPLICIT tag. */
  oidBytes(tag: number = tags.OBJECT_IDENTIFIER): Uint8Array {
    const end = this.#next(tag)
    const start = this.#enter(end)
    checkOid(this.#bytes, start, end, defaultDerLimits.oidOctets)
    return this.#bytes.subarray(start, end)
  }

  /** Dotted decimal form of an OBJECT IDENTIFIER. */
  oid(): string {
    const contents = this.oidBytes()
    return formatOid(contents, 0, contents.length)
  }

  /** Dotted decimal form of [number] IMPLICIT OBJECT IDENTIFIER. */
  implicitOid(number: number): string {
    const contents = this.oidBytes(tags.contextPrimitive(number))
    return formatOid(contents, 0, contents.length)
  }

  octetString(): Uint8Array {
    return this.element(tags.OCTET_STRING)
  }

  /** `tag` stands in for BIT STRING under an IMPLICIT tag. */
  bitString(tag: number = tags.BIT_STRING): BitString {
    const end = this.#next(tag)
    const start = this.#enter(end)
    checkBitString(this.#bytes, start, end)
    return { unusedBits: this.#bytes[start] ?? 0, bytes: this.#bytes.subarray(start + 1, end) }
  }

  /** A BIT STRING of whole octets, as keys and signatures are. */
  bitStringOctets(): Uint8Array {
    const start = this.#position
    const { unusedBits, bytes } = this.bitString()
    if (unusedBits !== 0) {
      throw new DerError('bit_string_invalid', start)
    }
    return bytes
  }

  /**
   * Positions of the bits that are set in a named bit list, ascending; bit 0 is the first on the wire.
   * X.690 section 11.2.2: trailing zero bits are not written. Lists past 32 bits are `value_out_of_range`.
   */
  namedBits(tag: number = tags.BIT_STRING): number[] {
    const start = this.#position
    const { unusedBits, bytes } = this.bitString(tag)
    if (bytes.length > 4) {
      throw new DerError('value_out_of_range', start)
    }
    const bitCount = bytes.length * 8 - unusedBits
    const positions: number[] = []
    for (let bit = 0; bit < bitCount; bit += 1) {
      if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) {
        positions.push(bit)
      }
    }
    if (bitCount > 0 && positions.at(-1) !== bitCount - 1) {
      throw new DerError('bit_string_invalid', start)
    }
    return positions
  }

  /** UTCTime or GeneralizedTime in the forms of RFC 5280 section 4.1.2.5; milliseconds since 1970, UTC. */
  time(): number {
    const tag = this.peekTag()
    if (tag !== tags.UTC_TIME && tag !== tags.GENERALIZED_TIME) {
      throw new DerError(tag === -1 ? 'truncated' : 'unexpected_tag', this.#position)
    }
    return this.#time(tag)
  }

  /** GeneralizedTime only, as OCSP and the invalidity date ask for. */
  generalizedTime(): number {
    return this.#time(tags.GENERALIZED_TIME)
  }

  /** Asks that nothing is left. */
  end(): void {
    if (this.#position !== this.#end) {
      throw new DerError('trailing_bytes', this.#position)
    }
  }

  #integer(tag: number, maximumOctets: number): Uint8Array {
    const end = this.#next(tag)
    const start = this.#enter(end)
    checkInteger(this.#bytes, start, end, maximumOctets)
    return this.#bytes.subarray(start, end)
  }

  #time(tag: number): number {
    const end = this.#next(tag)
    return readTime(tag, this.#bytes, this.#enter(end), end)
  }

  /** Checks the next header and returns where its contents end; the position stays before the header. */
  #next(tag: number | undefined): number {
    const position = this.#position
    if (position >= this.#end) {
      throw new DerError('truncated', position)
    }
    if (tag !== undefined && this.#bytes[position] !== tag) {
      throw new DerError('unexpected_tag', position)
    }
    return elementEnd(this.#bytes, position, this.#end)
  }

  /** Returns where the contents of the checked element start, and moves past that element. */
  #enter(end: number): number {
    const start = this.#position + headerSize(this.#bytes[this.#position + 1] ?? 0)
    this.#position = end
    return start
  }
}
