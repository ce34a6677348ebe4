import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { takesLessThan } from '../../test/support/quick.ts'
import { bitString, integer, nullValue, oid, sequence } from './der/writer.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import { oids } from './oids.ts'
import {
  importPublicKey,
  keyIdentifier,
  keyKindOf,
  parseSubjectPublicKeyInfo,
  sha1KeyHash,
  sha256KeyHash,
} from './spki.ts'

function spkiOf(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' })
}

function raises(code: PkiErrorCode, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof PkiError && error.code === code, code)
}

function rsaSpki(modulus: Uint8Array, exponent: number): Uint8Array {
  return sequence(
    sequence(oid(oids.rsaEncryption), nullValue()),
    bitString(sequence(integer(modulus), integer(exponent))),
  )
}

function ecSpki(parameters: Uint8Array, point: Uint8Array): Uint8Array {
  return sequence(sequence(oid(oids.ecPublicKey), parameters), bitString(point))
}

const p256 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)

const kinds = [
  ['rsa-2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
  ['p-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
  ['p-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
  ['p-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
  ['ed25519', () => generateKeyPairSync('ed25519').publicKey],
  ['ml-dsa-44', () => generateKeyPairSync('ml-dsa-44').publicKey],
  ['ml-dsa-65', () => generateKeyPairSync('ml-dsa-65').publicKey],
  ['ml-dsa-87', () => generateKeyPairSync('ml-dsa-87').publicKey],
] as const

for (const [kind, generate] of kinds) {
  test(`a ${kind} key is read, named and imported as the same key`, () => {
    const key = generate()
    const spki = parseSubjectPublicKeyInfo(spkiOf(key))
    assert.equal(keyKindOf(spki), kind)
    assert.equal(importPublicKey(spki).equals(key), true)
  })
}

test('key hashes are taken over the key bits alone', () => {
  const spki = parseSubjectPublicKeyInfo(p256)
  const point = p256.subarray(-65)
  assert.deepEqual(Buffer.from(sha1KeyHash(spki)), createHash('sha1').update(point).digest())
  assert.deepEqual(Buffer.from(sha256KeyHash(spki)), createHash('sha256').update(point).digest())
  // RFC 7093 section 2, method 1.
  assert.equal(keyIdentifier(spki).length, 20)
  assert.deepEqual(
    Buffer.from(keyIdentifier(spki)),
    createHash('sha256').update(point).digest().subarray(0, 20),
  )
})

test('K12 explicit curve parameters are refused by their type, before the parameters are read', () => {
  // The parameters are nonsense: reading them would be another error.
  raises('ec_parameters_explicit', () =>
    parseSubjectPublicKeyInfo(ecSpki(sequence(nullValue()), new Uint8Array(65))),
  )
})

test('implicit and missing curve parameters are refused', () => {
  raises('key_parameters_invalid', () => parseSubjectPublicKeyInfo(ecSpki(nullValue(), new Uint8Array(65))))
  raises('key_parameters_invalid', () =>
    parseSubjectPublicKeyInfo(sequence(sequence(oid(oids.ecPublicKey)), bitString(new Uint8Array(65)))),
  )
})

const curves = [
  ['P-256', oids.secp256r1, 32],
  ['P-384', oids.secp384r1, 48],
  ['P-521', oids.secp521r1, 66],
] as const

for (const [name, curveOid, octets] of curves) {
  test(`K13 points off ${name} and in other forms are refused`, () => {
    const good = parseSubjectPublicKeyInfo(
      spkiOf(generateKeyPairSync('ec', { namedCurve: name }).publicKey),
    ).keyBits
    const parse = (point: Uint8Array) => parseSubjectPublicKeyInfo(ecSpki(oid(curveOid), point))
    assert.equal(parse(good).type, 'ec')
    const off = Uint8Array.from(good)
    off[off.length - 1] = (off[off.length - 1] ?? 0) ^ 1
    raises('ec_point_not_on_curve', () => parse(off))
    raises('ec_point_not_on_curve', () => parse(new Uint8Array(good.length).fill(4, 0, 1)))
    // Coordinates that are not reduced would name the same point in a second way.
    raises('ec_point_not_on_curve', () => parse(new Uint8Array(good.length).fill(0xff).fill(4, 0, 1)))
    raises('ec_point_invalid', () => parse(Uint8Array.of(0)))
    raises('ec_point_invalid', () => parse(new Uint8Array(0)))
    raises('ec_point_invalid', () => parse(good.subarray(0, -1)))
    raises('ec_point_invalid', () => parse(Uint8Array.from([...good, 0])))
    raises('ec_point_invalid', () => parse(Uint8Array.from([2, ...good.subarray(1, 1 + octets)])))
    raises('ec_point_invalid', () => parse(Uint8Array.from([6, ...good.subarray(1)])))
  })
}

test('K14 a key on another curve is read by name and never imported', () => {
  const spki = parseSubjectPublicKeyInfo(
    spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
  )
  assert.ok(spki.type === 'ec')
  assert.equal(spki.curveName, 'secp256k1')
  assert.equal(keyKindOf(spki), undefined)
  raises('key_unsupported', () => importPublicKey(spki))
})

test('K15 the size of an RSA modulus is its bit length', () => {
  for (const [firstOctet, bits] of [
    [0x80, 2048],
    [0x7f, 2047],
    [0x01, 2041],
  ] as const) {
    const spki = parseSubjectPublicKeyInfo(
      rsaSpki(new Uint8Array(256).fill(firstOctet, 0, 1).fill(1, 255), 65_537),
    )
    assert.ok(spki.type === 'rsa')
    assert.equal(spki.bits, bits)
    assert.equal(keyKindOf(spki), bits === 2048 ? 'rsa-2048' : undefined)
  }
})

test('K16 a 16,384-bit RSA key is measured in under 50 ms and refused by size when it would be used', async () => {
  await takesLessThan(50, () => {
    const spki = parseSubjectPublicKeyInfo(rsaSpki(new Uint8Array(2_048).fill(0xff), 65_537))
    assert.ok(spki.type === 'rsa')
    assert.equal(spki.bits, 16_384)
    raises('key_too_large', () => importPublicKey(spki))
  })
})

test('RSA keys at the size limit are imported and past it refused', () => {
  const atLimit = parseSubjectPublicKeyInfo(rsaSpki(new Uint8Array(1_024).fill(0xff), 65_537))
  assert.equal(importPublicKey(atLimit).asymmetricKeyType, 'rsa')
  const past = parseSubjectPublicKeyInfo(
    rsaSpki(Uint8Array.from([1, ...new Uint8Array(1_024).fill(0xff)]), 65_537),
  )
  raises('key_too_large', () => importPublicKey(past))
})

test('RSA integers that are zero or negative, and other parameters than NULL, are refused', () => {
  const algorithm = sequence(oid(oids.rsaEncryption), nullValue())
  const withIntegers = (modulus: number, exponent: number) =>
    sequence(algorithm, bitString(sequence(integer(modulus), integer(exponent))))
  raises('key_invalid', () => parseSubjectPublicKeyInfo(withIntegers(0, 3)))
  raises('key_invalid', () => parseSubjectPublicKeyInfo(withIntegers(-5, 3)))
  raises('key_invalid', () => parseSubjectPublicKeyInfo(withIntegers(15, 0)))
  const key = bitString(sequence(integer(15), integer(3)))
  raises('key_parameters_invalid', () =>
    parseSubjectPublicKeyInfo(sequence(sequence(oid(oids.rsaEncryption)), key)),
  )
})

test('Ed25519 and ML-DSA keys need their exact length and no parameters', () => {
  for (const [id, octets] of [
    [oids.ed25519, 32],
    [oids.mlDsa44, 1_312],
    [oids.mlDsa65, 1_952],
    [oids.mlDsa87, 2_592],
  ] as const) {
    const build = (length: number, ...parameters: Uint8Array[]) =>
      sequence(sequence(oid(id), ...parameters), bitString(new Uint8Array(length)))
    assert.doesNotThrow(() => parseSubjectPublicKeyInfo(build(octets)))
    raises('key_invalid', () => parseSubjectPublicKeyInfo(build(octets - 1)))
    raises('key_invalid', () => parseSubjectPublicKeyInfo(build(octets + 1)))
    raises('key_parameters_invalid', () => parseSubjectPublicKeyInfo(build(octets, nullValue())))
  }
})

test('K23 keys that cannot sign are read by name and never imported', () => {
  const diffieHellman = sequence(
    sequence(oid('1.2.840.113549.1.3.1'), sequence(integer(23), integer(5))),
    bitString(integer(8)),
  )
  for (const [der, name] of [
    [spkiOf(generateKeyPairSync('x25519').publicKey), 'X25519'],
    [spkiOf(generateKeyPairSync('ml-kem-768').publicKey), 'ML-KEM-768'],
    [diffieHellman, 'DH'],
  ] as const) {
    const spki = parseSubjectPublicKeyInfo(der)
    assert.ok(spki.type === 'other')
    assert.equal(spki.name, name)
    assert.equal(keyKindOf(spki), undefined)
    raises('key_unsupported', () => importPublicKey(spki))
  }
})
