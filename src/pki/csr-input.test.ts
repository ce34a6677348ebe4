import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { buildCertificationRequest, readCertificationRequest } from './csr.ts'
import * as der from './der/writer.ts'
import { type AnyPkiError, isPkiError, PkiError, type ReceivedObject } from './errors.ts'
import { encodeName } from './names.ts'
import { oids } from './oids.ts'
import { pemEncode } from './pem.ts'
import { encryptPrivateKeyInfo, exportPrivateKeyInfo } from './pkcs8.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spkiDer = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
const subjectDer = encodeName([{ type: oids.commonName, value: 'example.org' }])
const requestDer = await buildCertificationRequest(
  { subjectDer, spkiDer, sans: [], algorithm: 'ecdsa-sha256' },
  (infoDer) => sign('sha256', infoDer, privateKey),
)
const pem = pemEncode('CERTIFICATE REQUEST', requestDer)
const base64 = Buffer.from(requestDer).toString('base64')

const accepted: readonly [string, string | Uint8Array][] = [
  ['PEM', pem],
  ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
  ['PEM without a final newline', pem.trimEnd()],
  ['PEM on one line', pem.replaceAll('\n', ' ')],
  ['the label NEW CERTIFICATE REQUEST', pemEncode('NEW CERTIFICATE REQUEST', requestDer)],
  ['text before the block', `Certificate Request:\n  Version: 1\n${pem}`],
  ['text after the block', `${pem}\nregards`],
  ['a byte order mark', `\ufeff${pem}`],
  ['a certificate beside it', pemEncode('CERTIFICATE', Uint8Array.of(0x30, 0)) + pem],
  ['bare base64', base64],
  ['base64 in lines', base64.replaceAll(/.{76}/g, '$&\r\n')],
  ['PEM as bytes', Buffer.from(pem)],
  ['base64 as bytes', Buffer.from(base64)],
  ['DER', requestDer],
]

for (const [name, input] of accepted) {
  test(`K26 ${name} is read`, () => {
    assert.deepEqual(readCertificationRequest(input), requestDer)
  })
}

