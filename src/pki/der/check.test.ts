import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takesLessThan } from '../../../test/support/quick.ts'
import { checkDer, defaultDerLimits } from './check.ts'
import { DerError, type DerErrorCode } from './errors.ts'
import { concat, headerLength, integer, octetString, sequence, tlv, writeHeader } from './writer.ts'

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

function refuses(bytes: Uint8Array, code: DerErrorCode, offset?: number): void {
  assert.throws(
    () => checkDer(bytes),
    (error) =>
      error instanceof DerError && error.code === code && (offset === undefined || error.offset === offset),
    `expected ${code}`,
  )
}

/** `depth` SEQUENCEs around nothing, built from the inside. */
function nested(depth: number): Uint8Array {
  const headers: Uint8Array[] = []
  let length = 0
  for (let level = 0; level < depth; level += 1) {
    const header = new Uint8Array(headerLength(length))
    writeHeader(header, 0, 0x30, length)
    headers.push(header)
    length += header.length
  }
  return concat(...headers.reverse())
}

test('each universal type is accepted in its DER form', () => {
  const accepted = {
    'BOOLEAN true': '0101ff',
    'BOOLEAN false': '010100',
    'INTEGER 0': '020100',
    'INTEGER 128': '02020080',
    'INTEGER -128': '020180',
    'BIT STRING empty': '030100',
    'BIT STRING one bit': '03020780',
    'OCTET STRING empty': '0400',
    NULL: '0500',
    'OID 2.5.4.3': '0603550403',
    UTF8String: '0c02c3a4',
    UTCTime: '170d3236303130323033303430355a',
    GeneralizedTime: '180f32303530303130323033303430355a',
    'empty SEQUENCE': '3000',
    'length of 128 octets': `048180${'00'.repeat(128)}`,
    'length of 256 octets': `04820100${'00'.repeat(256)}`,
    'SEQUENCE in SEQUENCE, then more': '3007 3000 020101 0500',
    'context tags, primitive and constructed': '3005 8001ff a100',
  }
  for (const [name, bytes] of Object.entries(accepted)) {
    assert.doesNotThrow(() => checkDer(hex(bytes)), name)
  }
})

test('K4 bytes after the outer element are refused', () => {
  refuses(hex('300000'), 'trailing_bytes', 2)
  refuses(concat(sequence(integer(1)), hex('0500')), 'trailing_bytes', 5)
})

test('K5 indefinite lengths and lengths in non-minimal form are refused', () => {
  refuses(hex('3080 0000'), 'indefinite_length')
  refuses(hex('3004 2480 0000'), 'indefinite_length', 2)
  refuses(hex('048101ff'), 'length_not_minimal')
  refuses(hex(`04 82 0080 ${'00'.repeat(128)}`), 'length_not_minimal')
  refuses(hex(`04 83 000100 ${'00'.repeat(256)}`), 'length_not_minimal')
  refuses(hex('04 88 0000000000000001 ff'), 'length_not_minimal')
  refuses(hex('04ff'), 'length_invalid')
})

test('elements that reach past their parent or the input are refused', () => {
  refuses(new Uint8Array(0), 'truncated', 0)
  refuses(hex('30'), 'truncated')
  refuses(hex('3001'), 'truncated')
  refuses(hex('3003 0402 01'), 'truncated', 2)
  refuses(hex('0482ff'), 'truncated')
  refuses(hex('04 84 ffffffff 00'), 'truncated')
  refuses(hex('04 85 0100000000 00'), 'truncated')
  refuses(hex('04 fe 01'), 'truncated')
})

