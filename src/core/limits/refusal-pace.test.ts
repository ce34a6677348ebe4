import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusalPace } from './refusal-pace.ts'

test('X7 the first refusal is told at once, and the next ones one at a time in their order', async () => {
  const { pace, tick } = paced()
  const told: number[] = []
  assert.equal(pace.turn(), undefined)
  for (const number of [1, 2, 3]) pace.turn()?.then(() => told.push(number))
  for (const expected of [[1], [1, 2], [1, 2, 3]]) {
    tick()
    await settled()
    assert.deepEqual(told, expected)
  }
})

test('X7 after a pause a refusal is told at once again', () => {
  const { pace, tick } = paced()
  assert.equal(pace.turn(), undefined)
  assert.notEqual(pace.turn(), undefined)
  tick()
  tick()
  assert.equal(pace.turn(), undefined)
})

test('X7 thirty-two refusals wait; one more lets the first go, so that they never fill the room for requests', async () => {
  const { pace } = paced()
  const told: number[] = []
  pace.turn()
  for (let number = 1; number <= 32; number++) pace.turn()?.then(() => told.push(number))
  await settled()
  assert.equal(told.length, 0)
  pace.turn()?.then(() => told.push(33))
  await settled()
  assert.deepEqual(told, [1])
})

/** A pace whose time passes when the test says so. */
function paced(): { readonly pace: RefusalPace; readonly tick: () => void } {
  const due: (() => void)[] = []
  return { pace: new RefusalPace((run) => due.push(run)), tick: () => due.shift()?.() }
}

/** After all that is due has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
