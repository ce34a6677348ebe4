import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AttemptFailure,
  completeRetryPolicy,
  defaultRetryPolicy,
  mayRepeat,
  waitMs,
} from './retry-policy.ts'

const response = (status: number, retryAfterMs?: number): AttemptFailure => ({
  kind: 'response',
  status,
  retryAfterMs,
})

test('a failure is repeated where that can help and does nothing twice', () => {
  const always = [
    response(429),
    response(503),
    response(503, 0),
    { kind: 'connection', wasSent: 'no' } as const,
  ]
  const whenRepeatable = [
    response(500),
    response(502),
    response(504),
    { kind: 'connection', wasSent: 'perhaps' } as const,
    { kind: 'timeout' } as const,
  ]
  const never = [0, 301, 304, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 431, 501, 505].map(
    (status) => response(status),
  )
  for (const [failures, repeatable, other] of [
    [always, true, true],
    [whenRepeatable, true, false],
    [never, false, false],
  ] as const) {
    for (const failure of failures) {
      assert.equal(mayRepeat(failure, true), repeatable, JSON.stringify(failure))
      assert.equal(mayRepeat(failure, false), other, JSON.stringify(failure))
    }
  }
})

test('backoff doubles up to its cap, over the whole range from nothing', () => {
  const policy = completeRetryPolicy({ backoffBaseMs: 1_000, backoffCapMs: 6_000 })
  const waits = (random: number) =>
    [1, 2, 3, 4, 5, 2_000].map((attempt) => waitMs(policy, attempt, response(503), () => random))
  assert.deepEqual(waits(0), [0, 0, 0, 0, 0, 0])
  assert.deepEqual(waits(0.5), [500, 1_000, 2_000, 3_000, 3_000, 3_000])
})

test('a wait that the server asked for is never cut short', () => {
  for (const [random, expected] of [
    [0, 5_000],
    [0.5, 5_250],
    [0.75, 5_375],
  ] as const) {
    assert.equal(
      waitMs(defaultRetryPolicy, 1, response(429, 5_000), () => random),
      expected,
    )
  }
})

test('a policy is completed, frozen, and refused by the name of what cannot be', () => {
  const policy = completeRetryPolicy({ attempts: 2 })
  assert.deepEqual(policy, { ...defaultRetryPolicy, attempts: 2 })
  assert.ok(Object.isFrozen(policy))
  assert.throws(() => completeRetryPolicy({ attempts: 0 }), /retry attempts must be at least 1, and is 0/)
  assert.throws(() => completeRetryPolicy({ deadlineMs: Number.NaN }), /retry deadlineMs/)
  assert.throws(() => completeRetryPolicy({ backoffCapMs: -1 }), /retry backoffCapMs/)
})
