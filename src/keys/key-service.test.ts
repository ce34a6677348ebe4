import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, randomBytes, verify } from 'node:crypto'
import test from 'node:test'
import { testRandom, testSealer } from '../../test/support/sealer.ts'
import { accountId } from '../core/brand.ts'
import type { KeyRecord } from '../core/keys/key-record.ts'
import { sealContexts } from '../core/keys/seal-contexts.ts'
import { SealError } from '../core/keys/sealer.ts'
import { type SignatureAlgorithm, verifySignature } from '../pki/algorithms.ts'
import { defaultSignatureAlgorithm, type KeyKind, keyKinds } from '../pki/key-kinds.ts'
import { SealedKeyService } from './key-service.ts'

const sealer = testSealer()
const service = new SealedKeyService({ sealer, random: testRandom })
const request = { purpose: 'authority' as const, accountId: accountId(7), now: 1_000 }
const message = Buffer.from('to be signed')

for (const kind of keyKinds) {
  test(`a new ${kind} key signs under its usual algorithm what its public half verifies`, async () => {
    const record = await service.generate({ ...request, kind })
    const algorithm = defaultSignatureAlgorithm(kind)
    const signature = await service.signer(record, algorithm).sign(message)
    assert.ok(verifySignature(algorithm, record.spkiDer, message, signature))
    assert.ok(!verifySignature(algorithm, record.spkiDer, Buffer.from('other'), signature))
    const { id, accountId: owner, purpose, wrapping, createdAt } = record
    assert.match(id, /^[0-9a-f]{32}$/)
    assert.deepEqual(
      { kind: record.kind, owner, purpose, wrapping, createdAt },
      { kind, owner: 7, purpose: 'authority', wrapping: 'master', createdAt: 1_000 },
    )
  })
}

test('RSA keys have the size asked for and the exponent 65537', async () => {
  for (const bits of [2048, 3072, 4096] as const) {
    const record = await service.generate({ ...request, kind: `rsa-${bits}` })
    const key = createPublicKey({ key: Buffer.from(record.spkiDer), format: 'der', type: 'spki' })
    assert.equal(key.asymmetricKeyDetails?.modulusLength, bits)
    assert.equal(key.asymmetricKeyDetails?.publicExponent, 65_537n)
  }
})

test('every RSA algorithm signs with its own digest and padding', async () => {
  const record = await service.generate({ ...request, kind: 'rsa-2048' })
  for (const algorithm of [
    'rsa-sha1',
    'rsa-sha256',
    'rsa-sha384',
    'rsa-sha512',
    'rsa-pss-sha256',
    'rsa-pss-sha384',
    'rsa-pss-sha512',
  ] as const) {
    const signature = await service.signer(record, algorithm).sign(message)
    assert.ok(verifySignature(algorithm, record.spkiDer, message, signature), algorithm)
    const other: SignatureAlgorithm = algorithm === 'rsa-sha256' ? 'rsa-sha384' : 'rsa-sha256'
    assert.ok(!verifySignature(other, record.spkiDer, message, signature), algorithm)
  }
})

test('ECDSA and Ed25519 sign at once, RSA and ML-DSA on a thread', async () => {
  const atOnce: readonly KeyKind[] = ['p-256', 'p-384', 'p-521', 'ed25519']
  for (const kind of [...atOnce, 'rsa-2048', 'ml-dsa-44'] as const) {
    const record = await service.generate({ ...request, kind })
    const signature = service.signer(record, defaultSignatureAlgorithm(kind)).sign(message)
    assert.equal(signature instanceof Uint8Array, atOnce.includes(kind), kind)
    await signature
  }
})

test('a message whose hash takes milliseconds is signed on a thread whatever the key', async () => {
  for (const kind of ['p-256', 'ed25519'] as const) {
    const record = await service.generate({ ...request, kind })
    const algorithm = defaultSignatureAlgorithm(kind)
    const large = Buffer.alloc(1 << 20, 7)
    const signing = service.signer(record, algorithm).sign(large)
    assert.ok(signing instanceof Promise, kind)
    assert.ok(verifySignature(algorithm, record.spkiDer, large, await signing), kind)
  }
})

test('an algorithm that does not fit the kind of key makes no signer', async () => {
  const record = await service.generate({ ...request, kind: 'p-256' })
  for (const algorithm of ['ecdsa-sha384', 'rsa-sha256', 'ed25519', 'ml-dsa-44'] as const) {
    assert.throws(() => service.signer(record, algorithm), RangeError)
  }
})

