import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestLifetimeDays, publicTlsLifetimes } from './lifetime-limits.ts'

test('V2 the longest lifetime of a public TLS certificate falls on the dates of the requirements', () => {
  for (const [date, days] of [
    ['2019-01-01T00:00:00.000Z', 398],
    ['2026-03-14T23:59:59.999Z', 398],
    ['2026-03-15T00:00:00.000Z', 200],
    ['2027-03-14T23:59:59.999Z', 200],
    ['2027-03-15T00:00:00.000Z', 100],
    ['2029-03-14T23:59:59.999Z', 100],
    ['2029-03-15T00:00:00.000Z', 47],
    ['2040-01-01T00:00:00.000Z', 47],
  ] as const) {
    assert.equal(longestLifetimeDays(publicTlsLifetimes, Date.parse(date)), days, date)
  }
})

test('a limit without a date holds at all times, and none is none', () => {
  assert.equal(longestLifetimeDays(825, 0), 825)
  assert.equal(longestLifetimeDays(undefined, 0), undefined)
  assert.equal(longestLifetimeDays([], 0), undefined)
})
