import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { DerError } from './der/errors.ts'
import { integer, oid, sequence, set, tlv, utf8String } from './der/writer.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import { attributeValues, commonNameOf, emptyNameDer, encodeName, formatName, parseName } from './names.ts'
import { oids } from './oids.ts'

function raises(code: PkiErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof PkiError && error.code === code, code)
}

function nameOf(...values: [type: string, value: Uint8Array][]): Uint8Array {
  return sequence(...values.map(([type, value]) => set(sequence(oid(type), value))))
}

test('a name is written in the order given and read back', () => {
  const attributes = [
    { type: oids.countryName, value: 'DE' },
    { type: oids.organizationName, value: 'Grüße & Söhne' },
    { type: oids.commonName, value: 'example.org' },
    { type: oids.emailAddress, value: 'a@example.org' },
  ]
  const name = parseName(encodeName(attributes))
  assert.deepEqual(
    name.map(({ type, value }) => ({ type, value })),
    attributes,
  )
  assert.deepEqual(
    name.map(({ encoding }) => encoding),
    ['printable', 'utf8', 'utf8', 'ia5'],
  )
  assert.deepEqual(parseName(emptyNameDer), [])
  assert.deepEqual(encodeName([]), emptyNameDer)
})

test('N17 text with characters outside PrintableString is written as UTF8String', () => {
  for (const value of ['a@b', '*.example.org', 'a_b', 'a & b', 'plain']) {
    assert.equal(parseName(encodeName([{ type: oids.commonName, value }]))[0]?.encoding, 'utf8')
  }
})

test('text that a fixed string type cannot hold is refused', () => {
  for (const [type, value] of [
    [oids.countryName, 'D_'],
    [oids.serialNumber, 'Nr. 5 *'],
    [oids.domainComponent, 'bücher'],
    [oids.emailAddress, 'ä@example.org'],
    [oids.commonName, 'half \ud800 pair'],
  ] as const) {
    raises('string_alphabet_invalid', () => encodeName([{ type, value }]))
  }
})

test('K25 NUL and control characters are refused in both directions', () => {
  for (const text of ['good.example\0.evil.example', 'a\nb', 'a\u007fb', 'a\u0085b']) {
    raises('control_character', () => encodeName([{ type: oids.commonName, value: text }]))
    raises('control_character', () => parseName(nameOf([oids.commonName, utf8String(text)])))
  }
  // NUL inside a BMPString is a character of its own, not half of another one.
  raises('control_character', () =>
    parseName(nameOf([oids.commonName, tlv(0x1e, Uint8Array.of(0, 0x61, 0, 0))])),
  )
  assert.equal(parseName(nameOf([oids.commonName, tlv(0x1e, Uint8Array.of(0, 0x61))]))[0]?.value, 'a')
})

test('values outside their alphabet are refused', () => {
  raises('string_alphabet_invalid', () => parseName(nameOf([oids.commonName, tlv(0x13, Buffer.from('*.a'))])))
  raises('string_alphabet_invalid', () =>
    parseName(nameOf([oids.emailAddress, tlv(0x16, Uint8Array.of(0xe4))])),
  )
})

test('broken structures are refused', () => {
  raises('structure_invalid', () => parseName(sequence(set())))
  for (const der of [
    sequence(sequence()),
    sequence(set(sequence(oid(oids.commonName)))),
    sequence(set(sequence(oid(oids.commonName), utf8String('a'), utf8String('b')))),
    new Uint8Array(0),
  ]) {
    assert.throws(() => parseName(der), DerError)
  }
})

test('attributes of one RDN are marked, and values that are no strings are kept in hexadecimal', () => {
  const name = parseName(
    sequence(
      set(sequence(oid(oids.countryName), tlv(0x13, Buffer.from('DE')))),
      set(sequence(oid(oids.commonName), utf8String('a')), sequence(oid(oids.userId), utf8String('b'))),
      set(sequence(oid('1.2.3'), integer(5))),
    ),
  )
  assert.deepEqual(
    name.map(({ joined }) => joined),
    [false, false, true, false],
  )
  assert.equal(formatName(name), '1.2.3=#020105,CN=a+UID=b,C=DE')
  assert.deepEqual(attributeValues(name, oids.countryName), ['DE'])
})

test('the common name is the most specific of several', () => {
  const name = parseName(
    encodeName([
      { type: oids.commonName, value: 'outer' },
      { type: oids.commonName, value: 'inner' },
    ]),
  )
  assert.equal(commonNameOf(name), 'inner')
  assert.equal(commonNameOf([]), undefined)
})

test('display text escapes what RFC 4514 asks for', () => {
  const name = parseName(encodeName([{ type: oids.organizationName, value: ' a,b+c"d\\e<f>g;h ' }]))
  assert.equal(formatName(name), 'O=\\ a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\ ')
  assert.equal(formatName(parseName(encodeName([{ type: oids.organizationName, value: '#1' }]))), 'O=\\#1')
})

test('openssl reads the string types that were meant', () => {
  const der = encodeName([
    { type: oids.countryName, value: 'DE' },
    { type: oids.stateOrProvinceName, value: 'Bayern' },
    { type: oids.domainComponent, value: 'org' },
  ])
  const output = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: der, encoding: 'utf8' })
  assert.match(output, /countryName\n.*PRINTABLESTRING +:DE/)
  assert.match(output, /stateOrProvinceName\n.*UTF8STRING +:Bayern/)
  assert.match(output, /domainComponent\n.*IA5STRING +:org/)
})
