import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookAtDomains } from '../../../src/core/domains/look-again.ts'
import { vouchForDomain } from '../../../src/core/domains/vouch-domain.ts'
import { wakeSomeOrders } from '../../../src/core/domains/wake-orders.ts'
import type { Engine } from '../../../src/core/engine.ts'
import { orders } from '../../../src/core/orders/orders.ts'
import { tellingHolds } from '../../support/held.ts'
import { testCaller } from '../../support/installation.ts'
import { startInternet } from '../../support/internet.ts'
import { type StoreKind, storeKinds } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

const minuteMs = 60_000
const ORDERS_A_PAGE = 100
const MANY = 2 * ORDERS_A_PAGE + 50

const lookTwice = async (engine: Engine) => {
  const look = () => lookAtDomains(engine, 100, new AbortController().signal)
  return [await look(), await look()]
}

/** A domain without proof, and many orders that wait for it. */
async function place(scope: Scope, kind?: StoreKind, spreadMs = 0) {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, {
    outside: internet.outside,
    ...(kind !== undefined && { kind }),
  })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant)
  const body = await orderBody(
    undefined,
    { common_name: 'a.shop.example.com' },
    { dcv_method: 'dns-txt-token' },
  )
  const placed = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
  assert.equal(placed.status, 201, placed.text)
  const waiting: number[] = []
  await service.engine.store.write(function* (transaction) {
    const rows = transaction.collection(orders)
    const order = yield* rows.byId(tenant.accountId, placed.json().id)
    assert.ok(order !== undefined)
    yield* rows.replace({ ...order, dueAt: null })
    waiting.push(order.id)
    while (waiting.length < MANY) {
      const id = yield* rows.nextId()
      yield* rows.insert({
        ...order,
        id,
        dueAt: null,
        createdAt: order.createdAt + spreadMs * waiting.length,
      })
      waiting.push(id)
    }
    const foreign = { ...order.lead, dnsNames: ['a.myshop.example.com'], commonName: 'a.myshop.example.com' }
    yield* rows.insert({ ...order, id: yield* rows.nextId(), lead: foreign, dueAt: null })
    yield* rows.insert({ ...order, id: yield* rows.nextId(), status: 'rejected', dueAt: null })
  })
  const due = async (engine: Engine = service.engine): Promise<readonly number[]> => {
    const now = engine.clock.now()
    return (
      await engine.store.read((view) => view.collection(orders).anyBetween('due_at', 0, now, 0, 1_000))
    ).map(({ id }) => id)
  }
  return { internet, service, tenant, organizationId, waiting, due, orderId: placed.json().id }
}

for (const kind of storeKinds) {
  for (const [how, spreadMs] of [
    ['at once', 0],
    ['one after the other', 1],
  ] as const) {
    test(`every order that was placed ${how} and waits for a domain is woken, some in each transaction, on ${kind.name}`, {
      skip: kind.skip,
    }, async (scope) => {
      const { service, tenant, organizationId, waiting, due } = await place(scope, kind, spreadMs)
      const id = await testDomain(tenant, organizationId, 'shop.example.com', { evidence: null })
      const { engine, transactions } = tellingHolds(service.engine)
      await vouchForDomain(engine, id, testCaller)
      assert.deepEqual(await due(), [])
      assert.deepEqual(await lookTwice(engine), [1, 0])
      assert.deepEqual(await due(), waiting)
      const held = transactions.map(
        (each) => each.filter((row) => row.startsWith('certificate_order')).length,
      )
      assert.ok(Math.max(...held) <= 2 * ORDERS_A_PAGE, `${held}`)
      service.advance(10 * minuteMs)
      await lookTwice(engine)
      const [row] = await service.engine.query(`SELECT due_at FROM domain WHERE id = ${id}`)
      assert.equal(row?.due_at, null, 'nothing is left to do')
    })
  }
}

test('a process that ends between two steps leaves the rest of the orders to the background', async (scope) => {
  const { service, tenant, organizationId, waiting, due } = await place(scope)
  const { engine } = service
  const id = await testDomain(tenant, organizationId, 'shop.example.com', { evidence: null })
  await vouchForDomain(engine, id, testCaller)
  const first = await wakeSomeOrders(engine, { accountId: tenant.accountId, id })
  assert.deepEqual(first, waiting.slice(0, ORDERS_A_PAGE))
  await engine.store.write(function* (transaction) {
    // Issued meanwhile: what comes after it keeps its place.
    const rows = transaction.collection(orders)
    for (const done of waiting.slice(0, 20)) {
      const order = yield* rows.hold(tenant.accountId, done)
      assert.ok(order !== undefined)
      yield* rows.replace({ ...order, status: 'issued', dueAt: null })
    }
  })
  await lookTwice(engine)
  assert.deepEqual(await due(), waiting.slice(20))
})

test('a newer proof while orders are woken wakes them from the first one on', async (scope) => {
  const { service, tenant, organizationId, waiting } = await place(scope)
  const { engine } = service
  const evidence = { name: 'shop.example.com', value: 'v', addresses: [], perspectives: [] }
  const id = await testDomain(tenant, organizationId, 'shop.example.com', {
    evidence: { ...evidence, method: 'dns-txt-token', at: engine.clock.now() - 500 * 86_400_000 },
    wokenTo: { createdAt: engine.clock.now() + 1, id: 1 },
  })
  await vouchForDomain(engine, id, testCaller)
  const first = await wakeSomeOrders(engine, { accountId: tenant.accountId, id })
  assert.deepEqual(first, waiting.slice(0, ORDERS_A_PAGE))
})

test('a proof that was found for an order wakes the others that its domain is enough for', async (scope) => {
  const { internet, service, tenant, organizationId, waiting, due, orderId } = await place(scope)
  await testDomain(tenant, organizationId, 'a.shop.example.com', { evidence: null })
  const { dcv_random_value: value } = (
    await tenant.put(`/order/certificate/${orderId}/dcv-random-value`)
  ).json()
  internet.publishTxt('a.shop.example.com', value)
  const checked = await tenant.put(`/order/certificate/${orderId}/check-dcv`)
  assert.equal(checked.json().order_status, 'issued', checked.text)
  await lookTwice(service.engine)
  assert.deepEqual(await due(), waiting.slice(1))
})

test('orders that wait for a domain go on when it is activated again', async (scope) => {
  const { service, tenant, organizationId, waiting, due } = await place(scope)
  const id = await testDomain(tenant, organizationId, 'shop.example.com', { isActive: false })
  await lookTwice(service.engine)
  assert.deepEqual(await due(), [])
  assert.equal((await tenant.put(`/domain/${id}/activate`)).status, 204)
  await lookTwice(service.engine)
  assert.deepEqual(await due(), waiting)
})
