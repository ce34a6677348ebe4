import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'

for (const { name, skip, place } of storeKinds) {
  test(`${name}: settings and leases`, { skip }, async (t) => {
    const at = await place(t)
    const [store, other] = [await at.open(), await at.open()]

    await t.test('a setting is absent, then what was set last', async () => {
      assert.equal(await store.read((view) => view.runtime.setting('kind')), undefined)
      assert.equal(await store.write((tx) => tx.runtime.holdSetting('kind')), undefined)
      await store.write((tx) => tx.runtime.setSetting('kind', 'production'))
      await store.write((tx) => tx.runtime.setSetting('kind', 'sandbox'))
      assert.equal(await other.read((view) => view.runtime.setting('kind')), 'sandbox')
      assert.equal(await other.write((tx) => tx.runtime.holdSetting('kind')), 'sandbox')
    })

    await t.test('a lease has one holder until it ends or is given back', async () => {
      const take = (of: typeof store, holder: string, now: number) =>
        of.write((tx) => tx.runtime.takeLease('crl', holder, now, now + 100))
      const raced = await Promise.all([take(store, 'a', NOW), take(other, 'b', NOW)])
      assert.equal(raced.filter((taken) => taken).length, 1)
      const [winner, loser] = raced[0] ? ['a', 'b'] : ['b', 'a']
      assert.ok(winner !== undefined && loser !== undefined)
      assert.equal(await take(store, loser, NOW + 99), false)
      assert.equal(await take(store, winner, NOW + 99), true)
      assert.equal(await take(store, loser, NOW + 198), false)
      assert.equal(await take(store, loser, NOW + 199), true)
      await store.write((tx) => tx.runtime.releaseLease('crl', winner))
      assert.equal(await take(store, winner, NOW + 200), false)
      await store.write((tx) => tx.runtime.releaseLease('crl', loser))
      assert.equal(await take(store, winner, NOW + 200), true)
    })

    await t.test('ended leases are dropped, at most as many as asked, and others stay', async () => {
      const take = (lease: string, until: number) =>
        store.write((tx) => tx.runtime.takeLease(lease, 'a', NOW, until))
      for (const lease of ['x', 'y', 'z']) await take(lease, NOW + 10)
      await take('kept', NOW + 5_000)
      const drop = (now: number, limit: number) => other.write((tx) => tx.runtime.dropEndedLeases(now, limit))
      assert.equal(await drop(NOW + 9, 10), 0)
      assert.equal(await drop(NOW + 10, 2), 2)
      assert.equal(await drop(NOW + 10, 10), 1)
      const again = await other.write((tx) => tx.runtime.takeLease('kept', 'b', NOW + 10, NOW + 20))
      assert.equal(again, false)
    })
  })
}