const contentDefects: readonly [string, string, DerErrorCode][] = [
  ['BOOLEAN other than 00 and ff', '010101', 'boolean_not_canonical'],
  ['BOOLEAN of two octets', '0102ffff', 'boolean_not_canonical'],
  ['BOOLEAN empty', '0100', 'boolean_not_canonical'],
  ['INTEGER empty', '0200', 'integer_not_minimal'],
  ['INTEGER with a leading zero', '02020001', 'integer_not_minimal'],
  ['INTEGER with a leading ff', '0202ff80', 'integer_not_minimal'],
  ['ENUMERATED with a leading zero', '0a020001', 'integer_not_minimal'],
  ['BIT STRING empty', '0300', 'bit_string_invalid'],
  ['BIT STRING with eight unused bits', '03020800', 'bit_string_invalid'],
  ['BIT STRING with unused bits of nothing', '030101', 'bit_string_invalid'],
  ['BIT STRING with a set unused bit', '03020101', 'bit_string_invalid'],
  ['NULL with contents', '050100', 'null_invalid'],
  ['OID empty', '0600', 'oid_invalid'],
  ['OID that ends inside an arc', '06025583', 'oid_invalid'],
  ['OID arc with a leading 80', '0603558001', 'oid_invalid'],
  ['UTF8String with a lone continuation', '0c0180', 'string_invalid'],
  ['UTF8String with an encoded surrogate', '0c03eda080', 'string_invalid'],
  ['BMPString of odd length', '1e03000000', 'string_invalid'],
  ['UniversalString of five octets', '1c050000000000', 'string_invalid'],
  ['UTCTime without seconds', '170b323630313032303330345a', 'time_invalid'],
  ['UTCTime with an offset', '1711323630313032303330343035 2b30313030', 'time_invalid'],
  ['UTCTime on 30 February', '170d3236303233303033303430355a', 'time_invalid'],
  ['GeneralizedTime with a fraction', '1811 3230353030313032303330343035 2e31 5a', 'time_invalid'],
  ['GeneralizedTime without Z', '180e3230353030313032303330343035', 'time_invalid'],
  ['universal tag 0', '0000', 'unexpected_tag'],
  ['reserved universal tag 15', '0f00', 'unexpected_tag'],
  ['high tag number', '1f8101 00', 'high_tag'],
  ['primitive SEQUENCE', '1000', 'tag_form_invalid'],
  ['constructed OCTET STRING', '2402 0400', 'tag_form_invalid'],
  ['constructed UTF8String', '2c00', 'tag_form_invalid'],
]

for (const [name, bytes, code] of contentDefects) {
  test(`${name} is refused as ${code}`, () => {
    refuses(hex(bytes), code)
    refuses(sequence(hex(bytes)), code)
  })
}

test('times on every border of the calendar are told apart', () => {
  const utc = (text: string) => tlv(0x17, Buffer.from(text))
  for (const good of ['000229000000Z', '240229235959Z', '491231235959Z', '500101000000Z', '260430000000Z']) {
    assert.doesNotThrow(() => checkDer(utc(good)), good)
  }
  for (const bad of ['230229000000Z', '260431000000Z', '260001000000Z', '261301000000Z', '260100000000Z']) {
    refuses(utc(bad), 'time_invalid')
  }
  for (const bad of ['260101240000Z', '260101006000Z', '260101000060Z', '26010100000 Z', '2601010000/0Z']) {
    refuses(utc(bad), 'time_invalid')
  }
})

test('depth 32 is accepted and depth 33 refused', () => {
  assert.doesNotThrow(() => checkDer(nested(32)))
  refuses(nested(33), 'too_deep')
})

test('10,000 nodes are accepted and one more refused', () => {
  const nulls = (count: number) => sequence(new Uint8Array(count * 2).map((_, index) => (index % 2 ? 0 : 5)))
  assert.doesNotThrow(() => checkDer(nulls(9_999)))
  refuses(nulls(10_000), 'too_many_nodes')
})

test('an OID of 64 octets is accepted and one of 65 refused', () => {
  assert.doesNotThrow(() => checkDer(tlv(0x06, new Uint8Array(64).fill(0x55))))
  refuses(tlv(0x06, new Uint8Array(65).fill(0x55)), 'oid_too_long')
})

test('an INTEGER of 1,024 octets is accepted and one of 1,025 refused', () => {
  assert.doesNotThrow(() => checkDer(tlv(0x02, new Uint8Array(1_024).fill(0x55))))
  refuses(tlv(0x02, new Uint8Array(1_025).fill(0x55)), 'integer_too_long')
})

test('limits given by the caller replace the defaults one by one', () => {
  assert.doesNotThrow(() => checkDer(nested(40), { depth: 40 }))
  assert.throws(() => checkDer(nested(3), { depth: 2 }), DerError)
  assert.doesNotThrow(() => checkDer(octetString(new Uint8Array(5)), { nodes: 1 }))
  assert.deepEqual(defaultDerLimits, { depth: 32, nodes: 10_000, oidOctets: 64, integerOctets: 1_024 })
})

test('K10 10,000 nested SEQUENCEs are refused in under 50 ms', async () => {
  const bytes = nested(10_000)
  assert.ok(bytes.length < 65_536, 'fits the body limit')
  await takesLessThan(50, () => refuses(bytes, 'too_deep'))
  const indefinite = new Uint8Array(20_000).map((_, index) => (index % 2 ? 0x80 : 0x30))
  await takesLessThan(50, () => refuses(indefinite, 'indefinite_length'))
})

test('K11 an OID with a 20 KiB sub-identifier is refused in under 50 ms', async () => {
  const arc = new Uint8Array(20 * 1024).fill(0xff)
  arc[arc.length - 1] = 0x7f
  const bytes = sequence(tlv(0x06, arc))
  await takesLessThan(50, () => refuses(bytes, 'oid_too_long'))
})
