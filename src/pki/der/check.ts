import { isUtf8 } from 'node:buffer'
import { DerError } from './errors.ts'
import { elementEnd, headerSize } from './header.ts'
import * as tags from './tags.ts'
import { checkBitString, checkInteger, checkOid, readBoolean, readTime } from './values.ts'

/** Bounds of the walk. */
export interface DerLimits {
  /** Nesting of constructed elements; the outermost element has depth 1. Default 32. */
  readonly depth: number
  /** Elements in all. Default 10,000. */
  readonly nodes: number
  /** Octets in the contents of one OBJECT IDENTIFIER. Default 64. */
  readonly oidOctets: number
  /** Octets in the contents of one INTEGER or ENUMERATED. Default 1,024. */
  readonly integerOctets: number
}

export const defaultDerLimits: DerLimits = Object.freeze({
  depth: 32,
  nodes: 10_000,
  oidOctets: 64,
  integerOctets: 1_024,
})

/**
 * Walks the whole input and accepts exactly one strict DER element that spans it. To be called on every
 * untrusted encoding before anything else looks at it. Raises DerError and nothing else; works in linear
 * time and, for its stack, in memory bounded by `limits.depth`.
 *
 * What it asks (X.690 sections 8, 10 and 11): one-octet tags, definite lengths in fewest octets, universal
 * types in their DER form, canonical BOOLEAN, INTEGER, BIT STRING, NULL, OBJECT IDENTIFIER and times,
 * well-formed UTF-8. Contents of OCTET STRING, BIT STRING and primitive context tags are opaque here: who
 * knows their type checks them. The order inside SET OF is not asked for: requesters in wide use write
 * multi-valued RDNs unsorted, and nothing is decided by that order. Alphabets of the older string types are
 * left to whoever reads the string, so that a linter can still name such a defect.
 */
export function checkDer(bytes: Uint8Array, limits: Partial<DerLimits> = defaultDerLimits): void {
  const depthLimit = limits.depth ?? defaultDerLimits.depth
  const nodeLimit = limits.nodes ?? defaultDerLimits.nodes
  const oidOctets = limits.oidOctets ?? defaultDerLimits.oidOctets
  const integerOctets = limits.integerOctets ?? defaultDerLimits.integerOctets

  const openEnds: number[] = []
  let position = 0
  let currentEnd = elementEnd(bytes, 0, bytes.length)
  if (currentEnd !== bytes.length) {
    throw new DerError('trailing_bytes', currentEnd)
  }
  let nodes = 0
  for (;;) {
    nodes += 1
    if (nodes > nodeLimit) {
      throw new DerError('too_many_nodes', position)
    }
    const end = elementEnd(bytes, position, currentEnd)
    const tag = bytes[position] ?? 0
    const start = position + headerSize(bytes[position + 1] ?? 0)
    checkForm(tag, position)
    if ((tag & tags.CONSTRUCTED) !== 0) {
      if (openEnds.length >= depthLimit) {
        throw new DerError('too_deep', position)
      }
      openEnds.push(end)
      currentEnd = end
      position = start
    } else {
      checkContents(tag, bytes, start, end, oidOctets, integerOctets)
      position = end
    }
    while (position === currentEnd) {
      openEnds.pop()
      const parentEnd = openEnds.at(-1)
      if (parentEnd === undefined) {
        return
      }
      currentEnd = parentEnd
    }
  }
}

/** Universal tags that are written constructed in DER: EXTERNAL, EMBEDDED PDV, SEQUENCE, SET, CHARACTER STRING. */
const constructedUniversal = (1 << 8) | (1 << 11) | (1 << 16) | (1 << 17) | (1 << 29)
/** Universal tags that must not occur: 0 (end-of-contents) and 15 (reserved). */
const forbiddenUniversal = (1 << 0) | (1 << 15)

function checkForm(tag: number, position: number): void {
  if (tag >= 0x40) {
    return
  }
  const bit = 1 << (tag & 0x1f)
  if ((forbiddenUniversal & bit) !== 0) {
    throw new DerError('unexpected_tag', position)
  }
  if (((constructedUniversal & bit) !== 0) !== ((tag & tags.CONSTRUCTED) !== 0)) {
    throw new DerError('tag_form_invalid', position)
  }
}

function checkContents(
  tag: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  oidOctets: number,
  integerOctets: number,
): void {
  switch (tag) {
    case tags.BOOLEAN:
      readBoolean(bytes, start, end)
      break
    case tags.INTEGER:
    case tags.ENUMERATED:
      checkInteger(bytes, start, end, integerOctets)
      break
    case tags.BIT_STRING:
      checkBitString(bytes, start, end)
      break
    case tags.NULL:
      if (end !== start) {
        throw new DerError('null_invalid', start)
      }
      break
    case tags.OBJECT_IDENTIFIER:
      checkOid(bytes, start, end, oidOctets)
      break
    case tags.UTC_TIME:
    case tags.GENERALIZED_TIME:
      readTime(tag, bytes, start, end)
      break
    case tags.UTF8_STRING:
      if (!isUtf8(bytes.subarray(start, end))) {
        throw new DerError('string_invalid', start)
      }
      break
    case tags.BMP_STRING:
      if ((end - start) % 2 !== 0) {
        throw new DerError('string_invalid', start)
      }
      break
    case tags.UNIVERSAL_STRING:
      if ((end - start) % 4 !== 0) {
        throw new DerError('string_invalid', start)
      }
      break
    default:
      break
  }
}
