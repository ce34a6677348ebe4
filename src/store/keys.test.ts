import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { aKey, octets } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { keyId } from '../core/brand.ts'

for (const { name, skip, place } of storeKinds) {
  test(`${name}: private keys`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const subscriber = aKey()
    const masters = ['a', 'b', 'c'].map((digit) =>
      aKey({ id: keyId(digit.repeat(32)), purpose: 'authority', wrapping: 'master' }),
    )
    await store.write(function* (tx) {
      for (const key of [subscriber, ...masters]) yield* tx.keys.insert(key)
    })

    await t.test('a key is found by its id and by its public key', async () => {
      assert.deepEqual(await store.read((view) => view.keys.byId(subscriber.id)), subscriber)
      const digest = createHash('sha256').update(subscriber.spkiDer).digest()
      assert.deepEqual(await store.read((view) => view.keys.bySpkiDigest(digest)), subscriber)
    })

    await t.test('another key with the same first octets of its digest is not taken for it', async () => {
      const digest = createHash('sha256').update(subscriber.spkiDer).digest()
      digest[31] = (digest[31] ?? 0) ^ 1
      assert.equal(await store.read((view) => view.keys.bySpkiDigest(digest)), undefined)
    })

    await t.test('keys under the master key are paged by id, and those under a vault left out', async () => {
      const first = await store.read((view) => view.keys.masterWrapped('', 2))
      assert.deepEqual(first, masters.slice(0, 2))
      const second = await store.read((view) => view.keys.masterWrapped('b'.repeat(32), 2))
      assert.deepEqual(second, masters.slice(2))
    })

    await t.test('rewrapping replaces the envelope only', async () => {
      const sealed = octets(300)
      await store.write((tx) => tx.keys.rewrap(subscriber.id, sealed))
      assert.deepEqual(await store.read((view) => view.keys.byId(subscriber.id)), { ...subscriber, sealed })
    })
  })
}
