import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orders } from '../../../src/core/orders/orders.ts'
import { validateOrganization } from '../../../src/core/organizations/validate-organization.ts'
import { tellingHolds } from '../../support/held.ts'
import { testCaller } from '../../support/installation.ts'
import { Shop } from './issued-orders.ts'
import { orderBody, testOrganization } from './ordering.ts'

const mostAtOnce = 100

test('every order that waits for an organization is made due, a hundred in a transaction', async (scope) => {
  const shop = await Shop.open(scope)
  const { tenant } = shop
  const organizationId = await testOrganization(tenant, [])
  const answer = await tenant.post('/order/certificate/ssl_multi_domain', await orderBody(organizationId))
  assert.equal(answer.status, 201, answer.text)
  await shop.service.engine.store.write(function* (transaction) {
    const rows = transaction.collection(orders)
    const order = yield* rows.byId(tenant.accountId, answer.json().id)
    if (order === undefined) throw new Error('the order is there')
    yield* rows.replace({ ...order, dueAt: null })
    for (let count = 0; count <= mostAtOnce; count++) {
      yield* rows.insert({ ...order, id: yield* rows.nextId(), dueAt: null })
    }
  })
  const { engine, transactions } = tellingHolds(shop.service.engine)
  const { woken } = await validateOrganization(engine, organizationId, { types: ['ov'] }, testCaller)
  assert.equal(woken.length, mostAtOnce + 2)
  const now = engine.clock.now()
  const due = await engine.store.read((view) =>
    view.collection(orders).anyBetween('due_at', now, now, 0, 500),
  )
  assert.deepEqual(
    due.map(({ id }) => id),
    woken,
  )
  assert.deepEqual(
    transactions.map((held) => held.length),
    [1, mostAtOnce, 2],
  )
})
