import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import {
  dnsNames,
  ed25519,
  extension,
  extensionRequest,
  type KeyPair,
  p256,
  request,
  rsa,
  spkiOf,
  subjectDer,
} from '../../test/support/certification-requests.ts'
import { cryptoInput, type SignatureAlgorithm } from './algorithms.ts'
import { buildCertificationRequest, parseCertificationRequest, verifyCertificationRequest } from './csr.ts'
import * as der from './der/writer.ts'
import { emptyNameDer } from './names.ts'
import { oids } from './oids.ts'
import { pemEncode } from './pem.ts'

test('a request is read with its names, attributes and extensions, and verifies', () => {
  const challenge = der.sequence(der.oid(oids.challengePassword), der.set(der.printableString('secret')))
  const csr = parseCertificationRequest(
    request({
      attributes: [challenge, extensionRequest(extension(oids.subjectAltName, dnsNames))],
    }),
  )
  assert.equal(csr.subject[0]?.value, 'example.org')
  assert.deepEqual(csr.subjectDer, subjectDer)
  assert.deepEqual(csr.subjectAltNames, [{ type: 'dns', value: 'example.org' }])
  assert.deepEqual(
    csr.attributes.map(({ oid }) => oid),
    [oids.challengePassword, oids.extensionRequest],
  )
  assert.equal(csr.signatureAlgorithm, 'ecdsa-sha256')
  assert.equal(verifyCertificationRequest(csr), true)
})

test('a request without attributes asks for nothing', () => {
  const csr = parseCertificationRequest(request({ subject: emptyNameDer }))
  assert.deepEqual([csr.subject, csr.attributes, csr.extensions, csr.subjectAltNames], [[], [], [], []])
})

const made: readonly [SignatureAlgorithm, KeyPair][] = [
  ['ecdsa-sha256', p256],
  ['ecdsa-sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['ecdsa-sha512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ['rsa-sha256', rsa],
  ['rsa-pss-sha384', rsa],
  ['ed25519', ed25519],
  ['ml-dsa-44', generateKeyPairSync('ml-dsa-44')],
  ['ml-dsa-87', generateKeyPairSync('ml-dsa-87')],
]

for (const [algorithm, keys] of made) {
  test(`a request made with ${algorithm} reads back and verifies${algorithm.startsWith('ml') ? '' : ', here and with openssl'}`, async () => {
    const input = cryptoInput(algorithm, keys.privateKey)
    const bytes = await buildCertificationRequest(
      {
        subjectDer,
        spkiDer: spkiOf(keys),
        algorithm,
        sans: [
          { type: 'dns', value: 'example.org' },
          { type: 'ip', bytes: Uint8Array.of(192, 0, 2, 1) },
        ],
      },
      (infoDer) => sign(input.digest, infoDer, input.key),
    )
    const csr = parseCertificationRequest(bytes)
    assert.equal(verifyCertificationRequest(csr), true)
    assert.equal(csr.subjectAltNames.length, 2)
    assert.equal(csr.extensions[0]?.critical, false)
    if (!algorithm.startsWith('ml')) {
      const text = execFileSync('openssl', ['req', '-verify', '-noout', '-text'], {
        input: pemEncode('CERTIFICATE REQUEST', bytes),
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      assert.match(text, /DNS:example\.org, IP Address:192\.0\.2\.1/)
    }
  })
}

test('a request with an empty subject asks for a critical subjectAltName', async () => {
  const bytes = await buildCertificationRequest(
    {
      subjectDer: emptyNameDer,
      spkiDer: spkiOf(ed25519),
      algorithm: 'ed25519',
      sans: [{ type: 'dns', value: 'example.org' }],
    },
    async (infoDer) => sign(null, infoDer, ed25519.privateKey),
  )
  assert.equal(parseCertificationRequest(bytes).extensions[0]?.critical, true)
})
