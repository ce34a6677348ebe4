import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../../test/support/hex.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { encodeCrlDistributionPoints, parseCrlDistributionPoints } from './crl-distribution-points.ts'
import {
  encodeIssuingDistributionPoint,
  parseIssuingDistributionPoint,
} from './issuing-distribution-point.ts'

const url = 'http://a.test/crl/1.crl'
const urlHex = hex(Buffer.from(url))

test('a CRL distribution point holds its URLs as one full name', () => {
  const { value, critical } = encodeCrlDistributionPoints([url])
  assert.equal(critical, false)
  assert.equal(hex(value), `301f301da01ba0198617${urlHex}`)
  const uri = { type: 'uri', value: url }
  assert.deepEqual(parseCrlDistributionPoints(value), [{ distributionPoint: { fullName: [uri] } }])
  const two = encodeCrlDistributionPoints([url, url])
  assert.deepEqual(parseCrlDistributionPoints(two.value), [{ distributionPoint: { fullName: [uri, uri] } }])
})

test('R16 the issuing distribution point of a CRL has the octets of the certificates distribution point', () => {
  const certificateSide = encodeCrlDistributionPoints([url]).value
  const crlSide = encodeIssuingDistributionPoint({ urls: [url], only: 'userCertificates' })
  assert.equal(crlSide.critical, true)
  assert.equal(hex(crlSide.value), `3020a01ba0198617${urlHex}8101ff`)
  assert.equal(hex(crlSide.value.subarray(2, 31)), hex(certificateSide.subarray(4)))
  assert.deepEqual(parseIssuingDistributionPoint(crlSide.value), {
    distributionPoint: { fullName: [{ type: 'uri', value: url }] },
    onlyContainsUserCerts: true,
    onlyContainsCACerts: false,
    indirectCRL: false,
    onlyContainsAttributeCerts: false,
  })
})

test('an issuing distribution point without URLs needs a kind of certificate', () => {
  assert.equal(hex(encodeIssuingDistributionPoint({ urls: [], only: 'caCertificates' }).value), '30038201ff')
  assert.equal(
    refusalOf(() => encodeIssuingDistributionPoint({ urls: [] })),
    'extension_malformed empty',
  )
})

test('reasons, relative names and CRL issuers of others are read', () => {
  const point = '3011 a006a104 30020500 81020640 a2038201 61'
  assert.deepEqual(parseCrlDistributionPoints(unhex(`3013${point}`)), [
    {
      distributionPoint: { nameRelativeToCRLIssuer: unhex('30020500') },
      reasons: ['keyCompromise'],
      cRLIssuer: [{ type: 'dns', value: 'a' }],
    },
  ])
  assert.deepEqual(parseIssuingDistributionPoint(unhex('3007 83020640 8401ff')), {
    onlyContainsUserCerts: false,
    onlyContainsCACerts: false,
    onlySomeReasons: ['keyCompromise'],
    indirectCRL: true,
    onlyContainsAttributeCerts: false,
  })
})

const malformedPoints: readonly (readonly [string, string, string])[] = [
  ['no point', '3000', 'extension_malformed empty'],
  ['a point of reasons alone', '3006 3004 81020640', 'extension_malformed incomplete'],
  ['an empty full name', '3006 3004 a002a000', 'extension_malformed empty'],
  ['an empty relative name', '3006 3004 a002a100', 'extension_malformed empty'],
  ['a reason that has no name', '300f 300d a006a104 30020500 8103060040', 'extension_malformed out_of_range'],
  ['an unknown form of name', '3006 3004 a0028200', 'unexpected_tag'],
]
for (const [what, text, refusal] of malformedPoints) {
  test(`CRL distribution points with ${what} are refused`, () => {
    assert.equal(
      refusalOf(() => parseCrlDistributionPoints(unhex(text))),
      refusal,
    )
  })
}

const malformedScopes: readonly (readonly [string, string, string])[] = [
  ['nothing in it', '3000', 'extension_malformed empty'],
  ['a written FALSE', '3003 810100', 'extension_malformed default_encoded'],
  ['users and CAs at once', '3006 8101ff 8201ff', 'extension_malformed contradictory'],
  ['users and attributes at once', '3006 8101ff 8501ff', 'extension_malformed contradictory'],
  ['fields out of order', '3006 8201ff 8101ff', 'trailing_bytes'],
]
for (const [what, text, refusal] of malformedScopes) {
  test(`an issuing distribution point with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseIssuingDistributionPoint(unhex(text))),
      refusal,
    )
  })
}
