import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../core/faults.ts'
import { errorBody } from './error-answer.ts'
import { answerToFault } from './faults.ts'
import { objectNames } from './object-names.ts'

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

test('what the operator says about a maintenance follows the usual text of 503 in both languages', () => {
  const closed = (message: string | null) => new Fault('maintenance', { retryAfterMs: 600_000, message })
  const usual = 'The service cannot do this now; try again after the time in Retry-After.'
  const answer = answerToFault(closed('new disk'), 'en')
  assert.deepEqual([answer.status, answer.retryAfterMs], [503, 600_000])
  const body = bodyOf(closed('new disk'))
  assert.equal(body.message, `${usual} The operator says: new disk`)
  assert.deepEqual(body.errors, [{ code: 'service_unavailable', message: body.message, field: undefined }])
  assert.equal(bodyOf(closed(null)).message, usual)
  assert.match(bodyOf(closed('new disk'), 'ja').message, /再試行してください。運用者からの連絡: new disk$/)
  assert.match(bodyOf(closed(null), 'ja').message, /再試行してください。$/)
  for (const elsewhere of [new Fault('overloaded', { retryAfterMs: 1_000 }), new Fault('store_failed', {})]) {
    assert.equal(bodyOf(elsewhere).message, usual)
  }
})

test('an object that is not there has a name in the language of the answer', () => {
  const absent = [
    [new Fault('object_unknown', { object: 'business-unit' }), 'business unit', 'ビジネスユニット'],
    [
      new Fault('object_unknown', { object: 'client-certificate' }),
      'client certificate',
      'クライアント証明書',
    ],
    [new Fault('access_denied', { object: 'authority' }), 'CA', 'CA'],
    [new Fault('access_denied', { object: 'certificate' }), 'certificate', '証明書'],
    [new Fault('certificate_unknown', {}), 'certificate', '証明書'],
    [new Fault('certificate_not_issued', { state: 'reserved' }), 'certificate', '証明書'],
    [new Fault('authority_unknown', {}), 'CA', 'CA'],
  ] as const
  for (const [fault, english, japanese] of absent) {
    assert.equal(bodyOf(fault).message, `There is no such ${english}.`)
    assert.equal(bodyOf(fault, 'ja').message, `指定されたリソース(${japanese})が見つかりません。`)
  }
  for (const [kind, name] of Object.entries(objectNames.ja)) {
    if (kind !== 'authority' && kind !== 'auth-key' && kind !== 'webhook')
      assert.match(name, /[^\x20-\x7e]/, kind)
  }
})
