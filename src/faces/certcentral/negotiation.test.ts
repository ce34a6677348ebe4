import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseFormat, type Format } from './negotiation.ts'

const all = ['json', 'xml', 'csv'] as const

const cases: readonly (readonly [accept: string | undefined, format: Format | undefined])[] = [
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['*', 'json'],
  ['application/*', 'json'],
  ['text/*', 'xml'],
  ['text/xml', 'xml'],
  ['APPLICATION/XML', 'xml'],
  ['application/xml, application/json', 'xml'],
  ['application/json, application/xml', 'json'],
  ['application/json;q=0.5, text/csv;q=0.9', 'csv'],
  ['application/json; charset=utf-8', 'json'],
  ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'xml'],
  ['*/*;q=0.1, application/json;q=0', 'xml'],
  ['application/json;q=0', undefined],
  ['image/png', undefined],
  ['image/png, */*;q=0', undefined],
  ['application/json;q=7', undefined],
  ['json', 'json'],
]

for (const [accept, format] of cases) {
  test(`of all formats, Accept: ${accept ?? '(none)'} chooses ${format ?? 'none'}`, () =>
    assert.equal(chooseFormat(accept, all), format))
}

test('what is not offered is not chosen', () => {
  assert.equal(chooseFormat('text/csv', ['json', 'xml']), undefined)
  assert.equal(chooseFormat('text/csv, */*;q=0.1', ['json', 'xml']), 'json')
})
