import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../test/support/hex.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { DerReader } from './der/reader.ts'
import { sequence } from './der/writer.ts'
import { encodeName } from './names.ts'
import {
  certIdIssuerKey,
  encodeCertId,
  type OcspIssuer,
  ocspIssuerKeys,
  parseCertId,
} from './ocsp-cert-id.ts'
import { decodeOcspGetPath } from './ocsp-get-path.ts'
import { encodeOcspRequest, maximumOcspRequests, parseOcspRequest } from './ocsp-request.ts'
import { oids } from './oids.ts'
import { parseSubjectPublicKeyInfo } from './spki.ts'

const issuer: OcspIssuer = {
  subjectDer: encodeName([{ type: oids.commonName, value: 'root' }]),
  spki: parseSubjectPublicKeyInfo(unhex(`302a300506032b6570032100${'21'.repeat(32)}`)),
}
const otherIssuer: OcspIssuer = {
  ...issuer,
  subjectDer: encodeName([{ type: oids.commonName, value: 'other' }]),
}

const sha1CertId = encodeCertId('sha1', issuer, unhex('0102'))
const sha256CertId = encodeCertId('sha256', issuer, unhex('0103'))

function nonceOf(octets: number): Uint8Array {
  return new Uint8Array(octets).fill(0x5a)
}

test('CertIDs with SHA-1 and SHA-256 in one request are read in their order', () => {
  const request = parseOcspRequest(encodeOcspRequest([sha1CertId, sha256CertId]))
  assert.deepEqual(
    request.certIds.map(({ hashAlgorithm, serialNumber }) => [hashAlgorithm, hex(serialNumber)]),
    [
      ['sha1', '0102'],
      ['sha256', '0103'],
    ],
  )
  assert.deepEqual(
    request.certIds.map(({ der }) => hex(der)),
    [hex(sha1CertId), hex(sha256CertId)],
  )
  assert.equal(request.nonce, undefined)
})

test('an issuer is found by the CertIDs of either digest and by no CertID of another issuer', () => {
  const keys = ocspIssuerKeys(issuer)
  const keyOf = (der: Uint8Array) => certIdIssuerKey(parseCertId(DerReader.of(der)))
  assert.equal(keyOf(sha1CertId), keys.sha1)
  assert.equal(keyOf(sha256CertId), keys.sha256)
  assert.notEqual(keys.sha1, keys.sha256)
  assert.notEqual(keyOf(encodeCertId('sha1', otherIssuer, unhex('0102'))), keys.sha1)
})

test('digest parameters may be NULL or absent', () => {
  const withoutNull = hex(sha1CertId)
    .replace('300906052b0e03021a0500', '300706052b0e03021a')
    .replace(/^303b/, '3039')
  assert.notEqual(withoutNull, hex(sha1CertId))
  const [certId] = parseOcspRequest(encodeOcspRequest([unhex(withoutNull)])).certIds
  assert.equal(certId?.hashAlgorithm, 'sha1')
  assert.equal(hex(certId?.der ?? unhex('')), withoutNull)
})

test('a CertID with another digest is read and belongs to no issuer', () => {
  const [certId] = parseOcspRequest(
    encodeOcspRequest([unhex('3012 300506032a0304 0402aabb 0402ccdd 020101')]),
  ).certIds
  assert.equal(certId?.hashAlgorithm, undefined)
  assert.equal(certId && certIdIssuerKey(certId), undefined)
})

for (const octets of [1, 32, 128]) {
  test(`R5 a nonce of ${octets} octets is read`, () => {
    assert.deepEqual(
      parseOcspRequest(encodeOcspRequest([sha1CertId], nonceOf(octets))).nonce,
      nonceOf(octets),
    )
  })
}

for (const octets of [0, 129]) {
  test(`R5 a nonce of ${octets} octets is refused`, () => {
    assert.equal(
      refusalOf(() => parseOcspRequest(encodeOcspRequest([sha1CertId], nonceOf(octets)))),
      'ocsp_nonce_length_invalid',
    )
  })
}

test('twenty certificates in one request are read and twenty-one are refused', () => {
  const certIds = Array.from({ length: maximumOcspRequests }, () => sha1CertId)
  assert.equal(parseOcspRequest(encodeOcspRequest(certIds)).certIds.length, 20)
  assert.equal(
    refusalOf(() => parseOcspRequest(encodeOcspRequest([...certIds, sha1CertId]))),
    'ocsp_requests_too_many',
  )
})

/** A request whose tbsRequest has these elements around the list, in hexadecimal. */
function requestOf(parts: {
  before?: string
  request?: string
  after?: string
  signature?: string
}): Uint8Array {
  const request = parts.request ?? ''
  const list = sequence(sequence(sha1CertId, unhex(request)))
  const tbs = sequence(unhex(parts.before ?? ''), list, unhex(parts.after ?? ''))
  return sequence(tbs, unhex(parts.signature ?? ''))
}

const serviceLocator = '06092b0601050507300107'

