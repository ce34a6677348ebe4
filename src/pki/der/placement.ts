/**
 * Writers that put an element into a buffer the caller sized, for the encodings made thousands of times a
 * second. Each returns the position after what it wrote. Values come from our own code: one that has no
 * encoding is a RangeError.
 */
import * as tags from './tags.ts'
import { checkInteger } from './values.ts'
import { writeHeader } from './writer.ts'

const firstUtcTime = Date.UTC(1950, 0, 1)
const afterLastUtcTime = Date.UTC(2050, 0, 1)
const firstGeneralizedTime = new Date(0).setUTCFullYear(0, 0, 1)
const afterLastGeneralizedTime = Date.UTC(10_000, 0, 1)

/** Octets of a GeneralizedTime with its header. */
export const generalizedTimeSize = 17

/** Octets of a `Time` with its header: UTCTime from 1950 to 2049, else GeneralizedTime. */
export function timeSize(milliseconds: number): 15 | 17 {
  return isUtcTime(milliseconds) ? 15 : generalizedTimeSize
}

/** RFC 5280 section 4.1.2.5. Milliseconds since 1970, UTC; parts of a second are cut off. */
export function placeTime(output: Uint8Array, position: number, milliseconds: number): number {
  if (!isUtcTime(milliseconds)) {
    return placeGeneralizedTime(output, position, milliseconds)
  }
  output[position] = tags.UTC_TIME
  output[position + 1] = 13
  placeDigits(output, position + 2, milliseconds, false)
  return position + 15
}

/** YYYYMMDDHHMMSSZ. Milliseconds since 1970, UTC; parts of a second are cut off. */
export function placeGeneralizedTime(output: Uint8Array, position: number, milliseconds: number): number {
  if (!(milliseconds >= firstGeneralizedTime && milliseconds < afterLastGeneralizedTime)) {
    throw new RangeError('GeneralizedTime covers the years 0 to 9999')
  }
  output[position] = tags.GENERALIZED_TIME
  output[position + 1] = 15
  placeDigits(output, position + 2, milliseconds, true)
  return position + generalizedTimeSize
}

/** An INTEGER of at most 127 octets from its contents octets. */
export function placeInteger(output: Uint8Array, position: number, contents: Uint8Array): number {
  output[position] = tags.INTEGER
  output[position + 1] = contents.length
  output.set(contents, position + 2)
  return position + 2 + contents.length
}

/** Identifier, length and contents. */
export function placeElement(
  output: Uint8Array,
  position: number,
  tag: number,
  contents: Uint8Array,
): number {
  return placeBytes(output, writeHeader(output, position, tag, contents.length), contents)
}

export function placeBytes(output: Uint8Array, position: number, bytes: Uint8Array): number {
  output.set(bytes, position)
  return position + bytes.length
}

/**
 * Asks that these are the contents octets of a serial number a CA may use: RFC 5280 section 4.1.2.2, positive,
 * fewest octets, at most 20.
 */
export function checkSerialNumber(contents: Uint8Array): void {
  const first = contents[0] ?? 0xff
  if (contents.length > 20 || first > 0x7f || (contents.length === 1 && first === 0)) {
    throw new RangeError('a serial number is positive and has 1 to 20 octets')
  }
  checkInteger(contents, 0, contents.length, 20)
}

function isUtcTime(milliseconds: number): boolean {
  return milliseconds >= firstUtcTime && milliseconds < afterLastUtcTime
}

function placeDigits(output: Uint8Array, start: number, milliseconds: number, century: boolean): void {
  const day = Math.floor(milliseconds / 86_400_000)
  const second = Math.floor((milliseconds - day * 86_400_000) / 1000)
  // Days are counted from 0000-03-01, so that the leap day is the last of its year.
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  let position = start
  if (century) {
    position = placePair(output, position, Math.floor(year / 100))
  }
  position = placePair(output, position, year % 100)
  position = placePair(output, position, month)
  position = placePair(output, position, dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1)
  position = placePair(output, position, Math.floor(second / 3600))
  position = placePair(output, position, Math.floor(second / 60) % 60)
  position = placePair(output, position, second % 60)
  output[position] = 0x5a
}

function placePair(output: Uint8Array, position: number, value: number): number {
  const tens = Math.floor(value / 10)
  output[position] = 0x30 + tens
  output[position + 1] = 0x30 + value - tens * 10
  return position + 2
}
