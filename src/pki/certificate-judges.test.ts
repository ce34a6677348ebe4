import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Certificate as PkijsCertificate } from 'pkijs'
import { hex } from '../../test/support/hex.ts'
import {
  answer,
  buildCrl,
  issueLeaf,
  issueResponder,
  judgedAt,
  revokedEntry,
  revokedSerialNumber,
  serialNumber,
  subscriber,
} from '../../test/support/issued-objects.ts'
import { issuerValidity, makeIssuer, type TestIssuer } from '../../test/support/issuers.ts'
import { openssl, opensslMissing } from '../../test/support/openssl.ts'
import type { SignatureAlgorithm } from './algorithms.ts'
import { parseCertificate, verifyCertificateSignature } from './certificate.ts'
import { parseCrl, verifyCrlSignature } from './crl.ts'
import { defaultSignatureAlgorithm, type KeyKind, keyKinds } from './key-kinds.ts'
import { certIdIssuerKey, encodeCertId, ocspIssuerKeys } from './ocsp-cert-id.ts'
import { encodeOcspRequest, parseOcspRequest } from './ocsp-request.ts'
import { parseOcspResponse, verifyOcspSignature } from './ocsp-response-reader.ts'
import { pemEncode } from './pem.ts'

const skip = opensslMissing

interface Case {
  readonly kind: KeyKind
  readonly algorithm: SignatureAlgorithm
  /** OpenSSL 3.0 does not know ML-DSA. */
  readonly openssl: boolean
}

const rsaAlgorithms: readonly SignatureAlgorithm[] = [
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
]

const cases: readonly Case[] = [
  ...keyKinds.map((kind) => ({
    kind,
    algorithm: defaultSignatureAlgorithm(kind),
    openssl: !kind.startsWith('ml-dsa'),
  })),
  ...rsaAlgorithms.map((algorithm) => ({ kind: 'rsa-2048', algorithm, openssl: true }) as const),
]

/** Making RSA keys takes its time: each issuer is made once. */
const issuers = new Map<SignatureAlgorithm | KeyKind, TestIssuer>()

function issuerOf({ kind, algorithm }: Pick<Case, 'kind' | 'algorithm'>): TestIssuer {
  const name = rsaAlgorithms.includes(algorithm) ? algorithm : kind
  const issuer = issuers.get(name) ?? makeIssuer(kind, algorithm)
  issuers.set(name, issuer)
  return issuer
}

const atJudgement = ['-attime', String(judgedAt / 1000)]

for (const candidate of cases) {
  const { kind, algorithm } = candidate
  test(`V14 certificates of a ${kind} CA with ${algorithm} are read and verified by node:crypto and by PKI.js`, () => {
    const issuer = issuerOf(candidate)
    const leafDer = issueLeaf(issuer, serialNumber)
    const leaf = new X509Certificate(leafDer)
    assert.equal(leaf.subject, 'CN=host.test')
    assert.equal(leaf.serialNumber, '4C0102030405060708090A0B0C0D0E0F')
    assert.ok(leaf.checkIssued(new X509Certificate(issuer.certificateDer)))
    assert.ok(leaf.verify(issuer.publicKey))
    assert.ok(verifyCertificateSignature(parseCertificate(leafDer), issuer.spki.der))
    assert.ok(verifyCertificateSignature(parseCertificate(issuer.certificateDer), issuer.publicKey))
    const other = PkijsCertificate.fromBER(leafDer)
    assert.deepEqual(new Uint8Array(other.serialNumber.valueBlock.valueHexView), serialNumber)
    assert.equal(other.notAfter.value.getTime(), issuerValidity.notAfter)
    assert.equal(other.extensions?.length, 10)
    assert.equal(
      other.extensions?.every((extension) => extension.parsedValue !== undefined),
      true,
    )
  })

  test(`CRLs and OCSP answers of a ${kind} CA with ${algorithm} carry its signature`, () => {
    const issuer = issuerOf(candidate)
    const crl = parseCrl(buildCrl(issuer, [revokedEntry]))
    assert.ok(verifyCrlSignature(crl, issuer.publicKey))
    const certIds = [encodeCertId('sha256', issuer, serialNumber)]
    const response = parseOcspResponse(answer(issuer, { certIds }))
    assert.ok(
      response.responseStatus === 'successful' && verifyOcspSignature(response.basic, issuer.spki.der),
    )
  })
}

