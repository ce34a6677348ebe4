import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaaRecord } from '../validation/outbound.ts'
import { type CaaWish, decideCaa } from './decide.ts'

const uri = 'https://ca.example/account/7'
const wish: CaaWish = {
  identities: ['ca.example', 'other-name.example'],
  accountUris: [uri],
  accountToken: 'token7',
  method: 'dns-txt-token',
}

const record = (tag: string, value: string, flags = 0): CaaRecord => ({ flags, tag, value })
const issue = (value: string) => record('issue', value)
const plain = (records: readonly CaaRecord[]) => decideCaa(records, false, wish).refusal
const wild = (records: readonly CaaRecord[]) => decideCaa(records, true, wish).refusal

test('without records, or without one that tells who may issue, everybody may', () => {
  assert.equal(plain([]), undefined)
  assert.equal(plain([record('iodef', 'mailto:a@b.example'), record('unknown', 'x')]), undefined)
  assert.equal(wild([record('iodef', 'mailto:a@b.example')]), undefined)
})

test('one property that names this CA is enough, by any of its identities and in any letter case', () => {
  assert.equal(plain([issue('elsewhere.example'), issue('ca.example')]), undefined)
  assert.equal(plain([record('ISSUE', 'Other-Name.Example')]), undefined)
  assert.equal(plain([issue('elsewhere.example')]), 'issuer')
  assert.equal(plain([issue('www.ca.example')]), 'issuer')
})

test('a property that names nobody, or breaks the grammar, forbids', () => {
  for (const value of ['', ';', ';a=b', 'ca.example ca.example', 'ca.example; bad']) {
    assert.equal(plain([issue(value)]), 'issuer', value)
    assert.equal(plain([issue(value), issue('ca.example')]), undefined, value)
  }
})

test('D14 issuewild present: a wildcard ignores issue, a plain name ignores issuewild', () => {
  const both = [issue('ca.example'), record('issuewild', ';')]
  assert.equal(plain(both), undefined)
  assert.equal(wild(both), 'issuer')
  const reversed = [issue(';'), record('issuewild', 'ca.example')]
  assert.equal(plain(reversed), 'issuer')
  assert.equal(wild(reversed), undefined)
  assert.equal(plain([record('issuewild', ';')]), undefined, 'issuewild alone says nothing of plain names')
  assert.equal(wild([record('issuewild', ';')]), 'issuer')
})

test('D14 without issuewild a wildcard follows issue', () => {
  assert.equal(wild([issue('ca.example')]), undefined)
  assert.equal(wild([issue('elsewhere.example')]), 'issuer')
})

test('D15 a critical property that is not understood refuses, whatever else authorises', () => {
  const records = [issue('ca.example'), record('tbs', 'unknown', 128)]
  assert.equal(plain(records), 'unknown-critical')
  assert.equal(wild([record('tbs', 'unknown', 255)]), 'unknown-critical')
  assert.equal(plain([issue('ca.example'), record('tbs', 'unknown', 127)]), undefined, 'reserved bits')
  assert.equal(plain([record('issue', 'ca.example', 128), record('iodef', 'mailto:a@b', 128)]), undefined)
})

test('D17 an accounturi that is another, given twice or empty refuses', () => {
  assert.equal(plain([issue(`ca.example; accounturi=${uri}`)]), undefined)
  for (const parameters of [`accounturi=${uri}8`, `accounturi=${uri}; accounturi=${uri}`, 'accounturi=']) {
    assert.equal(plain([issue(`ca.example; ${parameters}`)]), 'account', parameters)
  }
  assert.equal(plain([issue(`ca.example; accounturi=${uri.toUpperCase()}`)]), 'account')
  const second = [issue('ca.example; accounturi=https://x.example'), issue(`ca.example; accounturi=${uri}`)]
  assert.equal(plain(second), undefined)
})

test('D17 validationmethods without the method used refuses', () => {
  assert.equal(plain([issue('ca.example; validationmethods=dns-01,ca-dns-txt-token')]), undefined)
  for (const list of ['http-01', 'dns-01', '', 'ca-dns-txt-token2', 'ca-http-token,ca-email']) {
    assert.equal(plain([issue(`ca.example; validationmethods=${list}`)]), 'method', list)
  }
  const unknown = { ...wish, method: null }
  const records = [issue('ca.example; validationmethods=ca-dns-txt-token')]
  assert.equal(decideCaa(records, false, unknown).refusal, 'method')
})

test('D17 an account token of a lock lets only its account issue', () => {
  assert.equal(plain([issue('ca.example; account=token7')]), undefined)
  assert.equal(plain([issue('ca.example; account=token8')]), 'account')
  assert.equal(plain([issue('ca.example; account=TOKEN7')]), 'account')
  const none = { ...wish, accountToken: null }
  assert.equal(decideCaa([issue('ca.example; account=token7')], false, none).refusal, 'account')
  assert.equal(plain([issue('ca.example; color=blue')]), undefined, 'parameters of no meaning here')
})

test('a property that permits names this CA; records that forbid nobody do not', () => {
  const isNamed = (records: readonly CaaRecord[]) => decideCaa(records, false, wish).isNamed
  assert.ok(isNamed([issue('elsewhere.example'), issue('ca.example')]))
  assert.equal(isNamed([]), false)
  assert.equal(isNamed([record('iodef', 'mailto:a@b.example')]), false)
  assert.equal(isNamed([issue('ca.example; account=another')]), false)
})

test('a locked domain is permitted by its account token alone', () => {
  const locked = { ...wish, isLocked: true }
  const refusal = (...values: readonly string[]) => decideCaa(values.map(issue), false, locked).refusal
  assert.equal(refusal('ca.example; account=token7'), undefined)
  assert.equal(refusal('ca.example'), 'account')
  assert.equal(refusal('ca.example; account=another'), 'account')
  assert.equal(refusal('ca.example', 'ca.example; account=token7'), undefined)
})
