import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { deleteAuthority } from '../../src/core/authorities/delete-authority.ts'
import { renewAuthority } from '../../src/core/authorities/renew-authority.ts'
import type { AuthorityId } from '../../src/core/brand.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { faultOf } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`renewal of CAs on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let own: Awaited<ReturnType<typeof testAccount>>
    before(async () => {
      own = await testAccount(engine())
    })

    const renew = (by: TestEngine, id: AuthorityId, newKey: boolean) =>
      renewAuthority(by, own.account.id, id, { newKey }, testCaller)
    const statusOf = async (id: AuthorityId) =>
      (await engine().store.read((view) => view.authorities.byId(id)))?.status

    test('a CA that is deleted while it is renewed stays deleted', async () => {
      const { id } = await renew(engine(), own.issuing.id, true)
      const stopAt = async (point: StopPoint) => {
        if (point === 'issue.signed') await deleteAuthority(engine(), own.account.id, id, testCaller)
      }
      assert.equal((await faultOf(renew({ ...engine(), stopAt }, id, false))).code, 'authority_unknown')
      assert.equal(await statusOf(id), 'deleted')
    })

    test('a CA below one that signs no more is not renewed, with its key or a new one', async () => {
      await engine().store.write(function* (transaction) {
        yield* transaction.authorities.setStatus(own.root.id, 'closed')
        transaction.configurationChanged()
      })
      for (const newKey of [false, true]) {
        assert.equal((await faultOf(renew(engine(), own.issuing.id, newKey))).code, 'authority_not_active')
      }
    })
  })
}
