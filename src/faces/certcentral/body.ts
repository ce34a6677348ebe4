import { isUtf8 } from 'node:buffer'
import { withoutMark } from '../byte-order-mark.ts'
import { type BodyMembers, isMembers } from '../json-values.ts'
import { refuse } from './refusal.ts'
import { readXml } from './xml.ts'

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * Reads a body as JSON or XML by its first character, because callers declare the one and send the other, or nothing.
 *
 * @returns undefined for a body without content: none, blanks, or JSON `null`
 * @throws Refusal bad_request_format when it is neither, is not UTF-8, or is no object at its top
 */
export function readBody(
  received: Uint8Array,
  parseJson: (body: Buffer) => unknown,
): BodyMembers | undefined {
  const bytes = withoutMark(Buffer.from(received.buffer, received.byteOffset, received.length))
  const start = bytes.findIndex((byte) => !blanks.has(byte))
  if (start === -1) return undefined
  if (!isUtf8(bytes)) throw refuse('bad_request_format')
  if (bytes[start] === 0x3c) return readXml(bytes.toString('utf8'))
  const value = parseJson(bytes)
  if (value === null) return undefined
  if (!isMembers(value)) throw refuse('bad_request_format')
  return value
}
