import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration, readRate, writeDuration, writeRate } from './duration-text.ts'

test('lengths of time are read with their unit, and written in the largest that fits', () => {
  for (const [text, milliseconds] of [
    ['500ms', 500],
    ['90s', 90_000],
    ['5m', 300_000],
    ['36h', 129_600_000],
    ['7d', 604_800_000],
  ] as const) {
    assert.equal(readDuration(text), milliseconds)
    assert.equal(writeDuration(milliseconds), text)
  }
  for (const text of ['', '5', 'm', '-5m', '5 m', '5.5m', '5min', '5M', `${'1'.repeat(13)}m`]) {
    assert.ok(Number.isNaN(readDuration(text)), text)
  }
})

test('rates are read within the bounds that windows have', () => {
  assert.deepEqual(readRate('100/5m'), { limit: 100, windowMs: 300_000 })
  assert.equal(writeRate({ limit: 100_000, windowMs: 1_000 }), '100000/1s')
  for (const text of ['100000/1s', '1/31d']) assert.ok(readRate(text) !== undefined, text)
  for (const text of ['100001/1s', '0/1s', '1/999ms', '1/32d', '1', '1/1s/1s', '/1s', '-1/1s', '1/']) {
    assert.equal(readRate(text), undefined, text)
  }
})
