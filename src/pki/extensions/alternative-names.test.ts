import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import type { GeneralName } from '../general-names.ts'
import {
  encodeIssuerAltName,
  encodeSubjectAltName,
  parseIssuerAltName,
  parseSubjectAltName,
} from './alternative-names.ts'

const names: readonly GeneralName[] = [
  { type: 'dns', value: 'a.test' },
  { type: 'ip', bytes: unhex('0a000001') },
  { type: 'ip', bytes: unhex('20010db8000000000000000000000001') },
  { type: 'email', value: 'm@a.test' },
  { type: 'uri', value: 'https://a.test/' },
]

test('names of every kind a certificate is issued for are written in their order and read back', () => {
  const { value, critical } = encodeSubjectAltName(names, true)
  assert.equal(critical, true)
  assert.equal(
    hex(value),
    '303b8206612e7465737487040a000001871020010db800000000000000000000000181086d40612e74657374860f68747470733a2f2f612e746573742f',
  )
  assert.deepEqual(parseSubjectAltName(value), names)
  assert.equal(encodeSubjectAltName(names, false).critical, false)
})

test('the issuer alternative name is not critical and read back', () => {
  const { value, critical } = encodeIssuerAltName([{ type: 'email', value: 'm@a.test' }])
  assert.equal(critical, false)
  assert.equal(hex(value), '300a81086d40612e74657374')
  assert.deepEqual(parseIssuerAltName(value), [{ type: 'email', value: 'm@a.test' }])
})

test('an empty list of names is refused on both sides', () => {
  assert.equal(
    refusalOf(() => encodeSubjectAltName([], true)),
    'extension_malformed empty',
  )
  assert.equal(
    refusalOf(() => parseSubjectAltName(unhex('3000'))),
    'extension_malformed empty',
  )
  assert.equal(
    refusalOf(() => parseIssuerAltName(unhex('3000'))),
    'extension_malformed empty',
  )
})

test('K25 a NUL inside a name and bytes after the names are refused', () => {
  assert.equal(
    refusalOf(() => parseSubjectAltName(unhex('3005 8203610062'))),
    'control_character',
  )
  assert.equal(
    refusalOf(() => parseSubjectAltName(unhex('3003 820161 00'))),
    'trailing_bytes',
  )
})
