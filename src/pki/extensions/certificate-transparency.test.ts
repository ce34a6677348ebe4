import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import {
  encodeCtPoison,
  parseCtPoison,
  parseSignedCertificateTimestamps,
} from './certificate-transparency.ts'
import { encodeExtension } from './extension.ts'

const logId = '11'.repeat(32)
const timestamp = '0000018bcfe56800'

test('the poison is critical and holds NULL', () => {
  assert.equal(hex(encodeExtension(encodeCtPoison())), '3013060a2b06010401d6790204030101ff04020500')
  assert.equal(parseCtPoison(unhex('0500')), true)
  assert.equal(
    refusalOf(() => parseCtPoison(unhex('050000'))),
    'trailing_bytes',
  )
})

test('a list of timestamps is read, and one of another version keeps its body', () => {
  const first = `00${logId}${timestamp}0000 0403 0002 abcd`
  const value = unhex(`043a 0038 0031 ${first} 0003 01 beef`)
  assert.deepEqual(parseSignedCertificateTimestamps(value), [
    {
      version: 0,
      body: unhex(first).subarray(1),
      logId: unhex(logId),
      timestamp: 1_700_000_000_000,
    },
    { version: 1, body: unhex('beef') },
  ])
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['no list', '0400', 'extension_malformed incomplete'],
  ['an empty list', '0402 0000', 'extension_malformed empty'],
  ['an empty item', '0404 0002 0000', 'extension_malformed empty'],
  ['an item longer than the list', '0405 0003 0002 00', 'extension_malformed incomplete'],
  ['half a length at the end', '0406 0004 0001 01 00', 'extension_malformed incomplete'],
  ['a list length that does not fit', '0405 0004 0001 01', 'extension_malformed incomplete'],
  ['a first version cut short', '0406 0004 0002 00 11', 'extension_malformed incomplete'],
  [
    'a signature longer than its item',
    `0435 0033 0031 00${logId}${timestamp}0000 0403 0003 abcd`,
    'extension_malformed incomplete',
  ],
]
for (const [what, text, refusal] of malformed) {
  test(`signed certificate timestamps with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parseSignedCertificateTimestamps(unhex(text))),
      refusal,
    )
  })
}
