import { isUtf8 } from 'node:buffer'
import { invalid } from './input-reason.ts'

/** A decoded value: text, or the members that bracketed names gave it. */
export type FormValue = string | FormFields

/**
 * Decoded parameters in the order received. A Map, so that a name such as `__proto__` is an entry like any
 * other.
 */
export type FormFields = ReadonlyMap<string, FormValue>

export interface FormLimits {
  /** Most pairs of one body, `digest` included. */
  readonly pairs: number
  /** Most steps to a value: `SANs[0][DNS]` has three. */
  readonly depth: number
}

export const defaultFormLimits: FormLimits = { pairs: 1_000, depth: 3 }

/** One `name=value` of a body: offsets into it, not yet decoded. */
export interface RawPair {
  /** Where the pair starts, and where its `&` or the end of the body stands. */
  readonly start: number
  readonly end: number
  /** Where the first `=` stands, or `end` when there is none. */
  readonly equals: number
}

const ampersand = 0x26
const equalsSign = 0x3d
const percent = 0x25
const plus = 0x2b

/**
 * Cuts an `application/x-www-form-urlencoded` body at its `&`. Empty pairs are left out.
 *
 * @throws Fault parameter_invalid past the limit
 */
export function splitPairs(body: Uint8Array, limits: FormLimits = defaultFormLimits): readonly RawPair[] {
  const pairs: RawPair[] = []
  for (let start = 0; start < body.length; ) {
    let end = body.indexOf(ampersand, start)
    if (end === -1) end = body.length
    if (end > start) {
      if (pairs.length === limits.pairs) throw invalid('body', 'too-many-pairs')
      const found = body.indexOf(equalsSign, start)
      pairs.push({ start, end, equals: found === -1 || found > end ? end : found })
    }
    start = end + 1
  }
  return pairs
}

/**
 * Decodes pairs into fields. Names and values are percent-encoded UTF-8 with `+` for a space, as every known
 * client writes them, whichever characters it leaves bare. Brackets nest: `SANs[0][DNS]`.
 *
 * @throws Fault parameter_invalid, naming the parameter, for a bad percent sequence, bytes that are not UTF-8,
 *   U+0000, unbalanced brackets, too much depth, or a name that stands twice
 */
export function decodeFields(
  body: Uint8Array,
  pairs: readonly RawPair[],
  limits: FormLimits = defaultFormLimits,
): FormFields {
  const fields = new Map<string, FormValue>()
  for (const pair of pairs) {
    const written = body.subarray(pair.start, pair.equals)
    const name = decodeComponent(written, () => printable(written))
    const value = decodeComponent(body.subarray(Math.min(pair.equals + 1, pair.end), pair.end), () => name)
    place(fields, name, pathOf(name, limits.depth), value)
  }
  return fields
}

/** The text of one percent-encoded component; `name` is asked for only to report a defect. */
export function decodeComponent(bytes: Uint8Array, name: () => string): string {
  const decoded = needsDecoding(bytes) ? percentDecode(bytes, name) : bytes
  if (!isUtf8(decoded)) throw invalid(name(), 'not-utf8')
  if (decoded.includes(0)) throw invalid(name(), 'nul')
  return Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength).toString('utf8')
}

function needsDecoding(bytes: Uint8Array): boolean {
  return bytes.includes(percent) || bytes.includes(plus)
}

function percentDecode(bytes: Uint8Array, name: () => string): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === plus) {
      out[length++] = 0x20
    } else if (byte === percent) {
      const high = hexDigit(bytes[at + 1])
      const low = hexDigit(bytes[at + 2])
      if (high === -1 || low === -1) throw invalid(name(), 'percent-encoding')
      out[length++] = (high << 4) | low
      at += 2
    } else {
      out[length++] = byte
    }
  }
  return out.subarray(0, length)
}

/** The value of an ASCII hex digit of either case, or -1. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** `SANs[0][DNS]` → `SANs`, `0`, `DNS`. A name without brackets is its own single step. */
function pathOf(name: string, depth: number): readonly string[] {
  const first = name.indexOf('[')
  if (first === -1) {
    if (name.includes(']')) throw invalid(name, 'brackets')
    return [name]
  }
  const path = [name.slice(0, first)]
  let at = first
  while (at < name.length) {
    const close = name.indexOf(']', at)
    const step = name.slice(at + 1, close)
    if (name[at] !== '[' || close === -1 || step.includes('[')) throw invalid(name, 'brackets')
    if (path.length === depth) throw invalid(name, 'too-deep')
    path.push(step)
    at = close + 1
  }
  return path
}

function place(fields: Map<string, FormValue>, name: string, path: readonly string[], value: string): void {
  let branch = fields
  const last = path.length - 1
  for (const [at, step] of path.entries()) {
    const present = branch.get(step)
    if (at === last) {
      if (present !== undefined) throw invalid(name, 'repeated')
      branch.set(step, value)
      return
    }
    if (typeof present === 'string') throw invalid(name, 'repeated')
    // Only this function puts branches in, and it puts Maps.
    const next = present instanceof Map ? present : new Map<string, FormValue>()
    if (present === undefined) branch.set(step, next)
    branch = next
  }
}

/** A name that could not be decoded, fit to be shown: ASCII, other bytes as `?`. */
function printable(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes.subarray(0, 64)) {
    text += byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?'
  }
  return text
}
