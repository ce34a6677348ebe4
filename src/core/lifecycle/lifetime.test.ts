import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfLifetime } from './lifetime.ts'

test('V1 a lifetime ends one second before its time is over, years and months by the calendar', () => {
  for (const [start, unit, duration, end] of [
    ['2026-03-01T10:00:00Z', 'days', 90, '2026-05-30T09:59:59Z'],
    ['2026-03-01T10:00:00.900Z', 'hours', 8, '2026-03-01T17:59:59Z'],
    ['2026-03-01T10:00:00Z', 'minutes', 5, '2026-03-01T10:04:59Z'],
    ['2026-03-01T10:00:00Z', 'years', 1, '2027-03-01T09:59:59Z'],
    ['2028-02-29T10:00:00Z', 'years', 1, '2029-02-28T09:59:59Z'],
    ['2026-01-31T00:00:00Z', 'months', 1, '2026-02-27T23:59:59Z'],
    ['2026-11-30T00:00:00Z', 'months', 3, '2027-02-27T23:59:59Z'],
  ] as const) {
    assert.equal(
      endOfLifetime(Date.parse(start), { unit, duration }),
      Date.parse(end),
      `${start} ${duration} ${unit}`,
    )
  }
})
