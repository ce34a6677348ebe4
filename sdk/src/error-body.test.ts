import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorBody, parseErrorBody } from './error-body.ts'

const rows: readonly (readonly [string, unknown, ErrorBody])[] = [
  [
    'a list',
    { errors: [{ code: 'a', message: 'A' }, { code: 'b' }] },
    { errors: [{ code: 'a', message: 'A' }, { code: 'b' }] },
  ],
  [
    'a list and its first entry repeated',
    { errors: [{ code: 'a', message: 'A', field: 'x' }], code: 'a', message: 'A', request_id: 'r' },
    { errors: [{ code: 'a', message: 'A', field: 'x' }], requestId: 'r' },
  ],
  ['one object', { error: { code: 'a', message: 'A' } }, { errors: [{ code: 'a', message: 'A' }] }],
  [
    'one object whose code is called status',
    { error: { status: 'INVALID', message: 'A' } },
    { errors: [{ code: 'INVALID', message: 'A' }] },
  ],
  [
    'one object where a list is expected',
    { errors: { code: 'a', message: 'A' } },
    { errors: [{ code: 'a', message: 'A' }] },
  ],
  ['a sentence', { error: 'not so' }, { errors: [{ message: 'not so' }] }],
  [
    'bare members with a numeric code',
    { code: 403, message: 'A' },
    { errors: [{ code: '403', message: 'A' }] },
  ],
  [
    'bare members with details',
    { code: 'a', message: 'A', details: ['d1', 'd2', 3] },
    { errors: [{ code: 'a', message: 'A' }, { message: 'd1' }, { message: 'd2' }] },
  ],
  ['an entry for a field alone', { errors: [{ field: 'x' }] }, { errors: [] }],
  ['an empty list before bare members', { errors: [], message: 'A' }, { errors: [{ message: 'A' }] }],
  ['null members', { errors: null, error: null, message: null, request_id: null }, { errors: [] }],
  ['entries of other types', { errors: [1, null, [], {}] }, { errors: [] }],
  ['a list at the top', [{ code: 'a' }], { errors: [] }],
  ['a string', 'no', { errors: [] }],
]

test('the body of a refusal is read in every shape', () => {
  for (const [shape, body, expected] of rows) {
    assert.deepEqual(parseErrorBody(JSON.stringify(body)), expected, shape)
  }
})

test('a body that is not JSON names no error', () => {
  for (const body of ['', '<html>', '{"errors":[', 'null', '{"__proto__":{"message":"x"}}']) {
    assert.deepEqual(parseErrorBody(body), { errors: [] }, body)
  }
})
