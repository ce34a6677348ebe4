import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parcels } from '../../../test/support/collections.ts'
import { DrawnIds, type IdDrawing } from './next-ids.ts'

/** Draws from sequences that are objects of this test, and notes how many sets were asked for at once. */
function sequences(): { readonly draw: IdDrawing; readonly asked: number[] } {
  const asked: number[] = []
  let last = 0
  return {
    asked,
    *draw(names, times) {
      asked.push(times)
      return Array.from({ length: times }, () => names.map(() => ++last))
    },
  }
}

function take(ids: DrawnIds, programs: number): readonly number[] {
  ids.begin()
  return Array.from({ length: programs }, () => {
    const { value, done } = ids.next([parcels]).next()
    assert.ok(done === true && Array.isArray(value))
    const [id] = value
    return Number(id)
  })
}

test('a transaction draws at once what the latest ones took, then as many again', () => {
  const { draw, asked } = sequences()
  const ids = new DrawnIds(draw)
  const taken = [
    take(ids, 4),
    take(ids, 0),
    take(ids, 5),
    take(ids, 1),
    take(ids, 0),
    take(ids, 0),
    take(ids, 1),
  ]
  assert.deepEqual(asked, [1, 1, 2, 2, 2, 4, 5, 1])
  assert.deepEqual(taken, [[1, 2, 3, 4], [], [5, 6, 7, 8, 9], [13], [], [], [18]])
})

test('collections that are drawn together have numbers of one set', () => {
  const { draw, asked } = sequences()
  const ids = new DrawnIds(draw)
  ids.begin()
  const pair = ids.next([parcels, { ...parcels, name: 'crate' }]).next()
  assert.deepEqual(pair.value, [1, 2])
  assert.deepEqual(ids.next([parcels]).next().value, [3])
  assert.deepEqual(asked, [1, 1])
})
