import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSerialNumber } from './values.ts'

test('a serial number is read in every spelling of its value, up to 20 octets', () => {
  const longest = `F1${'0A'.repeat(19)}`
  for (const [written, read] of [
    ['9A0B', '9A0B'],
    ['9a:0b', '9A0B'],
    ['009A0B', '9A0B'],
    ['A0B', '0A0B'],
    ['0', '00'],
    ['0000', '00'],
    [longest, longest],
    [`00${longest}`, longest],
    [`01${longest}`, undefined],
    [`0000${longest}`, undefined],
    ['9G', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(readSerialNumber(written), read, written)
  }
})
