import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { DerReader } from '../der/reader.ts'
import { oids } from '../oids.ts'
import { encodeBasicConstraints, parseBasicConstraints } from './basic-constraints.ts'
import {
  encodeExtension,
  encodeExtensions,
  extensionValue,
  findExtension,
  parseExtensions,
} from './extension.ts'
import { encodeKeyUsage } from './key-usage.ts'
import { checkExtensionValue } from './known-extensions.ts'

function parse(text: string): ReturnType<typeof parseExtensions> {
  return parseExtensions(DerReader.of(unhex(text)))
}

test('an extension is written with its criticality only when it is critical', () => {
  const critical = encodeKeyUsage(['keyCertSign', 'cRLSign'], true)
  assert.equal(hex(encodeExtension(critical)), '300e0603551d0f0101ff040403020106')
  assert.equal(hex(encodeExtension({ ...critical, critical: false })), '300b0603551d0f040403020106')
})

test('extensions are read back in their order with equal contents', () => {
  const written = [encodeBasicConstraints({ cA: true }, true), encodeKeyUsage(['cRLSign'], false)]
  const read = parseExtensions(DerReader.of(encodeExtensions(written)))
  assert.deepEqual(read, written)
  assert.equal(findExtension(read, oids.keyUsage), read[1])
  assert.deepEqual(extensionValue(read, oids.basicConstraints, parseBasicConstraints), { cA: true })
  assert.equal(extensionValue(read, oids.nameConstraints, parseBasicConstraints), undefined)
})

test('K7 one extension twice is refused when it is read and when it is written', () => {
  const twice = [encodeKeyUsage(['cRLSign'], true), encodeKeyUsage(['cRLSign'], true)]
  assert.equal(
    refusalOf(() => encodeExtensions(twice)),
    'extension_duplicate',
  )
  assert.equal(
    refusalOf(() => parse('3018 300a0603551d0f0403030100 300a0603551d0f0403030100')),
    'extension_duplicate',
  )
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['an empty list', '3000', 'extensions_empty'],
  ['a written critical FALSE', '300f 300d0603551d0f01010004030301 00', 'extension_malformed default_encoded'],
  ['a critical 01', '300f 300d0603551d0f01010104030301 00', 'boolean_not_canonical'],
  ['an extension without value', '3007 30050603551d0f', 'truncated'],
  ['a value that is no OCTET STRING', '300c 300a0603551d0f0303030100', 'unexpected_tag'],
  ['bytes after the value', '300e 300c0603551d0f0403030100 0500', 'trailing_bytes'],
  ['a list that is no SEQUENCE', '310c 300a0603551d0f0403030100', 'unexpected_tag'],
  ['a list cut short', '300d 300a0603551d0f0403030100', 'truncated'],
]
for (const [what, text, refusal] of malformed) {
  test(`extensions with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parse(text)),
      refusal,
    )
  })
}

test('the check of values says whether the extension is known and refuses a malformed one', () => {
  assert.equal(checkExtensionValue(encodeKeyUsage(['cRLSign'], true)), true)
  assert.equal(checkExtensionValue({ oid: '1.2.3', critical: false, value: unhex('00') }), false)
  assert.equal(
    refusalOf(() => checkExtensionValue({ oid: oids.keyUsage, critical: true, value: unhex('0500') })),
    'unexpected_tag',
  )
})
