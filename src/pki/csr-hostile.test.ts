import assert from 'node:assert/strict'
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
import { takesLessThan } from '../../test/support/quick.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { parseCertificationRequest, verifyCertificationRequest } from './csr.ts'
import { DerError, type DerErrorCode } from './der/errors.ts'
import * as der from './der/writer.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import { oids } from './oids.ts'

function refuses(bytes: Uint8Array, code: PkiErrorCode, detail?: object): void {
  assert.throws(
    () => parseCertificationRequest(bytes),
    (error) => {
      assert.ok(error instanceof PkiError)
      assert.equal(error.code, code)
      if (detail !== undefined) {
        assert.deepEqual(error.detail, detail)
      }
      return true
    },
  )
}

function refusesEncoding(bytes: Uint8Array, code: DerErrorCode): void {
  assert.throws(
    () => parseCertificationRequest(bytes),
    (error) => error instanceof DerError && error.code === code,
    code,
  )
}

test('K1 a request with any one bit of its signature flipped does not verify', () => {
  const good = request()
  for (const fromEnd of [1, 20, 40]) {
    for (let bit = 0; bit < 8; bit += 1) {
      const bytes = Uint8Array.from(good)
      const index = bytes.length - fromEnd
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
      assert.equal(verifyCertificationRequest(parseCertificationRequest(bytes)), false)
    }
  }
})

test('K1 a request whose signed bytes changed does not verify', () => {
  const bytes = request()
  const index = Buffer.from(bytes).indexOf('example.org')
  bytes[index] = 0x45
  assert.equal(verifyCertificationRequest(parseCertificationRequest(bytes)), false)
})

test('K2 a signature algorithm of another family than the key is refused', () => {
  const combinations: readonly [KeyPair, SignatureAlgorithm, SignatureAlgorithm][] = [
    [rsa, 'rsa-sha256', 'ecdsa-sha256'],
    [p256, 'ecdsa-sha256', 'rsa-sha256'],
    [p256, 'ecdsa-sha256', 'rsa-pss-sha256'],
    [p256, 'ecdsa-sha256', 'ed25519'],
    [ed25519, 'ed25519', 'ecdsa-sha256'],
    [ed25519, 'ed25519', 'ml-dsa-44'],
  ]
  for (const [keys, signedWith, written] of combinations) {
    const bytes = request({
      keys,
      algorithm: signedWith,
      identifier: signatureAlgorithms[written].identifierDer,
    })
    const csr = parseCertificationRequest(bytes)
    assert.throws(
      () => verifyCertificationRequest(csr),
      (error) => error instanceof PkiError && error.code === 'signature_algorithm_mismatch',
    )
  }
})

test('K2 a digest or padding other than the one written does not verify', () => {
  for (const [signedWith, written] of [
    ['rsa-sha256', 'rsa-sha384'],
    ['rsa-sha256', 'rsa-pss-sha256'],
    ['rsa-pss-sha256', 'rsa-pss-sha384'],
  ] as const) {
    const bytes = request({
      keys: rsa,
      algorithm: signedWith,
      identifier: signatureAlgorithms[written].identifierDer,
    })
    assert.equal(verifyCertificationRequest(parseCertificationRequest(bytes)), false)
  }
})

test('K3 MD5, MD4 and SHA-1 signatures are refused by name', () => {
  const withNull = (id: string) => der.sequence(der.oid(id), der.nullValue())
  for (const [identifier, digest] of [
    [withNull('1.2.840.113549.1.1.4'), 'MD5'],
    [withNull('1.2.840.113549.1.1.3'), 'MD4'],
    [withNull(oids.sha1WithRsaEncryption), 'SHA-1'],
  ] as const) {
    const bytes = request({ keys: rsa, algorithm: 'rsa-sha256', identifier })
    assert.throws(
      () => parseCertificationRequest(bytes),
      (error) =>
        error instanceof PkiError &&
        error.code === 'signature_algorithm_weak' &&
        'digest' in error.detail &&
        error.detail.digest === digest,
    )
  }
})

test('K4 bytes after the outer SEQUENCE, and after the last part inside it, are refused', () => {
  const good = request()
  refusesEncoding(der.concat(good, Uint8Array.of(0)), 'trailing_bytes')
  refusesEncoding(der.concat(good, good), 'trailing_bytes')
  refusesEncoding(der.sequence(good.subarray(3), der.nullValue()), 'trailing_bytes')
  refusesEncoding(good.subarray(0, -1), 'truncated')
})

test('K5 indefinite and non-minimal lengths are refused', () => {
  const good = request()
  const contents = good.subarray(3)
  assert.equal(good[1], 0x81)
  refusesEncoding(der.concat(Uint8Array.of(0x30, 0x80), contents, Uint8Array.of(0, 0)), 'indefinite_length')
  refusesEncoding(der.concat(Uint8Array.of(0x30, 0x82, 0), good.subarray(2)), 'length_not_minimal')
})

test('K6 every version but 0 is refused', () => {
  for (const version of [1, 2, 127]) {
    refuses(request({ version: der.integer(version) }), 'version_unsupported', {
      structure: 'certificationRequest',
      version,
    })
  }
  for (const version of [-1, 256, 2 ** 40]) {
    refuses(request({ version: der.integer(version) }), 'version_unsupported')
  }
})

