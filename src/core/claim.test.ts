import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isClaimInForce } from './claim.ts'
import { TOLERATED_STEP_MS } from './signing-gate.ts'

const now = Date.UTC(2026, 10, 22)

test('a claim lasts until its end, and one that would last longer than claims are given for has ended', () => {
  const longest = now + 60_000 + TOLERATED_STEP_MS
  for (const [until, inForce] of [
    [now, false],
    [now + 1, true],
    [now + 60_000, true],
    [longest, true],
    [longest + 1, false],
  ] as const) {
    assert.equal(isClaimInForce(until, now, 60_000), inForce, String(until - now))
  }
})
