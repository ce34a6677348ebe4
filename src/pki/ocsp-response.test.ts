import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../test/support/hex.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { encodeName } from './names.ts'
import { encodeCertId, type OcspIssuer } from './ocsp-cert-id.ts'
import {
  assembleOcspResponse,
  buildResponseData,
  encodeOcspError,
  encodeResponderCertificates,
  encodeResponderId,
  type OcspCertStatus,
  type OcspResponseDataOptions,
} from './ocsp-response.ts'
import { type BasicOcspResponse, parseOcspResponse } from './ocsp-response-reader.ts'
import { oids } from './oids.ts'
import { parseSubjectPublicKeyInfo } from './spki.ts'

const issuer: OcspIssuer = {
  subjectDer: encodeName([{ type: oids.commonName, value: 'root' }]),
  spki: parseSubjectPublicKeyInfo(unhex(`302a300506032b6570032100${'21'.repeat(32)}`)),
}
const certIdDer = encodeCertId('sha1', issuer, unhex('0102'))
const keyHash = unhex('a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3')
const thisUpdate = Date.UTC(2026, 0, 2, 3, 4, 5)
const nextUpdate = Date.UTC(2026, 0, 2, 11, 4, 5)

function optionsWith(certStatus: OcspCertStatus, nonce?: Uint8Array): OcspResponseDataOptions {
  return {
    responderId: encodeResponderId(keyHash),
    producedAt: thisUpdate,
    responses: [{ certIdDer, certStatus, thisUpdate, nextUpdate }],
    ...(nonce && { nonce }),
  }
}

const generalized = (text: string) => `180f${hex(Buffer.from(text))}`
const thisUpdateHex = generalized('20260102030405Z')
const nextUpdateHex = `a011${generalized('20260102110405Z')}`
const revocationTime = Date.UTC(2026, 0, 1)

const statuses: readonly (readonly [string, OcspCertStatus, string, string])[] = [
  ['good', { status: 'good' }, '8000', '3063'],
  ['unknown', { status: 'unknown' }, '8200', '3063'],
  [
    'revoked without reason',
    { status: 'revoked', revocationTime },
    `a111${generalized('20260101000000Z')}`,
    '3074',
  ],
  [
    'revoked with reason 1',
    { status: 'revoked', revocationTime, reason: 1 },
    `a116${generalized('20260101000000Z')}a0030a0101`,
    '3079',
  ],
]
for (const [what, certStatus, statusHex, singleHeader] of statuses) {
  test(`the ResponseData for a certificate that is ${what} is exactly these octets`, () => {
    const single = `${singleHeader}${hex(certIdDer)}${statusHex}${thisUpdateHex}${nextUpdateHex}`
    const list = element('30', single)
    const expected = element('30', `a2160414${hex(keyHash)}${thisUpdateHex}${list}`)
    assert.equal(hex(buildResponseData(optionsWith(certStatus))), expected)
  })
}

function element(tag: string, contents: string): string {
  const octets = contents.length / 2
  return `${tag}${octets < 0x80 ? '' : '81'}${octets.toString(16).padStart(2, '0')}${contents}`
}

test('R9 reason 0 of a revoked certificate is left out', () => {
  assert.deepEqual(
    buildResponseData(optionsWith({ status: 'revoked', revocationTime, reason: 0 })),
    buildResponseData(optionsWith({ status: 'revoked', revocationTime })),
  )
})

test('R5 the nonce is echoed in the one extension of the answer', () => {
  const data = hex(buildResponseData(optionsWith({ status: 'good' }, unhex('5a'.repeat(32)))))
  assert.ok(data.endsWith(`a1333031302f06092b06010505073001020422 0420${'5a'.repeat(32)}`.replace(' ', '')))
})

function basicOf(der: Uint8Array): BasicOcspResponse {
  const response = parseOcspResponse(der)
  assert.equal(response.responseStatus, 'successful')
  return response.responseStatus === 'successful' ? response.basic : assert.fail()
}