function refusal(input: string | Uint8Array): AnyPkiError {
  try {
    readCertificationRequest(input)
  } catch (error) {
    assert.ok(isPkiError(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the input was accepted' })
}

const broken: readonly [string, string, AnyPkiError['code']][] = [
  ['a character outside base64', pem.replace('MI', 'M*'), 'base64_invalid'],
  ['a missing character', base64.slice(0, -1), 'base64_invalid'],
  ['words', 'please sign my key', 'base64_invalid'],
  ['a missing END line', pem.slice(0, pem.indexOf('-----END')), 'pem_unterminated'],
  ['nothing', '', 'input_empty'],
  ['blanks', ' \r\n', 'input_empty'],
  ['two requests', pem + pem, 'several_certification_requests'],
]

for (const [name, input, code] of broken) {
  test(`K26 ${name} instead of a request is refused as ${code}`, () => {
    assert.equal(refusal(input).code, code)
    assert.equal(refusal(Buffer.from(input)).code, code)
  })
}

const algorithm = der.sequence(der.oid(oids.ecdsaWithSha256))
const validity = der.sequence(der.time(0), der.time(1_000))
const signature = der.bitString(new Uint8Array(70))
const v3 = der.explicit(0, der.integer(2))
const data = der.oid('1.2.840.113549.1.7.1')
const signedData = der.oid('1.2.840.113549.1.7.2')
const pkcs8 = new Uint8Array(exportPrivateKeyInfo(privateKey))
const encrypted = await encryptPrivateKeyInfo(pkcs8, 'x', {
  salt: new Uint8Array(16),
  initializationVector: new Uint8Array(16),
  iterations: 1,
})

function certificate(...version: Uint8Array[]): Uint8Array {
  const tbs = der.sequence(...version, der.integer(5), algorithm, subjectDer, validity, subjectDer, spkiDer)
  return der.sequence(tbs, algorithm, signature)
}

function crl(...version: Uint8Array[]): Uint8Array {
  const tbs = der.sequence(...version, algorithm, subjectDer, der.time(0), der.time(1_000))
  return der.sequence(tbs, algorithm, signature)
}

const otherObjects: readonly [string, ReceivedObject, Uint8Array, string][] = [
  ['a v3 certificate', 'certificate', certificate(v3), 'CERTIFICATE'],
  ['a v1 certificate', 'certificate', certificate(), 'X509 CERTIFICATE'],
  ['a v2 CRL', 'certificate revocation list', crl(der.integer(1)), 'X509 CRL'],
  ['a v1 CRL', 'certificate revocation list', crl(), 'X509 CRL'],
  ['a PKCS#7', 'pkcs7', der.sequence(signedData, der.explicit(0, der.sequence(der.integer(1)))), 'PKCS7'],
  [
    'a PKCS#7 in BER',
    'pkcs7',
    der.concat(Uint8Array.of(0x30, 0x80), signedData, Uint8Array.of(0xa0, 0x80, 0, 0, 0, 0)),
    'CMS',
  ],
  ['a PKCS#12', 'pkcs12', der.sequence(der.integer(3), der.sequence(data)), 'PKCS12'],
  [
    'a PKCS#12 in BER',
    'pkcs12',
    der.concat(Uint8Array.of(0x30, 0x80, 2, 1, 3, 0x30, 0x80), data, Uint8Array.of(0, 0, 0, 0)),
    'PKCS12',
  ],
  ['a PKCS#8 key', 'private key', pkcs8, 'PRIVATE KEY'],
  [
    'an EC key',
    'private key',
    new Uint8Array(privateKey.export({ format: 'der', type: 'sec1' })),
    'EC PRIVATE KEY',
  ],
  [
    'an RSA key',
    'private key',
    new Uint8Array(rsa.privateKey.export({ format: 'der', type: 'pkcs1' })),
    'RSA PRIVATE KEY',
  ],
  ['an encrypted key', 'encrypted private key', encrypted, 'ENCRYPTED PRIVATE KEY'],
  ['a public key', 'public key', spkiDer, 'PUBLIC KEY'],
  [
    'an RSA public key',
    'public key',
    new Uint8Array(rsa.publicKey.export({ format: 'der', type: 'pkcs1' })),
    'RSA PUBLIC KEY',
  ],
]

for (const [name, received, bytes, label] of otherObjects) {
  test(`K27 ${name} instead of a request is named "${received}" in every form`, () => {
    const forms = [
      bytes,
      Buffer.from(bytes).toString('base64'),
      pemEncode(label, bytes),
      // Under a label that lies, the content speaks.
      pemEncode('CERTIFICATE REQUEST', bytes),
    ]
    for (const form of forms) {
      const error = refusal(form)
      assert.equal(error.code, 'not_a_certification_request')
      assert.deepEqual(error.detail, { received })
    }
  })
}

test('K27 a private key beside a request is refused, and no error holds any of it', () => {
  const error = refusal(pemEncode('PRIVATE KEY', pkcs8) + pem)
  assert.deepEqual(error.detail, { received: 'private key' })
  assert.equal(error.cause, undefined)
  const secret = Buffer.from(pkcs8).toString('base64').slice(40, 60)
  assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(secret))
})

test('K27 an old encrypted key with header lines is named before its body is decoded', () => {
  const text =
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n'
  assert.deepEqual(refusal(text).detail, { received: 'private key' })
})

test('K27 a block with an unknown label is named unknown', () => {
  assert.deepEqual(refusal(pemEncode('SSH2 PUBLIC KEY', requestDer)).detail, { received: 'unknown' })
})

test('bytes of no known shape are left to the strict parser', () => {
  for (const bytes of [Uint8Array.of(0x30), Uint8Array.of(0x30, 0), der.sequence(der.nullValue())]) {
    assert.equal(readCertificationRequest(bytes), bytes)
  }
  assert.throws(() => readCertificationRequest(Uint8Array.of(4, 1, 0)), PkiError)
})
