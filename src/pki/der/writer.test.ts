import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import * as writer from './writer.ts'

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

test('lengths take the fewest octets on both sides of each border', () => {
  for (const [length, header] of [
    [0, '0400'],
    [0x7f, '047f'],
    [0x80, '048180'],
    [0xff, '0481ff'],
    [0x100, '04820100'],
    [0xffff, '0482ffff'],
    [0x10000, '0483010000'],
    [0xffffff, '0483ffffff'],
    [0x1000000, '048401000000'],
  ] as const) {
    const der = writer.octetString(new Uint8Array(length))
    assert.equal(hex(der.subarray(0, der.length - length)), header)
  }
})

test('integers are minimal from bytes, numbers and bigints', () => {
  assert.equal(hex(writer.integer(0)), '020100')
  assert.equal(hex(writer.integer(127)), '02017f')
  assert.equal(hex(writer.integer(128)), '02020080')
  assert.equal(hex(writer.integer(-1)), '0201ff')
  assert.equal(hex(writer.integer(-128)), '020180')
  assert.equal(hex(writer.integer(-129)), '0202ff7f')
  assert.equal(hex(writer.integer(2n ** 64n)), '0209010000000000000000')
  assert.equal(hex(writer.integer(Uint8Array.of())), '020100')
  assert.equal(hex(writer.integer(Uint8Array.of(0, 0, 0x80))), '02020080')
  assert.equal(hex(writer.integer(Uint8Array.of(0, 0x7f))), '02017f')
  assert.throws(() => writer.integer(2 ** 53), RangeError)
  assert.throws(() => writer.integer(0.5), RangeError)
})

test('the elements of a SET OF are sorted by their octets', () => {
  const parts = [
    writer.octetString(Uint8Array.of(2)),
    writer.integer(5),
    writer.octetString(Uint8Array.of(1)),
  ]
  assert.equal(hex(writer.set(...parts)), '3109020105040101040102')
})

test('named bits drop trailing zeros', () => {
  assert.equal(hex(writer.namedBits([])), '030100')
  assert.equal(hex(writer.namedBits([5, 6])), '03020106')
  assert.equal(hex(writer.namedBits([0, 8])), '0303078080')
})

test('text outside an alphabet has no encoding', () => {
  assert.equal(hex(writer.printableString("aZ09 '()+,-./:=?")).slice(0, 4), '1310')
  for (const text of ['a@b', '*', '_', '&', 'ä', '\n', '"']) {
    assert.throws(() => writer.printableString(text), RangeError, text)
  }
  assert.throws(() => writer.ia5String('ä'), RangeError)
  assert.equal(hex(writer.utf8String('ä')), '0c02c3a4')
})

test('what is no object identifier has no encoding', () => {
  for (const text of [
    '',
    '1',
    '3.1',
    '1.40',
    '1.2.',
    '1..2',
    '1.02',
    '1.2.-1',
    '1.2.a',
    `1.2${'.1'.repeat(200)}`,
  ]) {
    assert.throws(() => writer.oid(text), RangeError, text)
  }
})

test('openssl asn1parse reads every type written here', () => {
  const der = writer.sequence(
    writer.boolean(true),
    writer.integer(-129),
    writer.enumerated(5),
    writer.bitString(Uint8Array.of(0xf0), 4),
    writer.octetString(new Uint8Array(200)),
    writer.nullValue(),
    writer.oid('2.999.3'),
    writer.utf8String('grüß'),
    writer.printableString('DE'),
    writer.ia5String('a@b'),
    writer.time(Date.parse('2049-12-31T23:59:59Z')),
    writer.time(Date.parse('2050-01-01T00:00:00Z')),
    writer.set(writer.integer(1), writer.integer(0)),
    writer.explicit(3, writer.integer(1)),
    writer.implicit(4, Uint8Array.of(1)),
  )
  const output = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: der, encoding: 'utf8' })
  for (const expected of [
    'BOOLEAN           :255',
    'INTEGER           :-81',
    'ENUMERATED        :05',
    '2.999.3',
    'grüß',
    'UTCTIME           :491231235959Z',
    'GENERALIZEDTIME   :20500101000000Z',
    'cont [ 3 ]',
  ]) {
    assert.ok(output.includes(expected), `${expected} in\n${output}`)
  }
})
