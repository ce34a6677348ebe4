import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryOf } from '../../core/catalogue.ts'
import { certcentralCatalogue } from './catalogue.ts'
import { type Code, codes, wireError } from './codes.ts'

test('every code that can stand in an answer is explained, with its status', () => {
  for (const code of Object.keys(codes) as Code[]) {
    for (const about of ['missing_permission', 'certificate.csr', 'shop.example']) {
      const written = wireError({ code, about }, 'en').code
      if (written.startsWith('access_denied|') && about !== 'missing_permission') continue
      const entry = entryOf(certcentralCatalogue, written)
      assert.equal(entry?.httpStatus, codes[code].status, written)
    }
  }
})

test('a code with a qualifier of its own explanation is told apart from the bare one', () => {
  assert.equal(entryOf(certcentralCatalogue, 'not_found')?.code, 'not_found')
  assert.equal(entryOf(certcentralCatalogue, 'NOT_FOUND|ORDER')?.code, 'not_found|order')
  assert.equal(entryOf(certcentralCatalogue, 'caa_check_failed|shop.example')?.code, 'caa_check_failed')
  assert.equal(entryOf(certcentralCatalogue, 'invalid_value:custom_fields.0.value')?.code, 'invalid_value')
  assert.equal(entryOf(certcentralCatalogue, 'no_such_code'), undefined)
})

test('each explanation says meaning, causes, fix and retry in both languages', () => {
  for (const { code, text } of certcentralCatalogue.entries) {
    for (const explanation of [text.en, text.ja]) {
      assert.ok(explanation.meaning && explanation.fix && explanation.retry, code)
      assert.ok(explanation.causes.length > 0 && explanation.causes.every(Boolean), code)
    }
    assert.equal(text.en.causes.length, text.ja.causes.length, code)
    assert.match(text.ja.meaning, /[぀-ヿ]/, code)
    assert.doesNotMatch(JSON.stringify(text.en), /[぀-ヿ]/, code)
  }
})

test('what was not found is named in the language of the message', () => {
  const named = (Object.keys(codes) as Code[]).filter((code) => code.startsWith('not_found'))
  assert.deepEqual(named, ['not_found', 'not_found|order', 'not_found|product', 'not_found|route'])
  for (const code of named) {
    const { message } = wireError({ code }, 'ja')
    assert.match(message, /^指定された[^a-z]+が見つかりません。$/, code)
  }
})

test('every message exists in both languages', () => {
  for (const code of Object.keys(codes) as Code[]) {
    const [english, japanese] = (['en', 'ja'] as const).map((language) =>
      wireError({ code, about: 'x' }, language),
    )
    assert.equal(english?.code, japanese?.code)
    assert.doesNotMatch(english?.message ?? '', /[぀-ヿ]/, code)
    assert.match(japanese?.message ?? '', /[぀-ヿ]/, code)
  }
})
