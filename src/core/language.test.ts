import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from './language.ts'

test('Accept-Language chooses the heaviest language we speak, English without one', () => {
  const cases: readonly (readonly [string | undefined, 'en' | 'ja'])[] = [
    [undefined, 'en'],
    ['', 'en'],
    ['ja', 'ja'],
    ['JA-JP', 'ja'],
    ['ja, en', 'ja'],
    ['en, ja', 'en'],
    ['en;q=0.5, ja;q=0.8', 'ja'],
    ['ja;q=0.5, en-GB;q=0.8', 'en'],
    ['fr, ja;q=0.2', 'ja'],
    ['fr, de', 'en'],
    ['*', 'en'],
    ['ja;q=0', 'en'],
    ['ja;q=7', 'en'],
    ['ja;q=x', 'en'],
    ['ja;level=1;q=0.9, en;q=0.1', 'ja'],
    ['jaa', 'en'],
    [','.repeat(10_000), 'en'],
  ]
  for (const [header, expected] of cases) assert.equal(languageOf(header), expected, String(header))
})
