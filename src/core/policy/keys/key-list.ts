import { hash } from 'node:crypto'
import type { SubjectPublicKeyInfo } from '../../../pki/spki.ts'
import type { KeyWeakness } from '../../faults.ts'
import { withoutLeadingZeros } from './rsa-numbers.ts'

/** Octets of a digest that a list keeps: chance matches stay below 2^-100 for any list that can be held. */
const digestOctets = 16
const magic = 'chancery-key-list 1'
const maximumEntries = 10_000_000

/** Keys that are refused because their private half is known. */
export interface KeyList {
  /** What messages and the log call the list. */
  readonly name: string
  readonly weakness: Extract<KeyWeakness, 'debian' | 'published'>
  readonly entryCount: number
  has(digest: Uint8Array): boolean
}

/** Raised for a list that cannot be trusted whole. `line` counts from 1; undefined: the list as a whole. */
export class KeyListError extends Error {
  readonly list: string
  readonly line: number | undefined

  constructor(list: string, line: number | undefined, problem: string) {
    super(`key list ${list}${line === undefined ? '' : `, line ${line}`}: ${problem}`)
    this.name = 'KeyListError'
    this.list = list
    this.line = line
  }
}

/**
 * What a list knows a key by: the first 16 octets of SHA-256 over the number that makes the key. RSA: the
 * modulus, unsigned big-endian without leading zeros, whatever the exponent is. EC: the point, uncompressed.
 * Other keys: the contents of the subjectPublicKey BIT STRING.
 */
export function keyListDigest(spki: SubjectPublicKeyInfo): Uint8Array {
  const key =
    spki.type === 'rsa' ? withoutLeadingZeros(spki.modulus) : spki.type === 'ec' ? spki.point : spki.keyBits
  return hash('sha256', key, 'buffer').subarray(0, digestOctets)
}

/**
 * Reads a list. Text in ASCII, lines ended by LF:
 *
 *     chancery-key-list 1
 *     weakness debian
 *     entries 2
 *     00112233445566778899aabbccddeeff
 *     0123456789abcdef0123456789abcdef
 *
 * `weakness` is `debian` or `published`; each further line is a `keyListDigest` in lower-case hexadecimal,
 * in ascending order without repeats. A list that was cut short, edited by accident or merged badly would let
 * weak keys pass unnoticed, so any bad line and any other number of entries refuses the whole list.
 *
 * @throws KeyListError
 */
export function parseKeyList(name: string, text: string): KeyList {
  const lines = text.split('\n')
  if (lines.pop() !== '') {
    throw new KeyListError(name, lines.length + 1, 'the last line has no end')
  }
  if (lines[0] !== magic) {
    throw new KeyListError(name, 1, `expected "${magic}"`)
  }
  const weakness = parseWeakness(name, lines[1] ?? '')
  const entryCount = parseCount(name, lines[2] ?? '')
  if (lines.length - 3 !== entryCount) {
    throw new KeyListError(name, undefined, `${entryCount} entries announced, ${lines.length - 3} found`)
  }
  const digests = Buffer.alloc(entryCount * digestOctets)
  for (let index = 0; index < entryCount; index += 1) {
    const line = lines[index + 3] ?? ''
    if (!isDigest(line)) {
      throw new KeyListError(name, index + 4, 'not 32 lower-case hexadecimal digits')
    }
    if (index > 0 && line <= (lines[index + 2] ?? '')) {
      throw new KeyListError(name, index + 4, 'not in ascending order')
    }
    digests.write(line, index * digestOctets, 'hex')
  }
  return { name, weakness, entryCount, has: (digest) => holds(digests, digest) }
}

function parseWeakness(name: string, line: string): KeyList['weakness'] {
  if (line === 'weakness debian') return 'debian'
  if (line === 'weakness published') return 'published'
  throw new KeyListError(name, 2, 'expected "weakness debian" or "weakness published"')
}

function parseCount(name: string, line: string): number {
  const digits = line.startsWith('entries ') ? line.slice('entries '.length) : ''
  const count = digits.length > 0 && digits.length <= 8 ? Number(digits) : Number.NaN
  if (!Number.isInteger(count) || String(count) !== digits || count < 0 || count > maximumEntries) {
    throw new KeyListError(name, 3, 'expected "entries" and their number')
  }
  return count
}

function isDigest(line: string): boolean {
  if (line.length !== digestOctets * 2) {
    return false
  }
  for (let index = 0; index < line.length; index += 1) {
    const code = line.charCodeAt(index)
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) {
      return false
    }
  }
  return true
}

function holds(digests: Buffer, digest: Uint8Array): boolean {
  let low = 0
  let high = digests.length / digestOctets
  while (low < high) {
    const middle = (low + high) >>> 1
    const start = middle * digestOctets
    const order = digests.compare(digest, 0, digestOctets, start, start + digestOctets)
    if (order === 0) {
      return true
    }
    if (order < 0) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return false
}
