import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryOf } from '../../core/catalogue.ts'
import { tinycertCatalogue } from './catalogue.ts'
import { httpStatusOf, tinycertCodes } from './codes.ts'

test('the catalogue explains each of the 17 codes once, with the status it is sent with', () => {
  assert.equal(tinycertCodes.length, 17)
  assert.deepEqual(
    tinycertCatalogue.entries.map(({ code, httpStatus }) => [code, httpStatus]),
    tinycertCodes.map((code) => [code, httpStatusOf[code]]),
  )
})

test('each explanation says meaning, causes, fix and retry in both languages', () => {
  for (const { code, text } of tinycertCatalogue.entries) {
    for (const explanation of [text.en, text.ja]) {
      assert.ok(explanation.meaning && explanation.fix && explanation.retry, code)
      assert.ok(explanation.causes.length > 0 && explanation.causes.every(Boolean), code)
    }
    assert.equal(text.en.causes.length, text.ja.causes.length, code)
    assert.match(text.ja.meaning, /[぀-ヿ]/, code)
    assert.doesNotMatch(JSON.stringify(text.en), /[぀-ヿ]/, code)
  }
})

test('a code is found whatever its letter case', () => {
  assert.equal(entryOf(tinycertCatalogue, 'notlatest')?.code, 'NotLatest')
})
