import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { isRequestToken, requestToken } from './request-token.ts'

const key = 'ab'.repeat(32)
const csrDer = Buffer.from('3003020101', 'hex')
const timestamp = '20261122102030'
const made = Date.UTC(2026, 10, 22, 10, 20, 30)
const token = requestToken(key, timestamp, csrDer)
const dayMs = 86_400_000

test('a request token is its timestamp and 50 digits of the HMAC over timestamp and CSR', () => {
  const mac = createHmac('sha256', key).update('202611221020303003020101').digest('hex')
  assert.match(token, /^20261122102030[0-9a-z]{50}$/)
  assert.equal(BigInt(`0x${mac}`), readBase36(token.slice(14)))
})

test('a token counts for 30 days from its timestamp, and a clock may run five minutes ahead', () => {
  const at = (now: number) => isRequestToken(token, ['cd'.repeat(32), key], csrDer, now)
  assert.ok(at(made))
  assert.ok(at(made - 5 * 60_000))
  assert.equal(at(made - 5 * 60_000 - 1), false)
  assert.ok(at(made + 30 * dayMs - 1))
  assert.equal(at(made + 30 * dayMs), false)
})

const wrong: readonly [what: string, text: string, csr: Uint8Array, keys: readonly string[]][] = [
  ['of another request', token, Buffer.from('3003020102', 'hex'), [key]],
  ['under another key', token, csrDer, ['cd'.repeat(32)]],
  ['without any key', token, csrDer, []],
  ['with another timestamp', `20261122102031${token.slice(14)}`, csrDer, [key]],
  ['with a day that does not exist', `20261131102030${token.slice(14)}`, csrDer, [key]],
  ['with something behind it', `${token} `, csrDer, [key]],
  ['in upper case', token.toUpperCase(), csrDer, [key]],
  ['that is empty', '', csrDer, [key]],
]
for (const [what, text, csr, keys] of wrong) {
  test(`a token ${what} proves nothing`, () => {
    assert.equal(isRequestToken(text, keys, csr, made), false)
  })
}

function readBase36(text: string): bigint {
  return [...text].reduce((value, digit) => value * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
}
