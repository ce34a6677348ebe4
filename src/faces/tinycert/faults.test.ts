import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AnyFault, Fault, type Language } from '../../core/faults.ts'
import { httpStatusOf, type TinycertCode, tinycertCodes } from './codes.ts'
import { answerToFault, faults, inLanguage } from './faults.ts'
import { invalid } from './input-reason.ts'

const languages: readonly Language[] = ['en', 'ja']

const expected: readonly (readonly [AnyFault, TinycertCode, number?])[] = [
  [{ code: 'parameter_missing', detail: { parameter: 'ca_id' } }, 'MissingParameter'],
  [{ code: 'parameter_invalid', detail: { parameter: 'what', reason: 'status-flags' } }, 'InputFailure'],
  [{ code: 'name_refused', detail: { parameter: 'C', value: 'us', defect: 'country' } }, 'InputFailure'],
  [{ code: 'names_too_many', detail: { count: 101, maximum: 100 } }, 'InputFailure'],
  [{ code: 'key_weak', detail: { weakness: 'roca' } }, 'InputFailure'],
  [{ code: 'account_unknown', detail: {} }, 'AccountNotFound'],
  [{ code: 'account_corrupt', detail: {} }, 'AccountError'],
  [{ code: 'account_unavailable', detail: {} }, 'AccountNotLoaded'],
  [{ code: 'authority_unknown', detail: {} }, 'NotFound'],
  [{ code: 'authority_unusable', detail: {} }, 'UnknownError'],
  [{ code: 'certificate_unknown', detail: {} }, 'NotFound'],
  [{ code: 'certificate_superseded', detail: {} }, 'NotLatest'],
  [{ code: 'private_key_not_kept', detail: {} }, 'NotFound'],
  [{ code: 'status_change_refused', detail: { from: 'expired', to: 'good' } }, 'StatusDisallowed'],
  [{ code: 'signature_missing', detail: {} }, 'SignatureFailure'],
  [{ code: 'signature_mismatch', detail: {} }, 'SignatureFailure'],
  [{ code: 'credential_unknown', detail: {} }, 'ApiKeyMismatch'],
  [{ code: 'passphrase_wrong', detail: {} }, 'PassphraseFailure'],
  [{ code: 'session_unknown', detail: {} }, 'InvalidToken'],
  [{ code: 'session_unusable', detail: {} }, 'SessionError'],
  [{ code: 'access_denied', detail: { object: 'authority' } }, 'AccessDenied'],
  [{ code: 'access_denied', detail: { object: 'certificate' } }, 'AccessDenied'],
  [
    { code: 'rate_exceeded', detail: { limit: 1, windowMs: 300_000, retryAfterMs: 1_500 } },
    'RateLimitExceeded',
  ],
  [{ code: 'login_throttled', detail: { retryAfterMs: 900 } }, 'RateLimitExceeded'],
  [{ code: 'overloaded', detail: { retryAfterMs: 900 } }, 'RateLimitExceeded'],
  [{ code: 'store_busy', detail: { retryAfterMs: 900 } }, 'UnknownError', 503],
  [{ code: 'store_full', detail: { retryAfterMs: 900 } }, 'UnknownError', 503],
  [{ code: 'store_failed', detail: {} }, 'UnknownError', 503],
  [{ code: 'maintenance', detail: { retryAfterMs: 900, message: 'new disk' } }, 'UnknownError', 503],
  [{ code: 'signing_refused', detail: { reason: 'clock' } }, 'UnknownError', 503],
  [{ code: 'issuance_uncertain', detail: {} }, 'UnknownError'],
]

test('each fault leads to its code and status, with text in both languages', () => {
  for (const [{ code, detail }, wanted, status] of expected) {
    const texts = languages.map((language) => {
      const given = answerToFault(new Fault(code, detail), language)
      assert.equal(given.code, wanted, code)
      assert.equal(given.httpStatus, status ?? httpStatusOf[wanted], code)
      assert.notEqual(given.text, '')
      return given.text
    })
    assert.notEqual(texts[0], texts[1], code)
  }
})

test('MethodDisallowed is the only code that no fault leads to: it is decided before any verb runs', () => {
  const reached = new Set(expected.map(([, code]) => code))
  assert.deepEqual(
    tinycertCodes.filter((code) => !reached.has(code)),
    ['MethodDisallowed'],
  )
})

test('every answer to a wait carries the time', () => {
  for (const [{ code, detail }] of expected) {
    if ('retryAfterMs' in detail) {
      assert.equal(answerToFault(new Fault(code, detail), 'en').retryAfterMs, detail.retryAfterMs, code)
    }
  }
})

test('what the operator says about a maintenance follows the usual sentence', () => {
  for (const language of languages) {
    const textOf = (message: string | null) => {
      const given = answerToFault(new Fault('maintenance', { retryAfterMs: 900, message }), language)
      assert.deepEqual([given.code, given.httpStatus], ['UnknownError', 503])
      return given.text
    }
    const usual = textOf(null)
    assert.equal(usual, answerToFault(new Fault('store_failed', {}), language).text)
    assert.ok(textOf('new disk').startsWith(usual))
    assert.match(textOf('new disk'), /new disk$/)
  }
})

test('MissingParameter and InputFailure name the parameter in both languages', () => {
  for (const language of languages) {
    const missing = answerToFault(new Fault('parameter_missing', { parameter: 'hash_method' }), language)
    assert.match(missing.text, /hash_method/)
    for (const reason of Object.keys(inLanguage('en').inputReasons)) {
      const fault = new Fault('parameter_invalid', { parameter: 'SANs[3][IP]', reason })
      assert.match(answerToFault(fault, language).text, /SANs\[3\]\[IP\]/)
    }
    for (const defect of ['wildcard', 'address'] as const) {
      const fault = new Fault('name_refused', { parameter: 'SANs[0][DNS]', value: 'x', defect })
      assert.match(answerToFault(fault, language).text, /SANs\[0\]\[DNS\]/)
    }
  }
})

test('a reason of another layer, or the name of an inherited member, gets the general sentence', () => {
  for (const reason of ['of-another-layer', 'constructor', 'toString', '__proto__']) {
    const text = answerToFault(new Fault('parameter_invalid', { parameter: 'O', reason }), 'en').text
    assert.equal(text, 'Parameter O has a value that is not valid.')
  }
})

test('values of the caller are quoted, cut short and without control characters', () => {
  const hostile = `\u001b[31m"\\\u0000\u202e\u2028\ud800${'x'.repeat(1_000)}`
  const texts = [
    answerToFault(new Fault('name_refused', { parameter: 'CN', value: hostile, defect: 'character' }), 'en')
      .text,
    answerToFault(invalid(hostile, 'repeated'), 'ja').text,
  ]
  for (const text of texts) {
    assert.ok(text.length < 300, text)
    assert.doesNotMatch(text, /[\p{C}\p{Zl}]/u)
    assert.match(text, /\\u\{1b\}\[31m\\u\{22\}\\u\{5c\}\\u\{0\}\\u\{202e\}\\u\{2028\}\\u\{d800\}x/)
  }
})

test('the table is total and holds nothing that is not a fault', () => {
  for (const row of Object.values(faults)) assert.equal(typeof row, 'function')
})