test('requestor name, signature and extensions that are not critical are read over', () => {
  const der = requestOf({
    before: 'a105 8603 613a62',
    request: `a013 3011 300f ${serviceLocator} 0402 3000`,
    after: `a213 3011 300f ${serviceLocator} 0402 3000`,
    signature: 'a00d 300b 300506032b6570 030200aa',
  })
  assert.equal(parseOcspRequest(der).certIds.length, 1)
})

const malformed: readonly (readonly [string, Uint8Array, string])[] = [
  ['nothing asked for', encodeOcspRequest([]), 'structure_invalid requestList'],
  ['a written version 1', requestOf({ before: 'a003020100' }), 'structure_invalid version'],
  ['version 2', requestOf({ before: 'a003020101' }), 'version_unsupported'],
  [
    'a critical extension that is not known',
    requestOf({ after: `a216 3014 3012 ${serviceLocator} 0101ff 0402 3000` }),
    'ocsp_extension_critical_unknown',
  ],
  [
    'a critical extension of one certificate that is not known',
    requestOf({ request: `a016 3014 3012 ${serviceLocator} 0101ff 0402 3000` }),
    'ocsp_extension_critical_unknown',
  ],
  [
    'two nonces',
    requestOf({
      after: 'a228 3026 301106092b0601050507300102 0404 04025a5a 301106092b0601050507300102 0404 04025a5a',
    }),
    'extension_duplicate',
  ],
  [
    'a nonce that is no OCTET STRING',
    requestOf({ after: 'a215 3013 301106092b0601050507300102 0404 0c025a5a' }),
    'unexpected_tag',
  ],
  ['no extensions in their field', requestOf({ after: 'a2023000' }), 'extensions_empty'],
  [
    'a name hash of 19 octets',
    encodeOcspRequest([
      unhex(`3039 300906052b0e03021a0500 0413${'aa'.repeat(19)} 0414${'bb'.repeat(20)} 020101`),
    ]),
    'structure_invalid issuerNameHash',
  ],
  [
    'a key hash of 21 octets',
    encodeOcspRequest([
      unhex(`303b 300906052b0e03021a0500 0414${'aa'.repeat(20)} 0415${'bb'.repeat(21)} 020101`),
    ]),
    'structure_invalid issuerKeyHash',
  ],
  ['K4 bytes after it', Buffer.concat([encodeOcspRequest([sha1CertId]), unhex('00')]), 'trailing_bytes'],
  ['K5 an indefinite length', unhex('30800000'), 'indefinite_length'],
  ['no octets', unhex(''), 'truncated'],
]
for (const [what, der, refusal] of malformed) {
  test(`an OCSP request with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseOcspRequest(der)),
      refusal,
    )
  })
}

test('every truncation of an OCSP request and every change of one octet is read or refused by a typed error', () => {
  const sound = encodeOcspRequest([sha1CertId, sha256CertId], nonceOf(16))
  for (let index = 0; index < sound.length; index += 1) {
    refusalOf(() => parseOcspRequest(sound.subarray(0, index)))
    for (const value of [0x00, 0x30, 0x7f, 0x80, 0xff]) {
      const changed = sound.slice()
      changed[index] = value
      outcomeOf(() => parseOcspRequest(changed))
    }
  }
})

test('R4 GET paths with raw and with URL-encoded base64, "+" and "/" among it, give the same request', () => {
  // 0xfb 0xef 0xff and the like make the digits "+" and "/".
  const der = Uint8Array.from({ length: 256 }, (_, index) => (index * 251) & 0xff)
  for (const octets of [256, 255, 254]) {
    const part = der.subarray(0, octets)
    const raw = Buffer.from(part).toString('base64')
    assert.ok(raw.includes('+') && raw.includes('/'))
    const paths = [
      raw,
      encodeURIComponent(raw),
      encodeURIComponent(raw).replaceAll('%2B', '%2b'),
      raw.replaceAll('+', '%2B'),
      raw.replaceAll('/', '%2F'),
      raw.replaceAll('=', ''),
      [...raw].map((digit) => `%${digit.charCodeAt(0).toString(16)}`).join(''),
    ]
    for (const path of paths) {
      assert.equal(hex(decodeOcspGetPath(path)), hex(part), path)
    }
  }
})

const badPaths: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'input_empty'],
  ['a blank', 'MA AA', 'base64_invalid'],
  ['an encoded NUL', 'MA%00A', 'base64_invalid'],
  ['half an encoded octet', 'MAAA%2', 'base64_invalid'],
  ['a percent sign at the end', 'MAAA%', 'base64_invalid'],
  ['an octet that is not hexadecimal', 'MA%G1AA', 'base64_invalid'],
  ['digits of the URL alphabet', 'MA-_', 'base64_invalid'],
  ['an encoded octet above ASCII', 'MA%C3%A9', 'base64_invalid'],
  ['padding in the middle', 'MA==MA==', 'base64_invalid'],
  ['too much padding', 'MAA===', 'base64_invalid'],
  ['one digit too many', 'MAAAM', 'base64_invalid'],
  ['unused bits that are set', 'MAB', 'base64_invalid'],
  ['a query', 'MAAA?x', 'base64_invalid'],
]
for (const [what, path, refusal] of badPaths) {
  test(`R4 an OCSP GET path with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => decodeOcspGetPath(path)),
      refusal,
    )
  })
}
