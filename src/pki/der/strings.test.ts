import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeString, hasControlCharacter, type StringEncoding } from './strings.ts'

const cases: readonly [string, StringEncoding, string, string | undefined][] = [
  ['UTF-8 with four octets', 'utf8', 'f09f9880', '😀'],
  ['UTF-8 keeps a byte order mark', 'utf8', 'efbbbf41', '\ufeffA'],
  ['overlong UTF-8', 'utf8', 'c080', undefined],
  ['PrintableString', 'printable', '4142', 'AB'],
  ['PrintableString with an asterisk', 'printable', '2a', undefined],
  ['IA5String', 'ia5', '4061', '@a'],
  ['IA5String with the eighth bit', 'ia5', 'e4', undefined],
  ['NumericString', 'numeric', '312032', '1 2'],
  ['NumericString with a letter', 'numeric', '41', undefined],
  ['VisibleString', 'visible', '7e', '~'],
  ['VisibleString with DEL', 'visible', '7f', undefined],
  ['TeletexString as ISO 8859-1', 'teletex', 'e4', 'ä'],
  ['BMPString', 'bmp', '00e4', 'ä'],
  ['BMPString with a surrogate pair', 'bmp', 'd83dde00', undefined],
  ['BMPString of odd length', 'bmp', '00', undefined],
  ['UniversalString', 'universal', '0001f600', '😀'],
  ['UniversalString past Unicode', 'universal', '00110000', undefined],
  ['UniversalString with a surrogate', 'universal', '0000d800', undefined],
]

for (const [name, encoding, octets, expected] of cases) {
  test(`${name} ${expected === undefined ? 'has no text' : 'is read'}`, () => {
    assert.equal(decodeString(encoding, Buffer.from(octets, 'hex')), expected)
  })
}

test('K25 NUL, C0, DEL and C1 are control characters, other text is not', () => {
  for (const text of ['\0', 'a\0b', '\n', '\u001f', '\u007f', '\u0085', '\u009f']) {
    assert.equal(hasControlCharacter(text), true)
  }
  assert.equal(hasControlCharacter(' ~\u00a0ä😀'), false)
})
