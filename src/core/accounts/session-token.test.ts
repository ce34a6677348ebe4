import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { testRandom } from '../../../test/support/sealer.ts'
import { newSessionToken, readSessionToken, sessionWrappingKey } from './session-token.ts'

test('a token is 64 lower-case hex digits, new each time, known by the SHA-256 of its text', () => {
  const [one, two] = [newSessionToken(testRandom), newSessionToken(testRandom)]
  assert.match(one.text, /^[0-9a-f]{64}$/)
  assert.notEqual(one.text, two.text)
  assert.deepEqual(Buffer.from(one.digest), createHash('sha256').update(one.text).digest())
})

test('a text of any other form is no token', () => {
  const { text, digest } = newSessionToken(testRandom)
  assert.deepEqual(readSessionToken(text)?.digest, digest)
  for (const wrong of [
    '',
    text.slice(1),
    `${text}0`,
    ` ${text.slice(1)}`,
    `${'A'.repeat(64)}`,
    `g${text.slice(1)}`,
  ]) {
    assert.equal(readSessionToken(wrong), undefined, wrong)
  }
})

test('the wrapping key is the same for one token, and is neither its octets nor its digest', () => {
  const token = newSessionToken(testRandom)
  const key = Buffer.from(sessionWrappingKey(token)).toString('hex')
  assert.equal(Buffer.from(sessionWrappingKey(token)).toString('hex'), key)
  assert.equal(key.length, 64)
  const known = [token.text, Buffer.from(token.digest).toString('hex')]
  assert.ok(!known.includes(key))
  assert.notEqual(Buffer.from(sessionWrappingKey(newSessionToken(testRandom))).toString('hex'), key)
})
