import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import {
  cryptoInput,
  findSignatureAlgorithm,
  requireSignatureAlgorithm,
  requireStrongSignatureAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
  verifySignature,
  verifySignatureOnThread,
} from './algorithms.ts'
import { explicit, integer, nullValue, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { defaultSignatureAlgorithm, isKeyKind, type KeyKind, keyKinds } from './key-kinds.ts'
import { oids } from './oids.ts'

// Fixed encodings as printed in the CA/Browser Forum TLS Baseline Requirements sections 7.1.3.2.1 and
// 7.1.3.2.2, and for the last four in RFC 8410 and RFC 9881.
const fixedEncodings: { readonly [A in SignatureAlgorithm]: string } = {
  'ecdsa-sha256': '300a06082a8648ce3d040302',
  'ecdsa-sha384': '300a06082a8648ce3d040303',
  'ecdsa-sha512': '300a06082a8648ce3d040304',
  'rsa-sha1': '300d06092a864886f70d0101050500',
  'rsa-sha256': '300d06092a864886f70d01010b0500',
  'rsa-sha384': '300d06092a864886f70d01010c0500',
  'rsa-sha512': '300d06092a864886f70d01010d0500',
  'rsa-pss-sha256':
    '304106092a864886f70d01010a3034a00f300d0609608648016503040201' +
    '0500a11c301a06092a864886f70d010108300d0609608648016503040201' +
    '0500a203020120',
  'rsa-pss-sha384':
    '304106092a864886f70d01010a3034a00f300d0609608648016503040202' +
    '0500a11c301a06092a864886f70d010108300d0609608648016503040202' +
    '0500a203020130',
  'rsa-pss-sha512':
    '304106092a864886f70d01010a3034a00f300d0609608648016503040203' +
    '0500a11c301a06092a864886f70d010108300d0609608648016503040203' +
    '0500a203020140',
  ed25519: '300506032b6570',
  'ml-dsa-44': '300b0609608648016503040311',
  'ml-dsa-65': '300b0609608648016503040312',
  'ml-dsa-87': '300b0609608648016503040313',
}

for (const [name, encoding] of Object.entries(fixedEncodings)) {
  test(`V8 V9 ${name} has its one fixed encoding and is found by it`, () => {
    const row = findSignatureAlgorithm(Buffer.from(encoding, 'hex'))
    assert.equal(row?.name, name)
    assert.equal(Buffer.from(row?.identifierDer ?? []).toString('hex'), encoding)
  })
}

test('V9 each key kind signs by default with an algorithm that lists it, curves with their own digest', () => {
  for (const kind of keyKinds) {
    assert.ok(signatureAlgorithms[defaultSignatureAlgorithm(kind)].keyKinds.includes(kind), kind)
  }
  assert.equal(defaultSignatureAlgorithm('p-384'), 'ecdsa-sha384')
  assert.equal(defaultSignatureAlgorithm('p-521'), 'ecdsa-sha512')
  assert.deepEqual(signatureAlgorithms['ecdsa-sha256'].keyKinds, ['p-256'])
  assert.equal(isKeyKind('p-256'), true)
  assert.equal(isKeyKind('toString'), false)
})

function refusal(identifierDer: Uint8Array): unknown[] {
  try {
    requireStrongSignatureAlgorithm(identifierDer)
  } catch (error) {
    assert.ok(error instanceof PkiError)
    return [error.code, error.detail]
  }
  return []
}

const weak: readonly [string, string, Uint8Array][] = [
  ['MD2', 'RSA', sequence(oid('1.2.840.113549.1.1.2'), nullValue())],
  ['MD4', 'RSA', sequence(oid('1.2.840.113549.1.1.3'), nullValue())],
  ['MD5', 'RSA', sequence(oid('1.2.840.113549.1.1.4'), nullValue())],
  ['SHA-1', 'RSA', sequence(oid(oids.sha1WithRsaEncryption), nullValue())],
  ['SHA-1', 'RSA without parameters', sequence(oid(oids.sha1WithRsaEncryption))],
  ['SHA-1', 'ECDSA', sequence(oid('1.2.840.10045.4.1'))],
  ['SHA-1', 'DSA', sequence(oid('1.2.840.10040.4.3'))],
  ['SHA-1', 'PSS by default', sequence(oid(oids.rsassaPss), sequence())],
  [
    'SHA-1',
    'PSS by name',
    sequence(oid(oids.rsassaPss), sequence(explicit(0, sequence(oid(oids.sha1), nullValue())))),
  ],
]

for (const [digest, family, identifierDer] of weak) {
  test(`K3 ${digest} with ${family} is refused and named`, () => {
    const [code, detail] = refusal(identifierDer)
    assert.equal(code, 'signature_algorithm_weak')
    assert.equal((detail as { digest: string }).digest, digest)
  })
}

test('V9 known algorithms with other parameters are refused', () => {
  const hash = sequence(oid(oids.sha256), nullValue())
  const mask = sequence(oid(oids.mgf1), hash)
  for (const identifierDer of [
    sequence(oid(oids.sha256WithRsaEncryption)),
    sequence(oid(oids.ecdsaWithSha256), nullValue()),
    sequence(oid(oids.ed25519), nullValue()),
    sequence(oid(oids.mlDsa65), nullValue()),
    sequence(oid(oids.rsassaPss)),
    // A salt of another length than the digest.
    sequence(oid(oids.rsassaPss), sequence(explicit(0, hash), explicit(1, mask), explicit(2, integer(20)))),
    // The mask on another digest: absent means SHA-1.
    sequence(oid(oids.rsassaPss), sequence(explicit(0, hash), explicit(2, integer(32)))),
  ]) {
    assert.equal(refusal(identifierDer)[0], 'signature_algorithm_parameters_invalid')
  }
})

test('algorithms that are not in the table are refused by their identifier', () => {
  assert.deepEqual(refusal(sequence(oid('1.2.3.4'))), ['signature_algorithm_unsupported', { oid: '1.2.3.4' }])
  assert.equal(requireSignatureAlgorithm(signatureAlgorithms['rsa-sha1'].identifierDer).name, 'rsa-sha1')
})

const data = Buffer.from('to be signed')

function keyPair(kind: KeyKind) {
  switch (kind) {
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      // The size plays no part here; small keys are quicker to make.
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'p-256':
    case 'p-384':
    case 'p-521':
      return generateKeyPairSync('ec', { namedCurve: kind.toUpperCase() })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
    case 'ml-dsa-44':
      return generateKeyPairSync('ml-dsa-44')
    case 'ml-dsa-65':
      return generateKeyPairSync('ml-dsa-65')
    case 'ml-dsa-87':
      return generateKeyPairSync('ml-dsa-87')
  }
}

for (const { name, keyKinds: kinds } of Object.values(signatureAlgorithms)) {
  test(`${name} verifies what node:crypto signed, and nothing changed after it`, () => {
    const { privateKey, publicKey } = keyPair(kinds[0] ?? 'p-256')
    const input = cryptoInput(name, privateKey)
    const signature = sign(input.digest, data, input.key)
    const spkiDer = publicKey.export({ format: 'der', type: 'spki' })
    assert.equal(verifySignature(name, publicKey, data, signature), true)
    assert.equal(verifySignature(name, spkiDer, data, signature), true)
    assert.equal(verifySignature(name, publicKey, Buffer.from('to be signeD'), signature), false)
    assert.equal(verifySignature(name, publicKey, data, signature.subarray(1)), false)
    assert.equal(verifySignature(name, publicKey, data, new Uint8Array(0)), false)
    signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1
    assert.equal(verifySignature(name, publicKey, data, signature), false)
  })
}

test('a signature is judged the same on another thread', async () => {
  const { privateKey, publicKey } = keyPair('p-256')
  const large = Buffer.alloc(200_000, 7)
  const input = cryptoInput('ecdsa-sha256', privateKey)
  const signature = sign(input.digest, large, input.key)
  assert.equal(await verifySignatureOnThread('ecdsa-sha256', publicKey, large, signature), true)
  assert.equal(await verifySignatureOnThread('ecdsa-sha256', publicKey, data, signature), false)
  assert.equal(await verifySignatureOnThread('ecdsa-sha256', publicKey, large, new Uint8Array(7)), false)
  await assert.rejects(
    verifySignatureOnThread('rsa-sha256', publicKey, large, signature),
    (error) => error instanceof PkiError && error.code === 'signature_algorithm_mismatch',
  )
})

test('K2 an algorithm of another family than the key is an error, not false', () => {
  const rsa = keyPair('rsa-2048')
  const ed25519 = keyPair('ed25519')
  for (const [algorithm, key] of [
    ['ecdsa-sha256', rsa.publicKey],
    ['ml-dsa-44', rsa.publicKey],
    ['rsa-sha256', ed25519.publicKey],
    ['ml-dsa-65', keyPair('ml-dsa-44').publicKey],
  ] as const) {
    assert.throws(
      () => verifySignature(algorithm, key, data, new Uint8Array(256)),
      (error) => error instanceof PkiError && error.code === 'signature_algorithm_mismatch',
    )
  }
})
