import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { suiteEngine } from '../../../test/support/engine.ts'
import { testCaller } from '../../../test/support/installation.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import type { Engine } from '../engine.ts'
import { isFault } from '../faults.ts'
import { changePolicy } from '../identity/change-policy.ts'
import { createTenant } from '../identity/create-tenant.ts'
import { identify } from '../identity/principal.ts'
import { createSubaccount } from './create-subaccount.ts'
import { subaccounts } from './subaccount.ts'

for (const kind of storeKinds) {
  describe(`subaccounts on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)

    async function parent(email: string) {
      const { account, apiKey } = await createTenant(engine(), { email, name: 'Parent' }, testCaller)
      await changePolicy(engine(), account.id, { subaccounts: true }, testCaller)
      return identify(engine(), apiKey, 'request')
    }

    const below = (by: Awaited<ReturnType<typeof parent>>) =>
      engine().store.read((view) =>
        view.collection(subaccounts).list({ accountId: by.account.id, where: [], offset: 0, limit: 10 }),
      )

    test('a process that ends after the account was stored leaves it with its parent', async () => {
      const by = await parent('first@example.test')
      const cutOff: Engine = {
        ...engine(),
        keyService: {
          ...engine().keyService,
          generate: () => Promise.reject(new Error('cut off')),
        },
      }
      const request = { name: 'Below', email: 'below@example.test' }
      await assert.rejects(createSubaccount(cutOff, by, request, testCaller), /cut off/)
      const { items } = await below(by)
      assert.deepEqual(
        items.map(({ name, email }) => ({ name, email })),
        [request],
      )
      await assert.rejects(createSubaccount(engine(), by, request, testCaller), (error) =>
        isFault(error, 'account_exists'),
      )
    })

    test('an account that exists is not linked to whoever asks for its address', async () => {
      const by = await parent('second@example.test')
      const request = { name: 'Taken', email: 'second@example.test' }
      await assert.rejects(createSubaccount(engine(), by, request, testCaller), (error) =>
        isFault(error, 'account_exists'),
      )
      assert.equal((await below(by)).total, 0)
    })
  })
}
