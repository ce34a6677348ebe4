import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseJsonBody } from './json-body.ts'
import { type RefusalCode, RequestRefusal } from './request-refusal.ts'

const limits = { depth: 16, members: 1000, elements: 10_000 }
const parse = (text: string | Buffer) => parseJsonBody(Buffer.from(text as string), limits)
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const members = (count: number) => `{${Array.from({ length: count }, (_, n) => `"m${n}":[${n}]`).join(',')}}`
const elements = (count: number) => `[${'0,'.repeat(count - 1)}0]`

test('values of every kind come back as written', () => {
  const text = '{"a":[1,-2.5e3,"x:,{\\"}",true,false,null,{}],"b":{"c":"\\u3042あ"}}'
  assert.deepEqual(JSON.stringify(parse(text)), JSON.stringify(JSON.parse(text)))
})

test('P18 objects have no prototype and __proto__ is plain data', () => {
  const parsed = parse('{"__proto__":{"admin":true},"constructor":1}') as Record<string, unknown>
  assert.equal(Object.getPrototypeOf(parsed), null)
  assert.deepEqual(Object.keys(parsed), ['__proto__', 'constructor'])
  assert.equal(({} as Record<string, unknown>).admin, undefined)
})

describe('what lies at a limit is taken and what lies past it refused', () => {
  const bounds: readonly (readonly [string, string, string, RefusalCode])[] = [
    ['nesting', nested(16), nested(17), 'json_too_deep'],
    ['members of one object', members(1000), members(1001), 'json_too_many_members'],
    ['elements of one array', elements(10_000), elements(10_001), 'json_too_many_elements'],
    ['elements over arrays', `[${elements(9_998)},0]`, `[${elements(9_998)},0,0]`, 'json_too_many_elements'],
  ]
  for (const [title, at, past, code] of bounds) {
    test(title, () => {
      parse(at)
      refused(past, code)
    })
  }
})

const refused = (text: string | Buffer, code: RefusalCode) =>
  assert.throws(
    () => parse(text),
    (error) => error instanceof RequestRefusal && error.code === code,
  )

describe('what JSON does not allow or does not settle is refused', () => {
  const bad: readonly (readonly [string, string | Buffer, RefusalCode])[] = [
    ['a member twice', '{"a":1,"a":2}', 'json_duplicate_member'],
    ['a member twice in other escapes', '{"a":1,"\\u0061":2}', 'json_duplicate_member'],
    ['a member twice deep inside', '[{"x":{"a":1,"b":[],"a":1}}]', 'json_duplicate_member'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'json_malformed'],
    ['a byte order mark', '\ufeff{}', 'json_malformed'],
    ['a number past every bound', '[1e999]', 'json_malformed'],
    ['NaN', '[NaN]', 'json_malformed'],
    ['an empty body', '', 'json_malformed'],
    ['an open string', '{"a', 'json_malformed'],
    ['a trailing comma', '[1,]', 'json_malformed'],
    ['text after the value', '{} {}', 'json_malformed'],
    ['100,000 opening brackets', '['.repeat(100_000), 'json_too_deep'],
  ]
  for (const [title, text, code] of bad) test(title, () => refused(text, code))
})
