import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairTurns } from './fair-turns.ts'

test('X7 a caller who is alone comes at once, turn for turn', () => {
  const { turns, pass } = made()
  for (let number = 0; number < 3; number++) {
    assert.equal(turns.next('one'), undefined)
    pass()
  }
})

test('X7 who calls once comes after one request of a caller who calls many times at once', async () => {
  const { turns, pass, told, ask } = made()
  for (const number of [1, 2, 3, 4]) ask('flood', number)
  ask('other', 1)
  const inOrder = ['flood 1', 'flood 2', 'other 1', 'flood 3', 'flood 4']
  for (const [place] of inOrder.entries()) {
    await settled()
    assert.deepEqual(told, inOrder.slice(0, place + 1))
    pass()
  }
  pass()
  assert.equal(turns.next('other'), undefined)
})

test('X7 callers come by turns, also those who come while others wait', async () => {
  const { pass, told, ask } = made()
  for (const number of [1, 2, 3]) ask('a', number)
  pass()
  for (const number of [1, 2]) ask('b', number)
  pass()
  ask('c', 1)
  for (let turn = 0; turn < 4; turn++) pass()
  await settled()
  assert.deepEqual(told, ['a 1', 'a 2', 'a 3', 'b 1', 'c 1', 'b 2'])
})

/** Turns that pass when the test says so. */
function made() {
  const due: (() => void)[] = []
  const told: string[] = []
  const turns = new FairTurns((run) => due.push(run))
  const ask = async (caller: string, number: number) => {
    await turns.next(caller)
    told.push(`${caller} ${number}`)
  }
  return { turns, told, ask, pass: () => due.shift()?.() }
}

/** After all that is due has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
