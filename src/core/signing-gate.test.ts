import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from './faults.ts'
import { createSigningGate, TOLERATED_STEP_MS } from './signing-gate.ts'
import { isLaterMark, readSigningMark, signingMarkText } from './signing-mark.ts'

const now = Date.UTC(2026, 10, 22)
const yearMs = 365 * 24 * 3_600_000

test('V5 a clock may be five minutes behind the last signature and not a millisecond more', () => {
  const gate = createSigningGate(now)
  gate.admit(now - TOLERATED_STEP_MS)
  assert.equal(gate.lastSigning(), now)
  assert.throws(
    () => gate.admit(now - TOLERATED_STEP_MS - 1),
    (error) => isFault(error, 'signing_refused') && error.detail.reason === 'clock',
  )
  assert.equal(gate.refusal(now - TOLERATED_STEP_MS - 1), 'clock')
  assert.equal(gate.refusal(now), undefined)
})

test('a gate learns later signatures of others, and an earlier time only by a further accepted step', () => {
  const gate = createSigningGate(now)
  gate.learn({ at: now + yearMs, steps: 0 })
  gate.learn({ at: now, steps: 0 })
  assert.deepEqual(gate.mark(), { at: now + yearMs, steps: 0 })
  gate.learn({ at: now, steps: 1 })
  assert.deepEqual(gate.mark(), { at: now, steps: 1 })
  gate.learn({ at: now + yearMs, steps: 0 })
  assert.deepEqual(gate.mark(), { at: now, steps: 1 }, 'what was signed before the step counts no more')
  gate.admit(now + 1)
  assert.deepEqual(gate.mark(), { at: now + 1, steps: 1 })
})

test('a mark is read back as it was written, and text that is none is an error', () => {
  for (const mark of [
    { at: 0, steps: 0 },
    { at: now, steps: 0 },
    { at: now, steps: 3 },
  ]) {
    assert.deepEqual(readSigningMark(signingMarkText(mark)), mark)
    assert.equal(isLaterMark(mark, mark), false)
  }
  assert.equal(signingMarkText({ at: now, steps: 0 }), String(now))
  assert.deepEqual(readSigningMark(undefined), { at: 0, steps: 0 })
  for (const text of ['', 'soon', '1.5', 'null', '{}', `{"at":${now}}`, `{"at":"${now}","steps":1}`]) {
    assert.throws(() => readSigningMark(text), /does not hold the time of a signature/, text)
  }
})
