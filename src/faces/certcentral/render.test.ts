import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateTime, day } from './render.ts'

const instants = [
  0,
  -1,
  951_782_400_000,
  951_868_799_999,
  Date.UTC(2031, 2, 1, 8, 0, 0, 5),
  Date.UTC(2031, 11, 31, 23, 59, 59, 999),
  Date.UTC(2032, 0, 1),
  Date.UTC(9999, 11, 31, 23, 59, 59),
]

for (const at of instants) {
  const iso = new Date(at).toISOString()
  test(`${iso} is written as its UTC day, and to the second with an offset`, () => {
    assert.equal(day(at), iso.slice(0, 10))
    assert.equal(dateTime(at), `${iso.slice(0, 19)}+00:00`)
    assert.equal(day(at), iso.slice(0, 10), 'the second time, too')
  })
}

test('more days than are kept are written right, one after the other and again', () => {
  const start = Date.UTC(2031, 0, 1)
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 5_000; number++) {
      const at = start + number * 86_400_000 + number
      assert.equal(day(at), new Date(at).toISOString().slice(0, 10))
    }
  }
})
