import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryOf } from '../../core/catalogue.ts'
import { apis } from './api.ts'
import { oneCatalogue } from './catalogue.ts'
import { errorAnswer, wireError } from './error-answer.ts'
import { type Reason, type ReasonRow, reasons } from './reasons.ts'

const every = Object.keys(reasons) as Reason[]

test('every reason is explained under its code, with its status', () => {
  for (const reason of every) {
    const { code, status }: ReasonRow = reasons[reason]
    assert.equal(entryOf(oneCatalogue, code)?.httpStatus, status, reason)
  }
})

test('every message exists in both languages', () => {
  for (const reason of every) {
    for (const api of apis) {
      const en = wireError({ reason, about: 'x' }, api, 'en')
      const ja = wireError({ reason, about: 'x' }, api, 'ja')
      assert.equal(en.code, ja.code)
      assert.doesNotMatch(en.message, /[぀-ヿ]/, reason)
      assert.match(ja.message, /[぀-ヿ]/, reason)
    }
  }
})

test('each explanation says meaning, causes, fix and retry in both languages', () => {
  for (const { code, text } of oneCatalogue.entries) {
    for (const explanation of [text.en, text.ja]) {
      assert.ok(explanation.meaning && explanation.fix && explanation.retry, code)
      assert.ok(explanation.causes.length > 0 && explanation.causes.every(Boolean), code)
    }
    assert.equal(text.en.causes.length, text.ja.causes.length, code)
    assert.match(text.ja.meaning, /[぀-ヿ]/, code)
    assert.doesNotMatch(JSON.stringify(text.en), /[぀-ヿ]/, code)
  }
})

test('too many requests are client_error in Trust Lifecycle Manager and rate_limit_exceeded elsewhere', () => {
  const { complaints, status } = errorAnswer([{ reason: 'rate' }])
  assert.equal(status, 429)
  assert.equal(wireError(complaints[0], 'mpki', 'en').code, 'client_error')
  assert.equal(wireError(complaints[0], 'account', 'en').code, 'rate_limit_exceeded')
})
