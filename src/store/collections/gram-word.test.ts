import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gramWord } from './gram-word.ts'

test('a number is written to base 36, as the indexes of stored items have it', () => {
  const edges = [0, 2 ** 31, 2 ** 32, ...Array.from({ length: 7 }, (_, power) => 36 ** power)]
  const near = edges.flatMap((edge) => [-37, -36, -2, -1, 0, 1, 2, 36, 37].map((step) => edge + step))
  const spread = Array.from({ length: 5_000 }, (_, n) => Math.imul(n, 2_654_435_761))
  for (const number of [...near, ...spread]) {
    assert.equal(gramWord(number | 0), (number >>> 0).toString(36), String(number))
    assert.equal(gramWord(number >>> 0), (number >>> 0).toString(36), String(number))
  }
})
