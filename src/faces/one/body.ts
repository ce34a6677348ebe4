import { isUtf8 } from 'node:buffer'
import { type BodyMembers, isMembers } from '../json-values.ts'
import { refuse } from './refusal.ts'

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * What a body holds.
 * @returns undefined for a body without content: none, blanks, or JSON `null`
 * @throws Refusal body_unreadable when it is not JSON in UTF-8
 */
export function readBody(received: Uint8Array, parseJson: (body: Buffer) => unknown): unknown {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.length)
  if (bytes.every((byte) => blanks.has(byte))) return undefined
  if (!isUtf8(bytes)) throw refuse('body_unreadable')
  return parseJson(bytes) ?? undefined
}

/** @throws Refusal body_unreadable when the body is no object, body_missing when one is needed and there is none */
export function membersOf(content: unknown, isRequired: boolean): BodyMembers {
  if (content === undefined) {
    if (isRequired) throw refuse('body_missing')
    return {}
  }
  if (!isMembers(content)) throw refuse('body_unreadable')
  return content
}

/** JSON, with any parameters or by a name of its own (`application/merge-patch+json`); none is taken for it. */
export function isJsonType(contentType: string | undefined): boolean {
  if (contentType === undefined) return true
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  return type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json')
}
