import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { oids } from '../oids.ts'
import {
  encodeAuthorityInformationAccess,
  parseAuthorityInformationAccess,
} from './authority-information-access.ts'

test('OCSP stands before the issuer certificate and both are read back', () => {
  const ocsp = 'http://a.test/ocsp/1'
  const caIssuers = 'http://a.test/aia/1.crt'
  const { value, critical } = encodeAuthorityInformationAccess({ caIssuers: [caIssuers], ocsp: [ocsp] })
  assert.equal(critical, false)
  assert.equal(
    hex(value),
    `3047302006082b060105050730018614${hex(Buffer.from(ocsp))}302306082b060105050730028617${hex(Buffer.from(caIssuers))}`,
  )
  assert.deepEqual(parseAuthorityInformationAccess(value), [
    { accessMethod: oids.ocsp, accessLocation: { type: 'uri', value: ocsp } },
    { accessMethod: oids.caIssuers, accessLocation: { type: 'uri', value: caIssuers } },
  ])
})

test('an empty authority information access is refused on both sides', () => {
  assert.equal(
    refusalOf(() => encodeAuthorityInformationAccess({})),
    'extension_malformed empty',
  )
  assert.equal(
    refusalOf(() => parseAuthorityInformationAccess(unhex('3000'))),
    'extension_malformed empty',
  )
})

test('an access description without location is refused', () => {
  assert.equal(
    refusalOf(() => parseAuthorityInformationAccess(unhex('300c 300a 06082b06010505073001'))),
    'structure_invalid choice',
  )
})
