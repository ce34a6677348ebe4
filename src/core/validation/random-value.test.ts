import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { currentRandomValue, isSameValue, longestLifeMs, newRandomValue } from './random-value.ts'

const random = { bytes: (length: number) => randomBytes(length) }

test('a random value is a DNS label of 160 bits, each one another', () => {
  const values = Array.from({ length: 200 }, () => newRandomValue(random, 0).value)
  for (const value of values) assert.match(value, /^[a-z2-7]{32}$/)
  assert.equal(new Set(values).size, values.length)
  assert.equal(new Set(values.join('')).size, 32, 'every character of the alphabet is drawn')
})

test('a random value lives 30 days unless a shorter life is set, and no longer one can be', () => {
  assert.equal(newRandomValue(random, 5).expiresAt, 5 + longestLifeMs)
  assert.equal(newRandomValue(random, 5, 1).expiresAt, 6)
  for (const life of [0, -1, longestLifeMs + 1, Number.NaN]) {
    assert.throws(() => newRandomValue(random, 0, life), RangeError)
  }
})

test('a value is made anew only after it expired', () => {
  const present = newRandomValue(random, 0)
  assert.equal(currentRandomValue(present, random, present.expiresAt - 1), present)
  assert.notEqual(currentRandomValue(present, random, present.expiresAt).value, present.value)
  assert.match(currentRandomValue(null, random, 0).value, /^[a-z2-7]{32}$/)
})

test('values are compared whole', () => {
  assert.ok(isSameValue('abc', 'abc'))
  assert.ok(isSameValue('abc', Buffer.from('abc')))
  for (const other of ['', 'ab', 'abcd', 'ABC', 'abd', ' abc']) assert.equal(isSameValue('abc', other), false)
})
