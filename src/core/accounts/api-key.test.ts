import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { testRandom } from '../../../test/support/sealer.ts'
import { accountId } from '../brand.ts'
import { parseDay } from '../days.ts'
import type { ApiKeyRecord } from './account.ts'
import { isApiKeyLive, matchesApiKey, newApiKeyText, readApiKeyText } from './api-key.ts'

test('a key is 26 hex digits, an underscore and 64 hex digits, and begins with the mark of its installation', () => {
  const production = newApiKeyText('production', testRandom)
  assert.match(production.text, /^01[0-9a-f]{24}_[0-9a-f]{64}$/)
  assert.match(newApiKeyText('sandbox', testRandom).text, /^02[0-9a-f]{24}_[0-9a-f]{64}$/)
  assert.equal(production.publicId, production.text.slice(0, 26))
  assert.deepEqual(Buffer.from(production.digest), createHash('sha256').update(production.text).digest())
})

test('a text of any other form is no key', () => {
  const { text, digest } = newApiKeyText('production', testRandom)
  assert.deepEqual(readApiKeyText(text)?.digest, digest)
  for (const wrong of [
    '',
    text.slice(1),
    `${text}0`,
    text.toUpperCase(),
    text.replace('_', '-'),
    `_${text.slice(1)}`,
    `${text.slice(0, -1)}g`,
    `${text.slice(0, -1)}\n`,
  ]) {
    assert.equal(readApiKeyText(wrong), undefined, wrong)
  }
})

test('a key matches the digest of itself and nothing else', () => {
  const [key, other] = [newApiKeyText('production', testRandom), newApiKeyText('production', testRandom)]
  assert.equal(matchesApiKey(key, key), true)
  assert.equal(matchesApiKey(key, other), false)
  assert.equal(matchesApiKey(key, undefined), false)
  assert.equal(matchesApiKey(key, { digest: key.digest.subarray(1) }), false)
  // A key whose digest were all zero must not pass for the absence of a record.
  assert.equal(matchesApiKey({ ...key, digest: new Uint8Array(32) }, undefined), false)
})

test('a key lives through its whole last day in UTC, and not when it was revoked', () => {
  const key: ApiKeyRecord = {
    id: 1,
    publicId: '01',
    accountId: accountId(1),
    userId: null,
    name: '',
    digest: new Uint8Array(32),
    role: 'administrator',
    restriction: null,
    endDate: null,
    createdAt: 0,
    revokedAt: null,
    lastUsedAt: null,
  }
  const now = Date.UTC(2027, 1, 28, 23, 59, 59, 999)
  assert.equal(isApiKeyLive(key, now), true)
  assert.equal(isApiKeyLive({ ...key, endDate: '2027-02-28' }, now), true)
  assert.equal(isApiKeyLive({ ...key, endDate: '2027-02-28' }, now + 1), false)
  assert.equal(isApiKeyLive({ ...key, endDate: '2027-02-27' }, now), false)
  assert.equal(isApiKeyLive({ ...key, revokedAt: now - 1 }, now), false)
  assert.equal(isApiKeyLive({ ...key, endDate: 'never' }, now), false)
})

test('a day is written YYYY-MM-DD and has to exist', () => {
  assert.equal(parseDay('2028-02-29'), Date.UTC(2028, 1, 29))
  for (const wrong of [
    '',
    '2027-02-29',
    '2027-2-28',
    '28-02-2027',
    '2027-02-28Z',
    '2027-13-01',
    '2027/02/28',
    '+02027-0228',
  ]) {
    assert.equal(parseDay(wrong), undefined, wrong)
  }
})
