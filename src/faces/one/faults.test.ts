import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../core/faults.ts'
import { errorBody } from './error-answer.ts'
import { answerToFault } from './faults.ts'

const bodyOf = (fault: Fault, language: 'en' | 'ja' = 'en') =>
  errorBody(answerToFault(fault, language), 'list', 'mpki', language, 'request')

test('a certificate that would break rules is refused with one error for each, naming it', () => {
  const findings = ['san-present: no alternative name', 'serial-length: 21 octets']
  assert.deepEqual(bodyOf(new Fault('lint_failed', { findings })), {
    errors: findings.map((finding) => ({
      code: 'invalid_request',
      message: `The certificate would break a rule: ${finding}.`,
      field: undefined,
    })),
    code: 'invalid_request',
    message: 'The certificate would break a rule: san-present: no alternative name.',
    request_id: 'request',
  })
  assert.match(
    String(bodyOf(new Fault('lint_failed', { findings }), 'ja').message),
    /\(san-present: no .*\)。$/,
  )
})

test('a certificate that would be too large is refused with both sizes', () => {
  assert.equal(
    bodyOf(new Fault('certificate_too_large', { bytes: 5_000, maximum: 4_096 })).message,
    'The certificate would break a rule: it has 5000 bytes, at most 4096 are allowed.',
  )
})

test('a refusal to sign says why, and who can mend it', () => {
  for (const [reason, words] of [
    ['clock', /clock.*behind.*operator/],
    ['restored', /database is older.*operator.*chancery recover/],
  ] as const) {
    const answer = answerToFault(new Fault('signing_refused', { reason }), 'en')
    assert.deepEqual([answer.status, answer.retryAfterMs], [503, 30_000])
    assert.match(String(bodyOf(new Fault('signing_refused', { reason })).message), words)
  }
})
