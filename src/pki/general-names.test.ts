import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DerError } from './der/errors.ts'
import { DerReader } from './der/reader.ts'
import { explicit, oid, sequence, tlv, utf8String } from './der/writer.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import {
  encodeGeneralName,
  encodeGeneralNames,
  type GeneralName,
  parseGeneralName,
  parseGeneralNames,
} from './general-names.ts'
import { encodeName } from './names.ts'
import { oids } from './oids.ts'

function raises(code: PkiErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof PkiError && error.code === code, code)
}

function parse(der: Uint8Array): GeneralName {
  return parseGeneralName(DerReader.of(der))
}

const names: readonly GeneralName[] = [
  { type: 'other', oid: '1.3.6.1.4.1.311.20.2.3', value: utf8String('user@example.org') },
  { type: 'email', value: 'a@example.org' },
  { type: 'dns', value: '*.example.org' },
  { type: 'directory', der: encodeName([{ type: oids.commonName, value: 'x' }]) },
  { type: 'uri', value: 'https://example.org/' },
  { type: 'ip', bytes: Uint8Array.of(192, 0, 2, 1) },
  { type: 'ip', bytes: new Uint8Array(16).fill(1) },
  { type: 'registeredId', oid: '1.2.3.4' },
  { type: 'x400', der: tlv(0xa3, sequence()) },
  { type: 'ediParty', der: tlv(0xa5, explicit(1, utf8String('x'))) },
]

test('every form of GeneralName is written and read back', () => {
  const reader = DerReader.ofSequence(encodeGeneralNames(names))
  assert.deepEqual(parseGeneralNames(reader), names)
})

test('K25 NUL and control characters are refused in both directions', () => {
  for (const [number, type] of [
    [1, 'email'],
    [2, 'dns'],
    [6, 'uri'],
  ] as const) {
    const value = 'good.example\0.evil.example'
    raises('control_character', () => parse(tlv(0x80 | number, Buffer.from(value))))
    raises('control_character', () => encodeGeneralName({ type, value }))
    raises('string_alphabet_invalid', () => parse(tlv(0x80 | number, Buffer.from('bücher.example'))))
    raises('string_alphabet_invalid', () => encodeGeneralName({ type, value: 'bücher.example' }))
  }
})

test('addresses have 4 or 16 octets, and twice that in constraints', () => {
  for (const octets of [0, 3, 5, 8, 15, 17, 32]) {
    raises('ip_address_length_invalid', () => parse(tlv(0x87, new Uint8Array(octets))))
  }
  for (const octets of [8, 32]) {
    const reader = DerReader.of(tlv(0x87, new Uint8Array(octets)))
    assert.equal(parseGeneralName(reader, 'constraint').type, 'ip')
  }
  raises('ip_address_length_invalid', () =>
    parseGeneralName(DerReader.of(tlv(0x87, new Uint8Array(4))), 'constraint'),
  )
})

test('unknown choices and broken contents are refused', () => {
  raises('structure_invalid', () => parse(tlv(0x89, new Uint8Array(1))))
  raises('structure_invalid', () => parse(utf8String('example.org')))
  raises('structure_invalid', () => parse(new Uint8Array(0)))
  for (const der of [
    tlv(0xa0, oid('1.2.3')),
    tlv(0xa0, oid('1.2.3'), explicit(0, utf8String('a')), utf8String('b')),
    tlv(0xa4, sequence(), sequence()),
    tlv(0xa4, utf8String('x')),
    tlv(0x88, Uint8Array.of(0x80, 1)),
    tlv(0x88, new Uint8Array(65).fill(1)),
  ]) {
    assert.throws(() => parse(der), DerError)
  }
})
