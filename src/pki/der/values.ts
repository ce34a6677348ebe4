/**
 * Rules for the contents of single universal types, shared by the walk over untrusted input and by the
 * reader. Each function looks at `bytes` from `start` up to, not including, `end`, and raises DerError.
 */
import { DerError } from './errors.ts'
import { UTC_TIME } from './tags.ts'

/** X.690 section 11.1: one octet, 0x00 or 0xff. */
export function readBoolean(bytes: Uint8Array, start: number, end: number): boolean {
  const octet = bytes[start]
  if (end - start !== 1 || (octet !== 0x00 && octet !== 0xff)) {
    throw new DerError('boolean_not_canonical', start)
  }
  return octet === 0xff
}

/** X.690 section 8.3.2: at least one octet, and the first nine bits are not all equal. */
export function checkInteger(bytes: Uint8Array, start: number, end: number, maximumOctets: number): void {
  const length = end - start
  if (length > maximumOctets) {
    throw new DerError('integer_too_long', start)
  }
  const first = bytes[start]
  if (length === 0 || first === undefined) {
    throw new DerError('integer_not_minimal', start)
  }
  const second = bytes[start + 1]
  if (length > 1 && second !== undefined) {
    if ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80)) {
      throw new DerError('integer_not_minimal', start)
    }
  }
}

/** X.690 section 11.2.1: the unused bits exist, are at most seven and are zero. */
export function checkBitString(bytes: Uint8Array, start: number, end: number): void {
  const unusedBits = bytes[start]
  if (end <= start || unusedBits === undefined || unusedBits > 7) {
    throw new DerError('bit_string_invalid', start)
  }
  if (unusedBits === 0) {
    return
  }
  const last = bytes[end - 1]
  if (end - start === 1 || last === undefined || (last & ((1 << unusedBits) - 1)) !== 0) {
    throw new DerError('bit_string_invalid', start)
  }
}

/** X.690 section 8.19.2: sub-identifiers are complete and have no leading 0x80 octet. */
export function checkOid(bytes: Uint8Array, start: number, end: number, maximumOctets: number): void {
  if (end - start > maximumOctets) {
    throw new DerError('oid_too_long', start)
  }
  let atStart = true
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index] ?? 0
    if (atStart && octet === 0x80) {
      throw new DerError('oid_invalid', start)
    }
    atStart = octet < 0x80
  }
  if (end === start || !atStart) {
    throw new DerError('oid_invalid', start)
  }
}

/**
 * Dotted form of an object identifier whose contents passed checkOid. Arcs past 2^53, as in UUID-based
 * identifiers (X.667), go through BigInt; the length limit bounds that work.
 */
export function formatOid(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let index = start
  while (index < end) {
    let arc = 0
    let bigArc: bigint | undefined
    for (; index < end; index += 1) {
      const octet = bytes[index] ?? 0
      if (bigArc !== undefined) {
        bigArc = bigArc * 128n + BigInt(octet & 0x7f)
      } else if (arc < 2 ** 46) {
        arc = arc * 128 + (octet & 0x7f)
      } else {
        bigArc = BigInt(arc) * 128n + BigInt(octet & 0x7f)
      }
      if (octet < 0x80) {
        index += 1
        break
      }
    }
    if (text !== '') {
      text += `.${bigArc ?? arc}`
    } else if (bigArc !== undefined) {
      text = `2.${bigArc - 80n}`
    } else {
      // X.690 section 8.19.4: the first two arcs share one sub-identifier.
      text = arc < 40 ? `0.${arc}` : arc < 80 ? `1.${arc - 40}` : `2.${arc - 80}`
    }
  }
  return text
}

function twoDigits(bytes: Uint8Array, index: number): number {
  const tens = (bytes[index] ?? 0) - 0x30
  const units = (bytes[index + 1] ?? 0) - 0x30
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN
}

/**
 * UTCTime as YYMMDDHHMMSSZ, years 1950 to 2049, or GeneralizedTime as YYYYMMDDHHMMSSZ: the only forms of
 * RFC 5280 section 4.1.2.5, no fraction and no offset. Returns milliseconds since 1970-01-01T00:00:00Z.
 */
export function readTime(tag: number, bytes: Uint8Array, start: number, end: number): number {
  const yearDigits = tag === UTC_TIME ? 2 : 4
  if (end - start !== yearDigits + 11 || bytes[end - 1] !== 0x5a) {
    throw new DerError('time_invalid', start)
  }
  const leading = twoDigits(bytes, start)
  const year =
    tag === UTC_TIME ? leading + (leading < 50 ? 2000 : 1900) : leading * 100 + twoDigits(bytes, start + 2)
  const rest = start + yearDigits
  const month = twoDigits(bytes, rest)
  const day = twoDigits(bytes, rest + 2)
  const hour = twoDigits(bytes, rest + 4)
  const minute = twoDigits(bytes, rest + 6)
  const second = twoDigits(bytes, rest + 8)
  // Negated, so that NaN from a character that is no digit is refused as well.
  if (
    !(
      year >= 0 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= daysInMonth(year, month) &&
      hour <= 23 &&
      minute <= 59 &&
      second <= 59
    )
  ) {
    throw new DerError('time_invalid', start)
  }
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC reads years 0 to 99 as 1900 to 1999.
  return year > 99 ? milliseconds : new Date(milliseconds).setUTCFullYear(year, month - 1, day)
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
