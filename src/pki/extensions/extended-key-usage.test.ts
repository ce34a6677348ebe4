import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { oids } from '../oids.ts'
import { encodeExtendedKeyUsage, parseExtendedKeyUsage } from './extended-key-usage.ts'

test('key purposes are written and read in the order given', () => {
  const purposes = [oids.serverAuth, oids.clientAuth]
  const { value, critical } = encodeExtendedKeyUsage(purposes)
  assert.equal(hex(value), '301406082b0601050507030106082b06010505070302')
  assert.equal(critical, false)
  assert.deepEqual(parseExtendedKeyUsage(value), purposes)
})

test('no key purpose at all is refused on both sides', () => {
  assert.equal(
    refusalOf(() => encodeExtendedKeyUsage([])),
    'extension_malformed empty',
  )
  assert.equal(
    refusalOf(() => parseExtendedKeyUsage(unhex('3000'))),
    'extension_malformed empty',
  )
})

test('something other than object identifiers among the key purposes is refused', () => {
  assert.equal(
    refusalOf(() => parseExtendedKeyUsage(unhex('30030c0141'))),
    'unexpected_tag',
  )
})