for (const octets of [1, 127, 128]) {
  test(`R5 an answer with a nonce of ${octets} octets is read back with all that was written`, () => {
    const nonce = new Uint8Array(octets).fill(0x5a)
    const certStatuses: OcspCertStatus[] = [
      { status: 'good' },
      { status: 'revoked', revocationTime, reason: 4 },
      { status: 'revoked', revocationTime },
      { status: 'unknown' },
    ]
    const responses = certStatuses.map((certStatus) => ({ certIdDer, certStatus, thisUpdate, nextUpdate }))
    const data = buildResponseData({ ...optionsWith({ status: 'good' }, nonce), responses })
    const certificate = unhex('30030101ff')
    const certificates = encodeResponderCertificates([certificate])
    const basic = basicOf(assembleOcspResponse(data, 'ecdsa-sha256', unhex('aabb'), certificates))
    assert.deepEqual(basic.responseDataDer, data)
    assert.deepEqual(basic.responderId, { keyHash })
    assert.equal(basic.producedAt, thisUpdate)
    assert.deepEqual(basic.nonce, nonce)
    assert.equal(basic.signatureAlgorithm, 'ecdsa-sha256')
    assert.deepEqual(basic.signature, unhex('aabb'))
    assert.deepEqual(basic.certificates, [certificate])
    assert.deepEqual(
      basic.responses.map((response) => ({
        certIdDer: response.certId.der,
        certStatus: response.certStatus,
        thisUpdate: response.thisUpdate,
        nextUpdate: response.nextUpdate,
      })),
      responses,
    )
  })
}

test('the OCSPResponse is exactly these octets around its parts, with certificates and without', () => {
  const data = unhex('3003020101')
  const algorithm = '300a06082a8648ce3d040302'
  const responseAround = (basic: string) => {
    const bytes = element('30', `06092b0601050507300101${element('04', element('30', basic))}`)
    return element('30', `0a0100${element('a0', bytes)}`)
  }
  const plain = assembleOcspResponse(data, 'ecdsa-sha256', unhex('aabb'))
  assert.equal(hex(plain), responseAround(`3003020101${algorithm}030300aabb`))
  const certificates = encodeResponderCertificates([unhex('30030101ff'), unhex('3000')])
  const full = assembleOcspResponse(data, 'ecdsa-sha256', unhex('aabb'), certificates)
  assert.equal(
    hex(full),
    responseAround(`3003020101${algorithm}030300aabb a009 3007 30030101ff 3000`.replaceAll(' ', '')),
  )
})

const errors = [
  ['malformedRequest', '30030a0101'],
  ['internalError', '30030a0102'],
  ['tryLater', '30030a0103'],
  ['unauthorized', '30030a0106'],
] as const
for (const [status, encoding] of errors) {
  test(`the answer ${status} is exactly ${encoding}`, () => {
    assert.equal(hex(encodeOcspError(status)), encoding)
    assert.deepEqual(parseOcspResponse(unhex(encoding)), { responseStatus: status })
  })
}

const malformed: readonly (readonly [string, string, string])[] = [
  ['status 4', '30030a0104', 'structure_invalid responseStatus'],
  ['success without a response', '30030a0100', 'structure_invalid responseStatus'],
  [
    'an error with a response',
    '3011 0a0101 a00c 300a 06032a0304 0403 020101',
    'structure_invalid responseStatus',
  ],
  [
    'a response of another type',
    '3011 0a0100 a00c 300a 06032a0304 0403 020101',
    'structure_invalid responseType',
  ],
  ['bytes after it', '30030a010100', 'trailing_bytes'],
]
for (const [what, text, refusal] of malformed) {
  test(`an OCSP response with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseOcspResponse(unhex(text))),
      refusal,
    )
  })
}

test('every change of one octet of an OCSP response is read or refused by a typed error', () => {
  const data = buildResponseData(optionsWith({ status: 'revoked', revocationTime, reason: 1 }, unhex('5a5a')))
  const sound = assembleOcspResponse(data, 'ecdsa-sha256', unhex('aabb'))
  for (let index = 0; index < sound.length; index += 1) {
    refusalOf(() => parseOcspResponse(sound.subarray(0, index)))
    for (const value of [0x00, 0x30, 0x7f, 0x80, 0xff]) {
      const changed = sound.slice()
      changed[index] = value
      outcomeOf(() => parseOcspResponse(changed))
    }
  }
})
