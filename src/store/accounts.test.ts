import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anAccount, anApiKey, aSession, NOW, octets } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { accountId } from '../core/brand.ts'
import { Fault } from '../core/faults.ts'

for (const { name, skip, place } of storeKinds) {
  test(`${name}: accounts`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()

    await t.test('an account is read back as it was stored, by id and by address', async () => {
      const account = anAccount({ settings: { tinycertKey: 'p-256', sha1: true } })
      assert.equal(await store.write((tx) => tx.accounts.insert(account)), true)
      assert.deepEqual(await store.read((view) => view.accounts.byId(account.id)), account)
      assert.deepEqual(await store.read((view) => view.accounts.byEmail(account.email)), account)
      assert.equal(await store.read((view) => view.accounts.byId(accountId(99))), undefined)
    })

    await t.test('a taken address stores nothing and leaves the other account alone', async () => {
      const second = anAccount({ id: accountId(2), name: 'Second' })
      assert.equal(await store.write((tx) => tx.accounts.insert(second)), false)
      assert.equal(await store.read((view) => view.accounts.byId(second.id)), undefined)
    })

    await t.test('an update replaces all but id and creation', async () => {
      const changed = anAccount({ name: 'New name', status: 'disabled', createdAt: NOW + 5 })
      await store.write((tx) => tx.accounts.update(changed))
      const found = await store.write((tx) => tx.accounts.hold(changed.id))
      assert.deepEqual(found, { ...changed, createdAt: NOW })
    })

    await t.test('ids are drawn once, whatever becomes of them', async () => {
      const drawn = await Promise.all([1, 2, 3].map(() => store.write((tx) => tx.accounts.nextId())))
      assert.equal(new Set(drawn).size, 3)
    })

    await t.test('pages go by id and end', async () => {
      for (const id of [10, 11, 12]) {
        await store.write((tx) =>
          tx.accounts.insert(anAccount({ id: accountId(id), email: `${id}@example.test` })),
        )
      }
      const page = await store.read((view) => view.accounts.page(9, 2))
      assert.deepEqual(
        page.map(({ id }) => id),
        [10, 11],
      )
      assert.equal((await store.read((view) => view.accounts.page(11, 2))).length, 1)
    })

    await t.test('a row that none of our writers stored is account_corrupt, not a crash', async () => {
      const rows = [
        `update account set settings = '{"tinycertKey":"rsa-512"}' where id = 10`,
        `update account set settings = 'no JSON' where id = 10`,
        `update account set settings = '{}', status = 'root' where id = 10`,
        `update account set status = 'active',
           passphrase_parameters = '{"algorithm":"argon2id","memoryKiB":99999999,"passes":1,"lanes":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA=="}'
         where id = 10`,
      ]
      for (const row of rows) {
        await at.query(row)
        await assert.rejects(
          async () => store.read((view) => view.accounts.byId(accountId(10))),
          (error) => error instanceof Fault && error.code === 'account_corrupt',
          row,
        )
      }
    })

    await t.test('a session lives until it is removed', async () => {
      const session = aSession()
      await store.write((tx) => tx.accounts.insertSession(session))
      await store.write((tx) => tx.accounts.touchSession(session.tokenDigest, NOW + 7))
      const found = await store.read((view) => view.accounts.session(session.tokenDigest))
      assert.deepEqual(found, { ...session, lastUsedAt: NOW + 7 })
      assert.equal(await store.read((view) => view.accounts.session(octets(32))), undefined)
      assert.equal(await store.write((tx) => tx.accounts.removeSession(session.tokenDigest)), true)
      assert.equal(await store.write((tx) => tx.accounts.removeSession(session.tokenDigest)), false)
    })

    await t.test('idle sessions go first by their last use, and all of an account at once', async () => {
      for (const lastUsedAt of [NOW - 30, NOW - 20, NOW - 10, NOW]) {
        await store.write((tx) => tx.accounts.insertSession(aSession({ lastUsedAt })))
      }
      await store.write((tx) => tx.accounts.insertSession(aSession({ accountId: accountId(11) })))
      assert.equal(await store.write((tx) => tx.accounts.removeIdleSessions(NOW - 5, 2)), 2)
      assert.equal(await store.write((tx) => tx.accounts.removeIdleSessions(NOW - 5, 2)), 1)
      assert.equal(await store.write((tx) => tx.accounts.removeSessionsOf(accountId(1))), 1)
      assert.equal(await store.write((tx) => tx.accounts.removeSessionsOf(accountId(11))), 1)
    })

    await t.test('an API key is found by its public part and revoked once, by its account only', async () => {
      const key = anApiKey({ role: 'limited', restriction: 'view', endDate: '2027-01-01' })
      await store.write((tx) => tx.accounts.insertApiKey(key))
      assert.deepEqual(await store.read((view) => view.accounts.apiKey(key.publicId)), key)
      assert.deepEqual(await store.read((view) => view.accounts.apiKeysOf(accountId(1))), [key])
      const revoke = (account: number) =>
        store.write((tx) => tx.accounts.revokeApiKey(accountId(account), key.publicId, NOW + 1))
      assert.deepEqual([await revoke(11), await revoke(1), await revoke(1)], [false, true, false])
      const revoked = await store.read((view) => view.accounts.apiKey(key.publicId))
      assert.equal(revoked?.revokedAt, NOW + 1)
    })
  })
}
