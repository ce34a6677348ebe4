import { DerError } from './errors.ts'

/** Number of octets that identifier and length take, given the first length octet of a checked header. */
export function headerSize(firstLengthOctet: number): number {
  return firstLengthOctet < 0x80 ? 2 : 2 + (firstLengthOctet & 0x7f)
}

/**
 * Checks the header of the element at `position` and returns the offset just past its contents, which lies
 * within `end`. The contents start at `position + headerSize(bytes[position + 1])`.
 *
 * X.690 section 10.1: definite form, fewest octets.
 */
export function elementEnd(bytes: Uint8Array, position: number, end: number): number {
  const tag = bytes[position]
  const first = bytes[position + 1]
  if (position + 2 > end || tag === undefined || first === undefined) {
    throw new DerError('truncated', position)
  }
  if ((tag & 0x1f) === 0x1f) {
    throw new DerError('high_tag', position)
  }
  if (first < 0x80) {
    const contentEnd = position + 2 + first
    if (contentEnd > end) {
      throw new DerError('truncated', position)
    }
    return contentEnd
  }
  return longFormEnd(bytes, position, end, first)
}

function longFormEnd(bytes: Uint8Array, position: number, end: number, first: number): number {
  if (first === 0x80) {
    throw new DerError('indefinite_length', position)
  }
  if (first === 0xff) {
    throw new DerError('length_invalid', position)
  }
  const contentStart = position + 2 + (first & 0x7f)
  if (contentStart > end) {
    throw new DerError('truncated', position)
  }
  if (bytes[position + 2] === 0) {
    throw new DerError('length_not_minimal', position)
  }
  if (first > 0x84) {
    // A length of five octets or more, the first not zero, exceeds every input there can be.
    throw new DerError('truncated', position)
  }
  let length = 0
  for (let index = position + 2; index < contentStart; index += 1) {
    length = length * 256 + (bytes[index] ?? 0)
  }
  if (length < 0x80) {
    throw new DerError('length_not_minimal', position)
  }
  if (length > end - contentStart) {
    throw new DerError('truncated', position)
  }
  return contentStart + length
}