for (const candidate of cases.filter((entry) => entry.openssl)) {
  const { kind, algorithm } = candidate
  const files = () => {
    const issuer = issuerOf(candidate)
    return {
      issuer,
      'ca.pem': pemEncode('CERTIFICATE', issuer.certificateDer),
      'leaf.pem': pemEncode('CERTIFICATE', issueLeaf(issuer, serialNumber)),
      'revoked.pem': pemEncode('CERTIFICATE', issueLeaf(issuer, revokedSerialNumber)),
    }
  }

  test(`V14 openssl verifies a chain of a ${kind} CA with ${algorithm} strictly, against its CRL and without`, {
    skip,
  }, async () => {
    const { issuer, ...certificates } = files()
    const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.pem', ...atJudgement]
    const chain = await openssl([...strict, '-verify_hostname', 'host.test', 'leaf.pem'], {
      files: certificates,
    })
    assert.equal(chain.text, 'leaf.pem: OK\n', chain.stderr)
    const crl = { ...certificates, 'crl.pem': pemEncode('X509 CRL', buildCrl(issuer, [revokedEntry])) }
    const checked = await openssl(
      [...strict, '-crl_check', '-CRLfile', 'crl.pem', 'leaf.pem', 'revoked.pem'],
      { files: crl },
    )
    assert.match(checked.text, /^leaf.pem: OK$/m)
    assert.match(checked.stderr, /certificate revoked/)
  })

  test(`openssl reads and verifies CRLs of a ${kind} CA with ${algorithm}, filled and empty`, {
    skip,
  }, async () => {
    const { issuer, ...certificates } = files()
    const read = (der: Uint8Array) =>
      openssl(['crl', '-inform', 'DER', '-in', 'a.crl', '-CAfile', 'ca.pem', '-noout', '-text'], {
        files: { ...certificates, 'a.crl': der },
      })
    const filled = await read(buildCrl(issuer, [revokedEntry]))
    assert.match(filled.stderr, /verify OK/)
    assert.match(filled.text, /Serial Number: 4C0102030405060708090A0B0C0D0E10/)
    assert.match(filled.text, /Key Compromise/)
    assert.match(filled.text, /Invalidity Date:\s+Dec 29 00:00:00 2026 GMT/)
    const empty = await read(buildCrl(issuer, []))
    assert.match(empty.stderr, /verify OK/)
    assert.match(empty.text, /No Revoked Certificates/)
    assert.match(empty.text, /X509v3 CRL Number:\s+4711/)
  })

  test(`openssl accepts OCSP answers of a ${kind} CA with ${algorithm}, signed by it and by a delegate`, {
    skip,
  }, async () => {
    const { issuer, ...certificates } = files()
    for (const responderDer of [undefined, issueResponder(issuer)]) {
      for (const hash of ['sha1', 'sha256'] as const) {
        const certIds = [
          encodeCertId(hash, issuer, serialNumber),
          encodeCertId(hash, issuer, revokedSerialNumber),
        ]
        const nonce = new Uint8Array(32).fill(7)
        const named = responderDer === undefined ? { certIds, nonce } : { certIds, nonce, responderDer }
        const run = await openssl(
          [
            ...['ocsp', '-respin', 'a.ocsp', '-reqin', 'a.req', '-CAfile', 'ca.pem', '-issuer', 'ca.pem'],
            ...[`-${hash}`, '-cert', 'leaf.pem', '-cert', 'revoked.pem'],
            ...['-no_nonce', '-validity_period', '2000000000', ...atJudgement],
          ],
          {
            files: {
              ...certificates,
              'a.ocsp': answer(issuer, named),
              'a.req': encodeOcspRequest(certIds, nonce),
            },
          },
        )
        assert.match(run.stderr, /^Response verify OK/m, run.stderr)
        assert.doesNotMatch(run.stderr, /nonce/i)
        assert.match(run.text, /^leaf.pem: good$/m)
        assert.match(run.text, /^revoked.pem: revoked$/m)
        assert.match(run.text, /Reason: keyCompromise/)
      }
    }
  })
}

test('openssl shows every extension of a leaf with its meaning', { skip }, async () => {
  const leaf = pemEncode('CERTIFICATE', issueLeaf(subscriber, serialNumber))
  const { text } = await openssl(['x509', '-in', 'leaf.pem', '-noout', '-text'], {
    files: { 'leaf.pem': leaf },
  })
  const expected = [
    /X509v3 Basic Constraints:\s+CA:FALSE/,
    /X509v3 Key Usage: critical\s+Digital Signature\n/,
    /X509v3 Extended Key Usage:\s+TLS Web Server Authentication, TLS Web Client Authentication/,
    /Netscape Cert Type:\s+SSL Client, SSL Server/,
    /X509v3 Subject Key Identifier:/,
    /X509v3 Authority Key Identifier:/,
    /X509v3 Certificate Policies:\s+Policy: 2.23.140.1.2.1\s+CPS: http:\/\/ca.test\/cps/,
    /OCSP - URI:http:\/\/ca.test\/ocsp\/1\s+CA Issuers - URI:http:\/\/ca.test\/aia\/1.crt/,
    /X509v3 CRL Distribution Points:\s+Full Name:\s+URI:http:\/\/ca.test\/crl\/1.crl/,
    /DNS:host.test, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, email:m@host.test, URI:https:\/\/host.test\//,
  ]
  for (const pattern of expected) {
    assert.match(text, pattern)
  }
})

test('R4 requests that openssl makes, with SHA-1 and SHA-256 and a nonce, are read', {
  skip,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-ocsp-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const requestPath = join(folder, 'a.req')
  const files = {
    'ca.pem': pemEncode('CERTIFICATE', subscriber.certificateDer),
    'leaf.pem': pemEncode('CERTIFICATE', issueLeaf(subscriber, serialNumber)),
    'revoked.pem': pemEncode('CERTIFICATE', issueLeaf(subscriber, revokedSerialNumber)),
  }
  const run = await openssl(
    [
      'ocsp',
      '-issuer',
      'ca.pem',
      '-cert',
      'leaf.pem',
      '-sha256',
      '-cert',
      'revoked.pem',
      '-reqout',
      requestPath,
    ],
    { files },
  )
  assert.equal(run.status, 0, run.stderr)
  const request = parseOcspRequest(readFileSync(requestPath))
  assert.deepEqual(
    request.certIds.map(({ hashAlgorithm, serialNumber }) => [hashAlgorithm, hex(serialNumber)]),
    [
      ['sha1', hex(serialNumber)],
      ['sha256', hex(revokedSerialNumber)],
    ],
  )
  const keys = ocspIssuerKeys(subscriber)
  assert.deepEqual(request.certIds.map(certIdIssuerKey), [keys.sha1, keys.sha256])
  assert.equal(request.nonce?.length, 16)
})
