import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import { type AnyFault, isFault } from '../../src/core/faults.ts'
import { keyListDigest, parseKeyList } from '../../src/core/policy/keys/key-list.ts'
import * as der from '../../src/pki/der/writer.ts'
import { keyKinds } from '../../src/pki/key-kinds.ts'
import { oids } from '../../src/pki/oids.ts'
import { parseSubjectPublicKeyInfo } from '../../src/pki/spki.ts'
import { type KeyPair, p256, request, rsa, spkiOf } from '../support/certification-requests.ts'
import { corpusEntries, corpusFile, skipWithout } from '../support/corpora.ts'
import { suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { csrWish, type Door, doorOf, refused, testAuthority } from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { takesLessThan } from '../support/quick.ts'
import { storeKinds } from '../support/stores.ts'

const allowed = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384']
const modulus = BigInt(
  `0x${Buffer.from(rsa.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`,
)

/** DER of an RSA subjectPublicKeyInfo with any numbers. */
const rsaSpki = (n: bigint, e = 65537n): Uint8Array =>
  der.sequence(
    der.sequence(der.oid(oids.rsaEncryption), der.nullValue()),
    der.bitString(der.sequence(der.integer(n), der.integer(e))),
  )

/** A request for a key whose private half is not at hand: who checks the proof first says so. */
const unproven = (spki: Uint8Array): Uint8Array => request({ spki })

const keyOf = (corpus: string, file: string): Uint8Array => {
  const text = Buffer.from(corpusFile(corpus, file)).toString()
  if (!text.includes('-----BEGIN')) return rsaSpki(BigInt(text.trim()))
  const pem = text.slice(text.indexOf('-----BEGIN'))
  return new Uint8Array(createPublicKey(pem).export({ format: 'der', type: 'spki' }))
}

const weak = (weakness: Extract<AnyFault, { code: 'key_weak' }>['detail']['weakness']) =>
  refused({ code: 'key_weak', detail: { weakness } })

const secp256k1: KeyPair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const rsa1024: KeyPair = generateKeyPairSync('rsa', { modulusLength: 1024 })

for (const kind of storeKinds) {
  describe(`keys of requests at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let own: Awaited<ReturnType<typeof testAccount>>
    let door: Door
    before(async () => {
      own = await testAccount(engine())
      door = doorOf(engine(), own.issuing)
    })

    test('K12 explicit curve parameters are refused, in a proven request too', async () => {
      const pem = await opensslText([
        ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
        ...['-pkeyopt', 'ec_param_enc:explicit', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=x'],
      ])
      assert.deepEqual(await door.refusal(csrWish(pem)), weak('explicit-curve'))
    })

    test('K13 a point that is not on its curve is refused', async () => {
      const spki = spkiOf(p256)
      spki[spki.length - 1] = (spki.at(-1) ?? 0) ^ 1
      assert.deepEqual(await door.refusal(csrWish(unproven(spki))), weak('point'))
    })

    test('K14 other curves are refused with the list of what is allowed, P-521 by setting only', async () => {
      const typeRefused = (received: string) =>
        refused({ code: 'key_type_refused', detail: { received, allowed } })
      assert.deepEqual(await door.refusal(csrWish(request({ keys: secp256k1 }))), typeRefused('secp256k1'))
      for (const [namedCurve, name] of [
        ['secp224r1', 'P-224'],
        ['brainpoolP256r1', 'brainpoolP256r1'],
        ['brainpoolP384r1', 'brainpoolP384r1'],
      ] as const) {
        const keys = generateKeyPairSync('ec', { namedCurve })
        assert.deepEqual(await door.refusal(csrWish(unproven(spkiOf(keys)))), typeRefused(name))
      }
      const p521 = request({
        keys: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
        algorithm: 'ecdsa-sha512',
      })
      assert.deepEqual(await door.refusal(csrWish(p521)), typeRefused('p-521'))
      const wide = await testAuthority(engine(), own.account.id, { keyKinds: ['p-521'] })
      await doorOf(engine(), wide).issue(csrWish(p521))
    })

    test('K15 RSA moduli of 1024 and 2047 bits are refused with their size', async () => {
      const sizeRefused = (bits: number) =>
        refused({ code: 'key_size_refused', detail: { bits, allowed: [2048, 3072, 4096] } })
      const proven = request({ keys: rsa1024, algorithm: 'rsa-sha256' })
      assert.deepEqual(await door.refusal(csrWish(proven)), sizeRefused(1024))
      const short = unproven(rsaSpki(modulus >> 1n))
      assert.deepEqual(await door.refusal(csrWish(short)), sizeRefused(2047))
      await door.issue(csrWish(request({ keys: rsa, algorithm: 'rsa-sha256' })))
    })

    test('K16 an RSA modulus of 16,384 bits is refused by its size in under 50 ms', async () => {
      const csr = unproven(rsaSpki((1n << 16_383n) + (modulus | 1n)))
      assert.deepEqual(
        await door.refusal(csrWish(csr)),
        refused({ code: 'key_size_refused', detail: { bits: 16_384, allowed: [2048, 3072, 4096] } }),
      )
      await takesLessThan(50, () => assert.rejects(door.issue(csrWish(csr))))
    })

    test('K17 RSA exponents other than 65537 are refused', async () => {
      for (const exponent of [1n, 2n, 3n, 65536n, 65539n, (1n << 64n) + 1n]) {
        assert.deepEqual(await door.refusal(csrWish(unproven(rsaSpki(modulus, exponent)))), weak('exponent'))
      }
      const three = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
      const proven = request({ keys: three, algorithm: 'rsa-sha256' })
      assert.deepEqual(await door.refusal(csrWish(proven)), weak('exponent'))
    })

    const rocaFiles = skipWithout('roca') ? [] : corpusEntries('roca').filter((entry) => entry.kind === 'key')
    test('K18 keys with the ROCA fingerprint are refused by that name', {
      skip: skipWithout('roca'),
    }, async () => {
      let judged = 0
      for (const { file, expect } of rocaFiles) {
        const spki = keyOf('roca', file)
        const { code, detail } = await door.refusal(csrWish(unproven(spki)))
        // Keys that are too short, or clean and unproven, are refused for that.
        if (code === 'key_size_refused') continue
        assert.deepEqual({ code, detail }, expect === 'reject' ? weak('roca') : { code, detail })
        assert.equal(
          code === 'key_weak' && 'weakness' in detail && detail.weakness === 'roca',
          expect === 'reject',
        )
        judged += 1
      }
      assert.ok(judged > 0)
      assert.deepEqual(await door.refusal(csrWish(unproven(keyOf('badkeys', 'rsa-roca.key')))), weak('roca'))
    })

    test('K19 a Debian weak key on the operator’s list is refused', {
      skip: skipWithout('debian-weak'),
    }, async () => {
      for (const [corpus, file] of [
        ['debian-weak', 'debian-rsa2048-amd64-noreadrnd-pid1003.pub.pem'],
        ['badkeys', 'rsa-debianweak.key'],
      ] as const) {
        const spki = keyOf(corpus, file)
        const listed = doorOf(withList(engine(), 'debian', spki), own.issuing)
        assert.deepEqual(await listed.refusal(csrWish(unproven(spki))), weak('debian'))
        // Without the list the proof is the first to fail: the check is the list's.
        assert.equal((await door.refusal(csrWish(unproven(spki)))).code, 'csr_algorithm_refused')
      }
    })

    test('K19 a proven key is refused once it is on a list, EC keys by their point', async () => {
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const listed = doorOf(withList(engine(), 'published', spkiOf(keys)), own.issuing)
      assert.deepEqual(await listed.refusal(csrWish(request({ keys }))), weak('published'))
      await door.issue(csrWish(request({ keys })))
    })

    test('K20 keys that Fermat factoring breaks are refused', { skip: skipWithout('badkeys') }, async () => {
      const proven = corpusFile('badkeys', 'rsa-fermat.csr')
      assert.deepEqual(await door.refusal(csrWish(proven)), weak('fermat'))
      const key = keyOf('badkeys', 'rsa-fermat-pkcs8.key')
      assert.deepEqual(await door.refusal(csrWish(unproven(key))), weak('fermat'))
    })

    test('K21 moduli with a prime factor below 752 are refused', {
      skip: skipWithout('badkeys'),
    }, async () => {
      for (const file of ['rsa-smallfactors-valid.key', 'rsa-smallfactors-corrupt.key']) {
        assert.deepEqual(await door.refusal(csrWish(unproven(keyOf('badkeys', file)))), weak('small-factor'))
      }
    })

    test('K21 every prime below 752 is found', async () => {
      for (const prime of [3n, 5n, 7n, 743n, 751n]) {
        let multiple = (modulus / prime) * prime
        if (multiple % 2n === 0n) multiple -= prime
        assert.deepEqual(await door.refusal(csrWish(unproven(rsaSpki(multiple)))), weak('small-factor'))
      }
    })

    test('K22 a key proven to be compromised is refused for every account, CA and profile', async () => {
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const csr = request({ keys })
      const issued = await door.issue(csrWish(csr))
      const other = await testAccount(engine(), `grace-${kind.name}@example.test`)
      const otherDoor = doorOf(engine(), other.issuing)
      const sibling = await otherDoor.issue(csrWish(csr))
      await changeStatus(
        engine(),
        {
          accountId: own.account.id,
          certificateId: issued.id,
          to: 'revoked',
          reason: 1,
          proof: 'certificate-key',
        },
        testCaller,
      )
      const compromised = refused({ code: 'key_compromised', detail: {} })
      for (const profile of ['tls-server', 'tls-mutual', 'tls-client', 'tinycert-leaf']) {
        assert.deepEqual(await door.refusal(csrWish(csr, { profile })), compromised)
        assert.deepEqual(await otherDoor.refusal(csrWish(csr, { profile })), compromised)
      }
      const reissue = { accountId: other.account.id, certificateId: sibling.id, origin: 'tinycert' } as const
      await assert.rejects(reissueCertificate(engine(), reissue, testCaller), (error) =>
        isFault(error, 'key_compromised'),
      )
      await otherDoor.issue()
    })

    test('K23 keys of other types are refused by type, and those that cannot sign never pass', async () => {
      const wide = doorOf(
        engine(),
        await testAuthority(engine(), own.account.id, { keyKinds: ['ed25519', 'ml-dsa-65'] }),
      )
      const ed25519 = request({ keys: generateKeyPairSync('ed25519'), algorithm: 'ed25519' })
      const mlDsa = request({ keys: generateKeyPairSync('ml-dsa-65'), algorithm: 'ml-dsa-65' })
      for (const csr of [ed25519, mlDsa]) {
        assert.equal((await door.refusal(csrWish(csr))).code, 'key_type_refused')
        await wide.issue(csrWish(csr))
      }
      const diffieHellman = der.sequence(
        der.sequence(der.oid('1.2.840.113549.1.3.1'), der.sequence(der.integer(modulus), der.integer(2))),
        der.bitString(der.integer(modulus >> 1n)),
      )
      for (const spki of [
        spkiOf(generateKeyPairSync('x25519')),
        spkiOf(generateKeyPairSync('x448')),
        spkiOf(generateKeyPairSync('ml-kem-768')),
        diffieHellman,
      ]) {
        const csr = unproven(spki)
        for (const each of [door, wide]) {
          assert.equal((await each.refusal(csrWish(csr))).code, 'key_type_refused')
        }
      }
    })

    test('K23 keys that a profile does not allow are not made here either', async () => {
      const make = (each: (typeof keyKinds)[number]) => ({ key: { from: 'server', kind: each } }) as const
      for (const each of keyKinds.filter((one) => !allowed.includes(one))) {
        assert.deepEqual(
          await door.refusal(make(each)),
          refused({ code: 'key_type_refused', detail: { received: each, allowed } }),
        )
      }
      const bare = doorOf(engine(), await testAuthority(engine(), own.account.id, {}))
      assert.equal((await bare.refusal(make('p-256'))).code, 'server_keys_not_allowed')
    })
  })
}

/** The same engine after the operator gave it a list with this key. */
function withList(engine: TestEngine, weakness: 'debian' | 'published', spkiDer: Uint8Array): TestEngine {
  const digest = Buffer.from(keyListDigest(parseSubjectPublicKeyInfo(spkiDer))).toString('hex')
  const list = parseKeyList('operator', `chancery-key-list 1\nweakness ${weakness}\nentries 1\n${digest}\n`)
  return { ...engine, keyLists: [...engine.keyLists, list] }
}
