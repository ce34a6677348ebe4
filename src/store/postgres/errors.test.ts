import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PostgresTrouble, postgresTrouble } from './errors.ts'

const cases: readonly (readonly [string, PostgresTrouble])[] = [
  ['40001', 'conflict'],
  ['40P01', 'conflict'],
  ['53100', 'full'],
  ['58030', 'failed'],
  ['XX001', 'failed'],
  ['57P01', 'lost'],
  ['08006', 'lost'],
  ['25006', 'lost'],
  ['ECONNREFUSED', 'lost'],
  ['EPIPE', 'lost'],
  ['57014', 'busy'],
  ['23505', 'refused'],
  ['42P01', 'refused'],
]

for (const [code, trouble] of cases) {
  test(`an error with code ${code} counts as ${trouble}`, () => {
    assert.equal(postgresTrouble(Object.assign(new Error('no'), { code })), trouble)
  })
}

test('an error without a code is the connection’s, and a value that cannot be sent is ours', () => {
  assert.equal(postgresTrouble(new Error('Connection terminated unexpectedly')), 'lost')
  assert.equal(postgresTrouble(new TypeError('no')), 'refused')
})
