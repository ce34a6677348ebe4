import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
  parseAuthorityKeyIdentifier,
  parseSubjectKeyIdentifier,
} from './key-identifiers.ts'

const keyIdentifier = unhex('000102030405060708090a0b0c0d0e0f10111213')

test('V13 the authority key identifier is the keyid alone, equal to the octets of the subject key identifier', () => {
  const subject = encodeSubjectKeyIdentifier(keyIdentifier)
  const authority = encodeAuthorityKeyIdentifier(keyIdentifier)
  assert.equal(hex(subject.value), `0414${hex(keyIdentifier)}`)
  assert.equal(hex(authority.value), `30168014${hex(keyIdentifier)}`)
  assert.equal(subject.critical || authority.critical, false)
  assert.deepEqual(parseSubjectKeyIdentifier(subject.value), keyIdentifier)
  assert.deepEqual(parseAuthorityKeyIdentifier(authority.value), { keyIdentifier })
})

test('an authority key identifier of others with issuer and serial number is read', () => {
  assert.deepEqual(parseAuthorityKeyIdentifier(unhex('3010 a109 8207 6578616d706c65 82030102 03')), {
    authorityCertIssuer: [{ type: 'dns', value: 'example' }],
    authorityCertSerialNumber: unhex('010203'),
  })
  assert.deepEqual(parseAuthorityKeyIdentifier(unhex('3000')), {})
})

const malformed: readonly (readonly [string, string, string])[] = [
  ['an issuer without serial number', '3005 a103 820161', 'extension_malformed incomplete'],
  ['a serial number without issuer', '3003 820101', 'extension_malformed incomplete'],
  ['a serial number that is not minimal', '3009 a103 820161 82020001', 'integer_not_minimal'],
  ['a constructed keyid', '3005 a003 040161', 'trailing_bytes'],
  ['no SEQUENCE', '8000', 'unexpected_tag'],
]
for (const [what, text, refusal] of malformed) {
  test(`an authority key identifier with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseAuthorityKeyIdentifier(unhex(text))),
      refusal,
    )
  })
}
