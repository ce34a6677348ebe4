import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DerError, type DerErrorCode } from './errors.ts'
import { DerReader } from './reader.ts'
import * as writer from './writer.ts'

function raises(code: DerErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof DerError && error.code === code, code)
}

function reader(...elements: Uint8Array[]): DerReader {
  return DerReader.of(writer.concat(...elements))
}

test('a structure is read without copying', () => {
  const der = writer.sequence(
    writer.integer(1),
    writer.explicit(0, writer.octetString(Uint8Array.of(9))),
    writer.implicit(1, Uint8Array.of(8)),
    writer.set(writer.boolean(true)),
    writer.nullValue(),
  )
  const fields = DerReader.ofSequence(der)
  assert.equal(fields.smallInteger(), 1)
  assert.equal(fields.optionalExplicit(3), undefined)
  const holder = fields.explicit(0)
  const octets = holder.octetString()
  holder.end()
  assert.deepEqual(octets, Uint8Array.of(9))
  assert.equal(octets.buffer, der.buffer)
  assert.equal(fields.optionalImplicit(0), undefined)
  assert.deepEqual(fields.optionalImplicit(1), Uint8Array.of(8))
  assert.equal(fields.set().boolean(), true)
  assert.equal(fields.atEnd, false)
  fields.null()
  assert.equal(fields.atEnd, true)
  assert.equal(fields.peekTag(), -1)
  fields.end()
})

test('an absent, a foreign or a surplus element is named', () => {
  raises('truncated', () => DerReader.of(new Uint8Array(0)).sequence())
  raises('unexpected_tag', () => reader(writer.nullValue()).sequence())
  raises('trailing_bytes', () => reader(writer.nullValue()).end())
  raises('trailing_bytes', () => DerReader.ofSequence(writer.concat(writer.sequence(), writer.nullValue())))
  raises('truncated', () => reader(Uint8Array.of(0x30, 5, 0)).sequence())
})

test('a child cannot be read past the end of its parent', () => {
  // The OCTET STRING claims three octets where its SEQUENCE has one left; more bytes follow outside.
  const outer = DerReader.of(Uint8Array.of(0x30, 0x03, 0x04, 0x03, 0xaa, 0xbb, 0xcc))
  raises('truncated', () => outer.sequence().octetString())
})

test('the reader is strict without a walk before it', () => {
  raises('boolean_not_canonical', () => reader(Uint8Array.of(1, 1, 1)).boolean())
  raises('integer_not_minimal', () => reader(Uint8Array.of(2, 2, 0, 1)).integer())
  raises('integer_too_long', () => reader(writer.tlv(2, new Uint8Array(1_025).fill(1))).integer())
  raises('null_invalid', () => reader(Uint8Array.of(5, 1, 0)).null())
  raises('oid_too_long', () => reader(writer.tlv(6, new Uint8Array(65).fill(1))).oid())
  raises('oid_invalid', () => reader(writer.tlv(6, Uint8Array.of(0x55, 0x80, 1))).oid())
  raises('bit_string_invalid', () => reader(writer.tlv(3, Uint8Array.of(1, 1))).bitString())
  raises('bit_string_invalid', () => reader(writer.tlv(3, Uint8Array.of(1, 2))).bitStringOctets())
  raises('indefinite_length', () => reader(Uint8Array.of(0x30, 0x80, 0, 0)).sequence())
  raises('time_invalid', () => reader(writer.tlv(0x17, Buffer.from('9913010000Z'))).time())
  raises('unexpected_tag', () => reader(writer.utcTime(0)).generalizedTime())
})

test('small integers end at 2^31 - 1', () => {
  assert.equal(reader(writer.integer(0x7fffffff)).smallInteger(), 0x7fffffff)
  raises('value_out_of_range', () => reader(writer.integer(0x80000000)).smallInteger())
  raises('value_out_of_range', () => reader(writer.integer(-1)).smallInteger())
})

test('object identifiers with large arcs are read in full', () => {
  for (const dotted of [
    '0.0',
    '0.39',
    '1.39.1',
    '2.0',
    '2.39',
    '2.40',
    '2.999.1',
    '1.2.840.113549.1.1.1',
    '2.25.329800735698586629295641978511506172918',
    `2.5.${2n ** 53n - 1n}.${2n ** 53n}.${2n ** 64n}`,
  ]) {
    assert.equal(reader(writer.oid(dotted)).oid(), dotted)
  }
})

test('named bits are read by position, and trailing zero bits are refused', () => {
  assert.deepEqual(reader(writer.namedBits([0, 5, 8])).namedBits(), [0, 5, 8])
  assert.deepEqual(reader(writer.namedBits([])).namedBits(), [])
  raises('bit_string_invalid', () => reader(writer.bitString(Uint8Array.of(0x80))).namedBits())
  raises('bit_string_invalid', () => reader(writer.bitString(Uint8Array.of(0))).namedBits())
  raises('value_out_of_range', () => reader(writer.bitString(new Uint8Array(5).fill(1))).namedBits())
})

test('V3 UTCTime covers 1950 to 2049 and GeneralizedTime the rest', () => {
  const instants = ['1950-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '2049-12-31T23:59:59Z']
  for (const instant of instants) {
    const der = writer.time(Date.parse(instant))
    assert.equal(der[0], 0x17, instant)
    assert.equal(DerReader.of(der).time(), Date.parse(instant))
  }
  for (const instant of [
    '0000-01-01T00:00:00Z',
    '0050-03-01T00:00:00Z',
    '1949-12-31T23:59:59Z',
    '2050-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ]) {
    const der = writer.time(Date.parse(instant))
    assert.equal(der[0], 0x18, instant)
    assert.equal(DerReader.of(der).time(), Date.parse(instant))
  }
})
