import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderRequests } from '../../../src/core/orders/orders.ts'
import { footprint } from '../../support/engine.ts'
import { storeKinds } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { duplicate } from './duplicates.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, silentNetwork, testOperator } from './ordering.ts'
import { TestService } from './service.ts'

const limits = { maximumReissues: 2, maximumDuplicates: 3 }

async function openShop(scope: Scope): Promise<Shop> {
  const service = await TestService.start(scope, { outside: silentNetwork, settings: limits })
  await testOperator(service)
  return Shop.of(service, 'ada@example.test')
}

const reissue = async ({ tenant }: Shop, id: number, rest: object = {}) =>
  tenant.post(`/order/certificate/${id}/reissue`, {
    certificate: { csr: await csrPem() },
    skip_approval: true,
    ...rest,
  })

test('an order has as many reissues as the setting says, and nothing is signed for one more', async (scope) => {
  const shop = await openShop(scope)
  const { id } = await shop.order()
  for (let count = 0; count < limits.maximumReissues; count++) {
    assert.equal((await reissue(shop, id)).status, 201)
  }
  const before = await footprint(shop.service.engine)
  for (const rest of [{}, { skip_approval: false }]) {
    const refused = await reissue(shop, id, rest)
    assert.deepEqual([refused.status, refused.codes()], [400, ['invalid_value:order_id']])
  }
  assert.deepEqual(await footprint(shop.service.engine), before)
  const info = await shop.info(id)
  assert.deepEqual([info.status, info.reissues_count], ['issued', limits.maximumReissues])
})

test('reissues that were rejected count for the limit', async (scope) => {
  const shop = await openShop(scope)
  const { id } = await shop.order()
  for (let count = 0; count < limits.maximumReissues; count++) {
    const { requests } = (await reissue(shop, id, { skip_approval: false })).json()
    await shop.tenant.put(`/request/${requests[0].id}/status`, { status: 'rejected' })
  }
  assert.deepEqual((await reissue(shop, id)).codes(), ['invalid_value:order_id'])
})

test('an order has as many duplicates as the setting says, reissues stored as duplicates among them', async (scope) => {
  const shop = await openShop(scope)
  const { id } = await shop.order()
  assert.equal((await reissue(shop, id, { store_reissue_as_duplicate: true })).status, 201)
  for (let count = 1; count < limits.maximumDuplicates; count++) {
    assert.equal((await duplicate(shop, id)).status, 201)
  }
  assert.deepEqual((await duplicate(shop, id)).codes(), ['order_not_eligible_for_duplicate'])
  const stored = await reissue(shop, id, { store_reissue_as_duplicate: true })
  assert.deepEqual(stored.codes(), ['order_not_eligible_for_duplicate'])
  assert.equal((await reissue(shop, id)).status, 201, 'a reissue has room of its own')
})

for (const kind of storeKinds) {
  test(`an order with more requests than are shown shows the latest ones, on ${kind.name}`, {
    skip: kind.skip,
  }, async (scope) => {
    const shop = await Shop.open(scope, kind)
    const { id, requestId, certificateId } = await shop.order()
    const { accountId } = shop.tenant
    await shop.service.engine.store.write(function* (transaction) {
      const rows = transaction.collection(orderRequests)
      const first = yield* rows.byId(accountId, requestId)
      assert.ok(first !== undefined)
      for (let count = 0; count < 1_000; count++) {
        yield* rows.insert({ ...first, id: yield* rows.nextId(), status: 'rejected' })
      }
    })
    const asked = await shop.tenant.put(`/certificate/${certificateId}/revoke`, { comments: 'lost' })
    assert.equal(asked.status, 201, asked.text)
    const { requests, has_pending_request: isPending } = await shop.info(id)
    assert.deepEqual([requests.length, requests.at(-1).id, isPending], [1_000, asked.json().id, true])
  })
}
