import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../faults.ts'
import { tellFailure } from './tell-failure.ts'

function told(error: unknown): readonly [string, Readonly<Record<string, unknown>>, string][] {
  const lines: [string, Readonly<Record<string, unknown>>, string][] = []
  const line = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    lines.push([level, facts, message])
  }
  const log = { info: line('info'), warn: line('warn'), error: line('error') }
  tellFailure(log, error, { requestId: 'r1' }, 'a call failed')
  return lines
}

test('requests that are turned away during maintenance, under load or by a busy store are told without a stack', () => {
  for (const fault of [
    new Fault('maintenance', { retryAfterMs: 1, message: null }),
    new Fault('overloaded', { retryAfterMs: 1 }),
    new Fault('store_busy', { retryAfterMs: 1 }, { cause: new Error('locked') }),
  ]) {
    assert.deepEqual(told(fault), [
      ['info', { reason: fault.code, requestId: 'r1' }, 'a request was turned away for now'],
    ])
  }
})

test('what fails here is told as an error with its stack, also where the caller may try again', () => {
  for (const error of [
    new TypeError('a bug'),
    new Fault('store_failed', {}),
    new Fault('store_full', { retryAfterMs: 1 }),
    new Fault('overloaded', { retryAfterMs: 1 }, { cause: new Error('the mail server is gone') }),
  ]) {
    assert.deepEqual(told(error), [['error', { err: error, requestId: 'r1' }, 'a call failed']])
  }
})
