import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkSerialNumber,
  generalizedTimeSize,
  placeElement,
  placeGeneralizedTime,
  placeInteger,
  placeTime,
  timeSize,
} from './placement.ts'
import { generalizedTime, integer, octetString, time } from './writer.ts'

function placed(size: number, place: (output: Uint8Array) => number): Uint8Array {
  const output = new Uint8Array(size + 1)
  assert.equal(place(output), size, 'the position after the element')
  assert.equal(output[size], 0, 'nothing is written past the element')
  return output.subarray(0, size)
}

test('V3 times in place equal those of the plain writer on both sides of 1950, 1970, 2000, 2050 and leap days', () => {
  const instants = [
    Date.UTC(1949, 11, 31, 23, 59, 59),
    Date.UTC(1950, 0, 1),
    -1,
    0,
    999,
    Date.UTC(2000, 1, 29, 12, 34, 56, 789),
    Date.UTC(2000, 2, 1),
    Date.UTC(2024, 1, 29),
    Date.UTC(2026, 11, 31, 23, 59, 59),
    Date.UTC(2049, 11, 31, 23, 59, 59, 999),
    Date.UTC(2050, 0, 1),
    Date.UTC(2100, 1, 28),
    Date.UTC(2100, 2, 1),
    Date.UTC(9999, 11, 31, 23, 59, 59),
    new Date(0).setUTCFullYear(0, 0, 1),
    new Date(0).setUTCFullYear(4, 1, 29),
  ]
  for (const instant of instants) {
    assert.deepEqual(
      placed(timeSize(instant), (output) => placeTime(output, 0, instant)),
      time(instant),
    )
    assert.deepEqual(
      placed(generalizedTimeSize, (output) => placeGeneralizedTime(output, 0, instant)),
      generalizedTime(instant),
    )
  }
})

test('V3 every day of 400 years is written as the plain writer does', () => {
  const output = new Uint8Array(generalizedTimeSize)
  for (let day = 0; day < 146_097; day += 1) {
    const instant = Date.UTC(1800, 0, 1) + day * 86_400_000
    placeGeneralizedTime(output, 0, instant)
    const text = new Date(instant).toISOString()
    assert.equal(
      Buffer.from(output.subarray(2, 10)).toString('latin1'),
      text.slice(0, 10).replaceAll('-', ''),
    )
  }
})

test('an instant outside the years 0 to 9999 or no number at all is a RangeError', () => {
  for (const instant of [Date.UTC(10_000, 0, 1), new Date(0).setUTCFullYear(0, 0, 1) - 1, Number.NaN]) {
    assert.throws(() => placeGeneralizedTime(new Uint8Array(20), 0, instant), RangeError)
    assert.throws(() => placeTime(new Uint8Array(20), 0, instant), RangeError)
  }
})

test('integers and elements in place equal those of the plain writer', () => {
  const contents = Uint8Array.of(1, 2, 3)
  assert.deepEqual(
    placed(5, (output) => placeInteger(output, 0, contents)),
    integer(contents),
  )
  const long = new Uint8Array(300).fill(7)
  assert.deepEqual(
    placed(304, (output) => placeElement(output, 0, 0x04, long)),
    octetString(long),
  )
})

test('V6 serial numbers are positive, in fewest octets, 20 octets at most', () => {
  checkSerialNumber(Uint8Array.of(1))
  checkSerialNumber(new Uint8Array(20).fill(0x7f))
  checkSerialNumber(Uint8Array.of(0, 0x80))
  assert.throws(() => checkSerialNumber(new Uint8Array(21).fill(0x7f)))
  assert.throws(() => checkSerialNumber(Uint8Array.of(0x80)))
  assert.throws(() => checkSerialNumber(Uint8Array.of(0)))
  assert.throws(() => checkSerialNumber(Uint8Array.of(0, 1)))
  assert.throws(() => checkSerialNumber(new Uint8Array(0)))
})
