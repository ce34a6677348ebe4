import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHttpDate } from './http-date.ts'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-03-01T12:00:00Z')

test('the three spellings of an HTTP date name the same moment', () => {
  for (const text of [
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ]) {
    assert.equal(parseHttpDate(text, now), Date.UTC(1994, 10, 6, 8, 49, 37), text)
  }
})

test('a two-digit year is at most 50 years ahead', () => {
  assert.equal(parseHttpDate('Sunday, 01-Mar-76 00:00:00 GMT', now), Date.UTC(2076, 2, 1))
  assert.equal(parseHttpDate('Tuesday, 01-Mar-77 00:00:00 GMT', now), Date.UTC(1977, 2, 1))
})

test('what is no date of the calendar or of these spellings is no HTTP date', () => {
  for (const text of [
    'Mon, 30 Feb 2026 00:00:00 GMT',
    'Sun, 29 Feb 2026 00:00:00 GMT',
    'Sun, 01 Mar 2026 24:00:00 GMT',
    'Sun, 01 Mar 2026 12:60:00 GMT',
    'Sun, 01 Mar 2026 12:00:61 GMT',
    'Sun, 01 Mar 2026 12:00:00 UTC',
    'Sun, 01 Mar 2026 12:00:00 +0000',
    'Sun, 1 Mar 2026 12:00:00 GMT',
    'Sun, 01 mar 2026 12:00:00 GMT',
    '2026-03-01T12:00:00Z',
    'Sun, 01 Mar 2026 12:00:00 GMT, Sun, 01 Mar 2026 12:00:00 GMT',
    '',
  ]) {
    assert.equal(parseHttpDate(text, now), undefined, text)
  }
  assert.equal(parseHttpDate('Thu, 29 Feb 2024 23:59:60 GMT', now), Date.UTC(2024, 2, 1))
})

test('Retry-After is read as seconds, as a date of the sender, or not at all', () => {
  const rows: readonly (readonly [string | null, string | null, number | undefined])[] = [
    [null, null, undefined],
    ['0', null, 0],
    ['2', null, 2_000],
    [' 2 ', null, 2_000],
    ['007', null, 7_000],
    ['86400', null, 86_400_000],
    ['9'.repeat(400), null, Number.POSITIVE_INFINITY],
    ['-1', null, undefined],
    ['+1', null, undefined],
    ['1e3', null, undefined],
    ['2.0', null, undefined],
    ['٣', null, undefined],
    ['tomorrow', null, undefined],
    ['Sun, 01 Mar 2026 12:00:09 GMT', null, 9_000],
    ['Sun, 01 Mar 2026 11:59:59 GMT', null, 0],
    ['Sun, 01 Mar 2026 12:00:09 GMT', 'Sun, 01 Mar 2026 12:00:07 GMT', 2_000],
    ['Sun, 01 Mar 2026 12:00:09 GMT', 'Sun, 01 Mar 2026 12:00:10 GMT', 0],
    ['Sun, 01 Mar 2026 12:00:09 GMT', 'about noon', 9_000],
    // A date says nothing about how long when the header gives seconds.
    ['3', 'Sun, 01 Mar 2020 12:00:00 GMT', 3_000],
  ]
  for (const [retryAfter, date, expected] of rows) {
    assert.equal(retryAfterMs(retryAfter, date, now), expected, `${retryAfter} at ${date}`)
  }
})
