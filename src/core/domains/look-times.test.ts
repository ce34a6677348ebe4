import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestLifeMs } from '../validation/random-value.ts'
import { nextLook, nextOrderLook } from './look-times.ts'

const minuteMs = 60_000
const made = Date.UTC(2026, 10, 22)
const randomValue = { value: 'v', expiresAt: made + longestLifeMs }

/** Minutes from a moment to the next look. */
const pauseAt = (age: number) => {
  const next = nextLook({ method: 'dns-txt-token', randomValue }, made + age)
  return next === null ? null : (next - made - age) / minuteMs
}

test('looks come every two minutes at first, then in an eighth of the age, every four hours at the rarest', () => {
  assert.deepEqual(
    [0, 16, 80, 1_920, 20_000].map((minutes) => pauseAt(minutes * minuteMs)),
    [2, 2, 10, 240, 240],
  )
})

test('a look is at a whole millisecond, whatever the age is', () => {
  const next = nextLook({ method: 'dns-txt-token', randomValue }, made + 20 * minuteMs + 1)
  assert.equal(next, made + 20 * minuteMs + 1 + 2.5 * minuteMs)
})

test('looks end with the value', () => {
  assert.equal(pauseAt(longestLifeMs - 1), 240)
  assert.equal(pauseAt(longestLifeMs), null)
  assert.equal(nextLook({ method: 'http-token', randomValue: null }, made), null)
})

test('a clock that was put back does not look more often', () => {
  assert.equal(pauseAt(-1_000 * minuteMs), 2)
})

test('orders that wait for answers to mails are looked at less and less often, from an hour to a day', () => {
  const methods = { method: 'email', randomValue: null, evidence: [], approvers: [] } as const
  const hourMs = 60 * minuteMs
  const pauses = [0, 8, 16, 80, 8_000].map((hours) => {
    const now = made + hours * hourMs
    return (nextOrderLook({ methods, updatedAt: made }, now) - now) / hourMs
  })
  assert.deepEqual(pauses, [1, 1, 2, 10, 24])
})
