import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { suiteEngine, type TestEngine } from '../../../test/support/engine.ts'
import { testCaller } from '../../../test/support/installation.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { AccountId } from '../brand.ts'
import { containers } from './container.ts'
import { createTenant } from './create-tenant.ts'
import { identify } from './principal.ts'
import { users } from './user.ts'

function peopleOf(engine: TestEngine, accountId: AccountId) {
  return engine.store.read(function* (view) {
    const all = { accountId, where: [], offset: 0, limit: 10 }
    return {
      users: (yield* view.collection(users).list(all)).items,
      containers: (yield* view.collection(containers).list(all)).items,
    }
  })
}

for (const kind of storeKinds) {
  describe(`tenants on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)

    test('a new tenant has CAs, a root container, and an administrator whose key is the account’s', async () => {
      const tenant = await createTenant(engine(), { email: 'ada@example.test', name: 'Ada' }, testCaller)
      const principal = await identify(engine(), tenant.apiKey, 'request')
      assert.equal(principal.user.id, tenant.administrator.id)
      assert.deepEqual(principal.rights, {
        roles: ['administrator'],
        restriction: null,
        seesWholeAccount: true,
      })
      assert.deepEqual(principal.scope, { containerIds: null, ownerId: null })
      assert.equal(tenant.rootContainer.parentId, null)
      assert.equal(tenant.authorities.issuing.accountId, tenant.account.id)
    })

    test('an account without tenant gets one at the first use of its key, one for all uses at once', async () => {
      const { account, apiKey } = await createAccount(engine(), { email: 'bob@example.test' }, testCaller)
      const principals = await Promise.all([1, 2, 3, 4].map(() => identify(engine(), apiKey, 'request')))
      assert.equal(new Set(principals.map(({ user }) => user.id)).size, 1)
      const people = await peopleOf(engine(), account.id)
      assert.equal(people.users.length, 1)
      assert.equal(people.containers.length, 1)
    })

    test('an address that is somebody’s user name already keeps no account from being a tenant', async () => {
      const first = await createTenant(engine(), { email: 'carl@example.test' }, testCaller)
      await engine().store.write(function* (transaction) {
        yield* transaction
          .collection(users)
          .replace({ ...first.administrator, username: 'dora@example.test' })
      })
      const { account, administrator } = await createTenant(
        engine(),
        { email: 'dora@example.test' },
        testCaller,
      )
      assert.equal(administrator.username, `dora@example.test-${account.id}`)
    })
  })
}
