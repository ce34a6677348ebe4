import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { encodeKeyUsage, KEY_USAGES, type KeyUsage, parseKeyUsage } from './key-usage.ts'
import { encodeNetscapeCertType, parseNetscapeCertType } from './netscape-cert-type.ts'

const encodings: readonly (readonly [readonly KeyUsage[], string])[] = [
  [[], '030100'],
  [['digitalSignature'], '03020780'],
  [['keyCertSign', 'cRLSign'], '03020106'],
  [['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'], '030203f8'],
  [['keyAgreement', 'decipherOnly'], '0303070880'],
  [KEY_USAGES, '030307ff80'],
]
for (const [usages, encoding] of encodings) {
  test(`keyUsage [${usages.join(' ')}] is exactly ${encoding}, whatever the order asked for`, () => {
    assert.equal(hex(encodeKeyUsage(usages, true).value), encoding)
    assert.equal(hex(encodeKeyUsage(usages.toReversed(), true).value), encoding)
    assert.deepEqual(parseKeyUsage(unhex(encoding)), usages)
  })
}

const malformed: readonly (readonly [string, string, string])[] = [
  ['trailing zero bits', '03020006', 'bit_string_invalid'],
  ['set bits among the unused ones', '03020107', 'bit_string_invalid'],
  ['a tenth bit', '0303060040', 'extension_malformed out_of_range'],
  ['40 bits', '03060080000000 01', 'value_out_of_range'],
  ['bytes after it', '0302010600', 'trailing_bytes'],
  ['another type', '04020106', 'unexpected_tag'],
]
for (const [what, text, refusal] of malformed) {
  test(`keyUsage with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseKeyUsage(unhex(text))),
      refusal,
    )
  })
}

test('Netscape certificate types are named bits and never critical', () => {
  const extension = encodeNetscapeCertType(['objectSigning', 'sslClient', 'sslServer', 'smime'])
  assert.equal(hex(extension.value), '030204f0')
  assert.equal(extension.critical, false)
  assert.deepEqual(parseNetscapeCertType(extension.value), [
    'sslClient',
    'sslServer',
    'smime',
    'objectSigning',
  ])
})