test('K7 two extensionRequest attributes are refused, equal or not', () => {
  const first = extensionRequest(extension(oids.subjectAltName, dnsNames))
  const second = extensionRequest(extension(oids.keyUsage, der.namedBits([0])))
  for (const attributes of [
    [first, second],
    [first, first],
  ]) {
    refuses(request({ attributes }), 'attribute_duplicate', { oid: oids.extensionRequest })
  }
})

test('K7 one extension twice inside an extensionRequest is refused', () => {
  const once = extension(oids.subjectAltName, dnsNames)
  refuses(request({ attributes: [extensionRequest(once, once)] }), 'extension_duplicate', {
    oid: oids.subjectAltName,
  })
})

test('K7 an extensionRequest with two values or none is refused', () => {
  const value = der.sequence(extension(oids.subjectAltName, dnsNames))
  for (const values of [[], [value, value]]) {
    const attribute = der.sequence(der.oid(oids.extensionRequest), der.set(...values))
    refuses(request({ attributes: [attribute] }), 'attribute_invalid', { oid: oids.extensionRequest })
  }
})

test('K9 an unknown critical extension is refused, or kept for the caller to drop', () => {
  const attributes = [extensionRequest(extension('1.2.3.4', Uint8Array.of(0xff), true))]
  refuses(request({ attributes }), 'extension_unknown_critical', { oid: '1.2.3.4' })
  assert.equal(parseCertificationRequest(request({ attributes }), 'keep').extensions[0]?.oid, '1.2.3.4')
})

test('K9 an unknown extension that is not critical is opaque', () => {
  const attributes = [extensionRequest(extension('1.2.3.4', Uint8Array.of(0xff)))]
  assert.deepEqual(
    parseCertificationRequest(request({ attributes })).extensions[0]?.value,
    Uint8Array.of(0xff),
  )
})

test('K10 10,000 nested SEQUENCEs inside an attribute are refused in under 50 ms', async () => {
  const headers: Uint8Array[] = []
  let length = 0
  for (let depth = 0; depth < 10_000; depth += 1) {
    const header = new Uint8Array(der.headerLength(length))
    der.writeHeader(header, 0, 0x30, length)
    headers.push(header)
    length += header.length
  }
  const nested = der.concat(...headers.reverse())
  const bytes = request({ attributes: [der.sequence(der.oid('1.2.3'), der.set(nested))] })
  await takesLessThan(50, () => refusesEncoding(bytes, 'too_deep'))
  assert.equal(verifyCertificationRequest(parseCertificationRequest(request())), true)
})

test('K11 an attribute type with a 20 KiB sub-identifier is refused in under 50 ms', async () => {
  const arc = new Uint8Array(20 * 1024).fill(0xff)
  arc[arc.length - 1] = 0x7f
  const bytes = request({ attributes: [der.sequence(der.tlv(0x06, arc), der.set(der.nullValue()))] })
  await takesLessThan(50, () => refusesEncoding(bytes, 'oid_too_long'))
})

test('K12 K13 requests with explicit curve parameters or a point off the curve are refused', () => {
  const point = spkiOf(p256).subarray(-65)
  const explicitParameters = der.sequence(der.oid(oids.ecPublicKey), der.sequence(der.integer(1)))
  refuses(request({ spki: der.sequence(explicitParameters, der.bitString(point)) }), 'ec_parameters_explicit')
  const off = Uint8Array.from(point)
  off[64] = (off[64] ?? 0) ^ 1
  const named = der.sequence(der.oid(oids.ecPublicKey), der.oid(oids.secp256r1))
  refuses(request({ spki: der.sequence(named, der.bitString(off)) }), 'ec_point_not_on_curve', {
    curve: 'P-256',
  })
})

test('K25 NUL or control characters in subject and subjectAltName are refused', () => {
  for (const text of ['good.example\0.evil.example', 'a\u0001', 'a\u007f', 'a\r\nb']) {
    const subject = der.sequence(der.set(der.sequence(der.oid(oids.commonName), der.utf8String(text))))
    refuses(request({ subject }), 'control_character', { structure: 'name', oid: oids.commonName })
    const names = der.sequence(der.implicit(2, Buffer.from(text)))
    refuses(
      request({ attributes: [extensionRequest(extension(oids.subjectAltName, names))] }),
      'control_character',
      { structure: 'generalName', oid: undefined },
    )
  }
})

test('structural defects are refused', () => {
  const info = der.sequence(der.integer(0), subjectDer, spkiOf(p256))
  const identifier = signatureAlgorithms['ecdsa-sha256'].identifierDer
  // Attributes may be empty but not absent (RFC 2986 section 4.1).
  refusesEncoding(der.sequence(info, identifier, der.bitString(new Uint8Array(64))), 'truncated')
  refusesEncoding(der.sequence(), 'truncated')
  refusesEncoding(new Uint8Array(0), 'truncated')
  refusesEncoding(request({ attributes: [der.sequence(der.oid('1.2.3'), der.sequence())] }), 'unexpected_tag')
  refuses(request({ attributes: [der.sequence(der.oid('1.2.3'), der.set())] }), 'attribute_invalid')
  refuses(request({ attributes: [extensionRequest()] }), 'extensions_empty')
  const wrongType = extensionRequest(extension(oids.keyUsage, der.octetString(new Uint8Array(1))))
  refusesEncoding(request({ attributes: [wrongType] }), 'unexpected_tag')
})
