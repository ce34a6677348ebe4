import assert from 'node:assert/strict'
import { test } from 'node:test'
import { subIds } from './sub-ids.ts'

const certificate = (id: number, kind: 'original' | 'reissue' | 'duplicate', sequence: number) => ({
  id,
  kind,
  sequence,
})

test('duplicates are numbered in the order in which they were asked for, others not at all', () => {
  const numbers = subIds([
    certificate(14, 'duplicate', 5),
    certificate(10, 'original', 1),
    certificate(11, 'duplicate', 2),
    certificate(12, 'reissue', 3),
    certificate(13, 'duplicate', 4),
  ])
  assert.deepEqual(
    [...numbers],
    [
      [11, '001'],
      [13, '002'],
      [14, '003'],
    ],
  )
})

test('numbers go on past three digits', () => {
  const many = Array.from({ length: 1_000 }, (_, place) => certificate(place + 1, 'duplicate', place + 1))
  assert.equal(subIds(many).get(1_000), '1000')
})
