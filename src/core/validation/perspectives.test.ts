import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Corroboration,
  corroborate,
  hasQuorum,
  type Perspective,
  permittedDissent,
} from './perspectives.ts'

const never = () => Promise.reject(new Error('not asked in this test'))
const perspective = (name: string): Perspective => ({
  name,
  resolver: { resolve: never },
  http: { get: never },
})
const remotes = ['r1', 'r2', 'r3', 'r4', 'r5']
const word = (name: string, agrees: boolean, attempt = 'now'): Corroboration => ({
  ...{ attempt, perspective: name, agrees },
})
const rule = { attempt: 'now', remotes }
const all = remotes.map((name) => word(name, true))

test('D18 of five remote perspectives one may disagree; two may not', () => {
  assert.ok(hasQuorum(rule, all))
  assert.ok(hasQuorum(rule, [word('r1', false), ...all.slice(1)]))
  assert.equal(hasQuorum(rule, [word('r1', false), word('r2', false), ...all.slice(2)]), false)
})

test('D18 a missing answer, or one of another attempt, counts against', () => {
  assert.ok(hasQuorum(rule, all.slice(1)))
  assert.equal(hasQuorum(rule, all.slice(2)), false)
  const stale = [word('r1', true, 'before'), word('r2', true, 'before'), ...all.slice(2)]
  assert.equal(hasQuorum(rule, stale), false)
})

test('D18 strangers and repeated answers do not fill a quorum, and a contradiction is a no', () => {
  const strangers = [word('x1', true), word('x2', true)]
  assert.equal(hasQuorum(rule, [...all.slice(2), ...strangers]), false)
  assert.equal(hasQuorum(rule, [...all.slice(2), word('r3', true), word('r3', true)]), false)
  assert.equal(hasQuorum(rule, [...all, word('r1', false), word('r2', false)]), false)
})

test('D18 the permitted dissent follows the number of remotes, and a setting may lower it', () => {
  assert.deepEqual([0, 1, 2, 5, 6, 12].map(permittedDissent), [0, 0, 1, 1, 2, 2])
  assert.equal(hasQuorum({ ...rule, mostDissent: 0 }, all.slice(1)), false)
})

async function outcome(dissenting: readonly string[], failing: readonly string[] = []) {
  const perspectives = { primary: perspective('own'), remotes: remotes.map(perspective) }
  const ask = async ({ name }: Perspective) => {
    if (failing.includes(name)) throw new Error('no answer')
    return dissenting.includes(name) ? 'no' : 'yes'
  }
  return corroborate(perspectives, { attempt: 'now' }, ask, (result) => result === 'yes')
}

test('D18 perspectives of this process: one dissent or failure passes, two do not, the own one has to agree', async () => {
  assert.equal((await outcome([])).isCorroborated, true)
  const one = await outcome(['r2'])
  assert.deepEqual([one.isCorroborated, one.agreeing], [true, ['own', 'r1', 'r3', 'r4', 'r5']])
  assert.equal((await outcome([], ['r2'])).isCorroborated, true)
  assert.equal((await outcome(['r2', 'r3'])).isCorroborated, false)
  assert.equal((await outcome(['r2'], ['r3'])).isCorroborated, false)
  assert.equal((await outcome(['own'])).isCorroborated, false)
  await assert.rejects(outcome([], ['own']), /no answer/)
})
