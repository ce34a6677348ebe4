import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { DerError } from './der/errors.ts'
import { concat, integer, nullValue, octetString, oid, sequence } from './der/writer.ts'
import { PkiError, type PkiErrorCode } from './errors.ts'
import { oids } from './oids.ts'
import { pemEncode } from './pem.ts'
import {
  decryptPrivateKeyInfo,
  encryptPrivateKeyInfo,
  exportPrivateKeyInfo,
  importPrivateKey,
  maximumIterations,
  parsePrivateKeyInfo,
} from './pkcs8.ts'

const parameters = {
  salt: new Uint8Array(16).fill(1),
  initializationVector: new Uint8Array(16).fill(2),
  iterations: 1_000,
}

function hasCode(code: PkiErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof PkiError && error.code === code
}

const keys = [
  ['RSA', oids.rsaEncryption, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['P-256', oids.ecPublicKey, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['P-521', oids.ecPublicKey, generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['Ed25519', oids.ed25519, generateKeyPairSync('ed25519').privateKey],
  ['ML-DSA-44', oids.mlDsa44, generateKeyPairSync('ml-dsa-44').privateKey],
  ['ML-DSA-65', oids.mlDsa65, generateKeyPairSync('ml-dsa-65').privateKey],
  ['ML-DSA-87', oids.mlDsa87, generateKeyPairSync('ml-dsa-87').privateKey],
] as const

for (const [name, algorithmOid, key] of keys) {
  test(`a private ${name} key survives PKCS#8, plain and encrypted`, async () => {
    const der = exportPrivateKeyInfo(key)
    assert.equal(parsePrivateKeyInfo(der).algorithmOid, algorithmOid)
    assert.equal(importPrivateKey(der).equals(key), true)
    const encrypted = await encryptPrivateKeyInfo(der, 'pässphrase', parameters)
    assert.deepEqual(Buffer.from(await decryptPrivateKeyInfo(encrypted, 'pässphrase')), Buffer.from(der))
    const opened = createPrivateKey({
      key: pemEncode('ENCRYPTED PRIVATE KEY', encrypted),
      passphrase: 'pässphrase',
    })
    assert.equal(opened.equals(key), true)
  })
}

test('an ML-DSA key is written in its seed form', () => {
  // RFC 9881 section 6: [0] IMPLICIT OCTET STRING of 32 octets.
  const key = generateKeyPairSync('ml-dsa-65').privateKey
  const { privateKey } = parsePrivateKeyInfo(exportPrivateKeyInfo(key))
  assert.deepEqual([...privateKey.subarray(0, 2), privateKey.length], [0x80, 0x20, 34])
})

test('openssl opens a key encrypted here, and says how it is encrypted', async () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const encrypted = await encryptPrivateKeyInfo(exportPrivateKeyInfo(key), 'secret', parameters)
  const input = pemEncode('ENCRYPTED PRIVATE KEY', encrypted)
  const output = execFileSync('openssl', ['pkey', '-passin', 'pass:secret'], { input, encoding: 'utf8' })
  assert.equal(createPrivateKey(output).equals(key), true)
  const structure = execFileSync('openssl', ['asn1parse'], { input, encoding: 'utf8' })
  for (const part of ['PBES2', 'PBKDF2', 'hmacWithSHA256', 'aes-256-cbc', ':03E8']) {
    assert.ok(structure.includes(part), part)
  }
})

test('a wrong passphrase is refused, whatever its padding decrypts to', async () => {
  const key = generateKeyPairSync('ed25519').privateKey
  const encrypted = await encryptPrivateKeyInfo(exportPrivateKeyInfo(key), 'right', {
    ...parameters,
    iterations: 1,
  })
  for (let attempt = 0; attempt < 600; attempt += 1) {
    await assert.rejects(
      decryptPrivateKeyInfo(encrypted, `wrong ${attempt}`),
      hasCode('private_key_passphrase_wrong'),
    )
  }
})

function encryptedWith(iterations: number, vectorOctets = 16, prf: string = oids.hmacWithSha256): Uint8Array {
  const derivation = sequence(
    octetString(new Uint8Array(16)),
    integer(iterations),
    sequence(oid(prf), nullValue()),
  )
  return sequence(
    sequence(
      oid(oids.pbes2),
      sequence(
        sequence(oid(oids.pbkdf2), derivation),
        sequence(oid(oids.aes256Cbc), octetString(new Uint8Array(vectorOctets))),
      ),
    ),
    octetString(new Uint8Array(16)),
  )
}

test('a round count past the limit, or another form, is refused before any derivation', async () => {
  const invalid = hasCode('private_key_invalid')
  await assert.rejects(decryptPrivateKeyInfo(encryptedWith(maximumIterations + 1), ''), invalid)
  await assert.rejects(decryptPrivateKeyInfo(encryptedWith(0), ''), invalid)
  await assert.rejects(decryptPrivateKeyInfo(encryptedWith(1, 15), ''), invalid)
  await assert.rejects(decryptPrivateKeyInfo(encryptedWith(1, 16, '1.2.840.113549.2.7'), ''), invalid)
  await assert.rejects(decryptPrivateKeyInfo(encryptedWith(1), ''), hasCode('private_key_passphrase_wrong'))
  await assert.rejects(
    encryptPrivateKeyInfo(new Uint8Array(1), '', { ...parameters, iterations: 0 }),
    RangeError,
  )
})

test('bytes that are no private key raise typed errors without key material', () => {
  const der = exportPrivateKeyInfo(generateKeyPairSync('ed25519').privateKey)
  assert.throws(() => importPrivateKey(concat(der, Uint8Array.of(0))), DerError)
  assert.throws(() => importPrivateKey(new Uint8Array(0)), DerError)
  const algorithm = sequence(oid(oids.ed25519))
  assert.throws(
    () => importPrivateKey(sequence(integer(2), algorithm, octetString(new Uint8Array(1)))),
    hasCode('version_unsupported'),
  )
  assert.throws(
    () => importPrivateKey(sequence(integer(0), algorithm, octetString(new Uint8Array(5)))),
    (error) => error instanceof PkiError && error.code === 'private_key_invalid' && error.cause === undefined,
  )
})
