import assert from 'node:assert/strict'
import { argon2Sync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { isFault } from '../core/faults.ts'
import { SealError } from '../core/keys/sealer.ts'
import { Argon2PassphraseKeys } from './passphrase-keys.ts'

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const cheap = { memoryKiB: 64, passes: 1, lanes: 1 }

test('new passphrases are stretched with at least 64 MiB, 3 passes, 4 lanes and a fresh salt of 16 octets', () => {
  const keys = new Argon2PassphraseKeys({ random })
  const [one, two] = [keys.newParameters(), keys.newParameters()]
  assert.deepEqual(
    { ...one, salt: one.salt.length },
    {
      algorithm: 'argon2id',
      memoryKiB: 65_536,
      passes: 3,
      lanes: 4,
      salt: 16,
    },
  )
  assert.notDeepEqual(one.salt, two.salt)
})

test('a key is the argon2id tag of the UTF-8 text under the stored parameters', async (context) => {
  const keys = new Argon2PassphraseKeys({ random })
  context.after(() => keys.close())
  for (const passphrase of ['open *sesame* ~ now!', '開けゴマ 😀', '']) {
    const parameters = keys.newParameters()
    const salt = Buffer.from(parameters.salt)
    const expected = argon2Sync('argon2id', {
      message: Buffer.from(passphrase),
      nonce: parameters.salt,
      parallelism: 4,
      tagLength: 32,
      memory: 65_536,
      passes: 3,
    })
    assert.deepEqual(Buffer.from(await keys.derive(passphrase, parameters)), expected)
    assert.deepEqual(Buffer.from(parameters.salt), salt, 'the caller keeps the salt')
  }
})

test('X5 of 200 derivations at once a bounded number waits and the others are refused as overload', async (context) => {
  const keys = new Argon2PassphraseKeys({ random, cost: cheap, parallel: 2, waiting: 10 })
  context.after(() => keys.close())
  const parameters = keys.newParameters()
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, () => keys.derive('passphrase', parameters)),
  )
  const refused = results.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 200 - 2 - 10)
  for (const { reason } of refused) assert.ok(isFault(reason, 'overloaded') && reason.detail.retryAfterMs > 0)
  await keys.derive('passphrase', parameters)
})

test('X5 who waited too long is refused instead of being served late', async (context) => {
  const keys = new Argon2PassphraseKeys({ random, cost: cheap, parallel: 1, waitMs: -1 })
  context.after(() => keys.close())
  await assert.rejects(keys.derive('passphrase', keys.newParameters()), (error) =>
    isFault(error, 'overloaded'),
  )
})

test('X5 files are read while derivations occupy every thread of theirs', async (context) => {
  const keys = new Argon2PassphraseKeys({
    random,
    parallel: 8,
    cost: { memoryKiB: 65_536, passes: 6, lanes: 1 },
  })
  context.after(() => keys.close())
  let ended = 0
  const parameters = keys.newParameters()
  const derivations = Array.from({ length: 8 }, async () => {
    await keys.derive('passphrase', parameters)
    ended++
  })
  await readFile(import.meta.filename)
  assert.equal(ended, 0)
  await Promise.all(derivations)
})

test('stored parameters outside every sensible bound are refused before any memory is taken', async (context) => {
  const keys = new Argon2PassphraseKeys({ random })
  context.after(() => keys.close())
  const good = { algorithm: 'argon2id', ...cheap, salt: random.bytes(16) } as const
  await keys.derive('passphrase', good)
  for (const wrong of [
    { memoryKiB: 1_048_577 },
    { memoryKiB: 7 },
    { memoryKiB: 64.5 },
    { passes: 0 },
    { passes: 17 },
    { lanes: 0 },
    { lanes: 17 },
    { salt: random.bytes(15) },
    { salt: random.bytes(65) },
    { passes: Number.NaN },
  ]) {
    await assert.rejects(keys.derive('passphrase', { ...good, ...wrong }), SealError)
  }
})

test('after closing, waiting and new callers are refused', async () => {
  const keys = new Argon2PassphraseKeys({ random, cost: cheap, parallel: 1 })
  const parameters = keys.newParameters()
  const derivations = Array.from({ length: 3 }, () => keys.derive('passphrase', parameters))
  const results = Promise.allSettled(derivations)
  await keys.close()
  assert.ok((await results).slice(1).every(({ status }) => status === 'rejected'))
  await assert.rejects(keys.derive('passphrase', parameters), (error) => isFault(error, 'overloaded'))
})