test('a signer is remembered, forgotten on demand, and never served to a record that differs', async () => {
  const record = await service.generate({ ...request, kind: 'p-256' })
  const other = await service.generate({ ...request, kind: 'p-256' })
  const first = service.signer(record, 'ecdsa-sha256')
  assert.equal(service.signer({ ...record }, 'ecdsa-sha256'), first)
  const changes: readonly Partial<KeyRecord>[] = [
    { purpose: 'subscriber' },
    { purpose: 'ocsp-responder' },
    { accountId: accountId(8) },
    { kind: 'p-384' },
    { wrapping: 'vault' },
    { spkiDer: other.spkiDer },
    { sealed: other.sealed },
  ]
  for (const change of changes) {
    const changed = { ...record, ...change }
    assert.throws(() => service.signer(changed, 'ecdsa-sha256'), SealError, Object.keys(change).join())
    assert.throws(() => service.exportPrivateKey(changed), SealError, Object.keys(change).join())
  }
  assert.throws(() => service.exportPrivateKey({ ...record, id: other.id }), SealError)
  service.forget(record.id)
  assert.notEqual(service.signer(record, 'ecdsa-sha256'), first)
})

test('a record whose envelope was sealed anew is opened anew', async () => {
  const record = await service.generate({ ...request, kind: 'p-256' })
  const first = service.signer(record, 'ecdsa-sha256')
  const copy = Buffer.from(record.sealed)
  assert.equal(service.signer({ ...record, sealed: copy }, 'ecdsa-sha256'), first)
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  assert.throws(() => service.signer({ ...record, sealed: copy }, 'ecdsa-sha256'), SealError)
})

test('P15 a vault-wrapped key opens with its vault key alone', async () => {
  const vaultKey = randomBytes(32)
  const record = await service.generate({ ...request, purpose: 'subscriber', kind: 'p-256', vaultKey })
  assert.equal(record.wrapping, 'vault')
  const signature = await service.signer(record, 'ecdsa-sha256', vaultKey).sign(message)
  assert.ok(verifySignature('ecdsa-sha256', record.spkiDer, message, signature))
  assert.throws(() => service.signer(record, 'ecdsa-sha256'), SealError)
  assert.throws(() => service.signer(record, 'ecdsa-sha256', randomBytes(32)), SealError)
  assert.throws(() => service.exportPrivateKey(record), SealError)
  assert.throws(() => service.exportPrivateKey(record, randomBytes(32)), SealError)
  assert.throws(() => service.exportPrivateKey({ ...record, wrapping: 'master' }, vaultKey), SealError)
})

test('an exported key is PKCS#8 DER of the same key, and appears nowhere in its record', async () => {
  const vaultKey = randomBytes(32)
  for (const [kind, vault] of [
    ['rsa-2048', vaultKey],
    ['p-256', undefined],
    ['ed25519', vaultKey],
    ['ml-dsa-65', undefined],
  ] as const) {
    const wanted = { ...request, kind, purpose: 'subscriber' as const }
    const record = await service.generate(vault === undefined ? wanted : { ...wanted, vaultKey: vault })
    const pkcs8 = Buffer.from(service.exportPrivateKey(record, vault))
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    const spkiDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
    assert.deepEqual(spkiDer, Buffer.from(record.spkiDer))
    assert.ok(!Buffer.from(record.sealed).includes(pkcs8.subarray(-24)))
  }
})

test('an envelope that opens and holds no private key is a SealError', async () => {
  const record = await service.generate({ ...request, kind: 'p-256' })
  const sealed = sealer.seal(Buffer.from('no key'), sealContexts.privateKey(record))
  assert.throws(() => service.signer({ ...record, sealed }, 'ecdsa-sha256'), SealError)
})

test('the number of open keys is bounded, and those pushed out still sign', async () => {
  const small = new SealedKeyService({ sealer, random: testRandom, openKeys: 2 })
  const records = await Promise.all([1, 2, 3].map(() => small.generate({ ...request, kind: 'ed25519' })))
  const signers = records.map((record) => small.signer(record, 'ed25519'))
  const [oldest] = records
  assert.ok(oldest)
  assert.notEqual(small.signer(oldest, 'ed25519'), signers[0])
  const key = createPublicKey({ key: Buffer.from(oldest.spkiDer), format: 'der', type: 'spki' })
  assert.ok(verify(null, message, key, await (signers[0]?.sign(message) ?? new Uint8Array())))
})
