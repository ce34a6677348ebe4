import { isUtf8 } from 'node:buffer'
import { RequestRefusal } from './request-refusal.ts'

/** Bounds of a JSON body. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects; a scalar has depth 0. */
  readonly depth: number
  /** Most members of one object. */
  readonly members: number
  /** Most elements of all arrays together. */
  readonly elements: number
}

/**
 * Parses a JSON body (RFC 8259) strictly: UTF-8 only, no member twice in one object, no number that becomes
 * infinite, within the limits. Objects in the result have no prototype, so a member named `__proto__` is
 * plain data.
 *
 * @throws RequestRefusal
 */
export function parseJsonBody(body: Buffer, limits: JsonLimits): unknown {
  if (!isUtf8(body)) throw new RequestRefusal('json_malformed', 'the body is not UTF-8')
  const text = body.toString('utf8')
  // Before JSON.parse, so that deep input costs no stack and wide input no memory.
  const memberCount = checkShape(text, limits)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RequestRefusal('json_malformed', 'the body is not JSON')
  }
  const kept: Tally = { members: 0, elements: 0 }
  const plain = withoutPrototypes(parsed, kept, limits)
  // A name that stands twice in one object was written twice and kept once.
  if (kept.members !== memberCount) {
    throw new RequestRefusal('json_duplicate_member', 'an object of the body has a member twice')
  }
  return plain
}

/** What a parsed body holds, all its objects and arrays together. */
interface Tally {
  members: number
  elements: number
}

/** Walks the text once, strings skipped. Returns how many members are written in it. */
function checkShape(text: string, limits: JsonLimits): number {
  let depth = 0
  let members = 0
  let separators = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = endOfString(text, index)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > limits.depth) {
          throw new RequestRefusal('json_too_deep', `the body is nested deeper than ${limits.depth}`)
        }
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      case 0x3a: // :
        members++
        break
      case 0x2c: // ,
        separators++
        break
    }
  }
  // Each separator stands before an element or a member, so this bounds the elements before any is made.
  if (separators - members > limits.elements) throw tooManyElements(limits)
  return members
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== 0x22) {
    index += text.charCodeAt(index) === 0x5c ? 2 : 1
  }
  return index
}

function withoutPrototypes(value: unknown, kept: Tally, limits: JsonLimits): unknown {
  if (Array.isArray(value)) {
    kept.elements += value.length
    if (kept.elements > limits.elements) throw tooManyElements(limits)
    return value.map((element) => withoutPrototypes(element, kept, limits))
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RequestRefusal('json_malformed', 'a number of the body is out of range')
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  kept.members += entries.length
  if (entries.length > limits.members) {
    throw new RequestRefusal(
      'json_too_many_members',
      `an object of the body has more than ${limits.members} members`,
    )
  }
  const plain: Record<string, unknown> = Object.create(null)
  for (const [name, member] of entries) plain[name] = withoutPrototypes(member, kept, limits)
  return plain
}

function tooManyElements(limits: JsonLimits): RequestRefusal {
  return new RequestRefusal(
    'json_too_many_elements',
    `the arrays of the body have more than ${limits.elements} elements`,
  )
}
