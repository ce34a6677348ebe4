import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountId } from '../../src/core/brand.ts'
import { createTenant } from '../../src/core/identity/create-tenant.ts'
import { callerOf, identify } from '../../src/core/identity/principal.ts'
import { advanceOrder } from '../../src/core/orders/advance-order.ts'
import { orderCertificates, orderRequests, orders } from '../../src/core/orders/orders.ts'
import { placeOrder } from '../../src/core/orders/place-order.ts'
import { productOf } from '../../src/core/products/catalogue.ts'
import { readOrder } from '../../src/faces/certcentral/orders/order-body.ts'
import { Reader } from '../../src/faces/certcentral/reader.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { openEngine, type TestEngine, testRequest } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { insertOrganization } from '../support/organizations.ts'
import { lastFirst, storeKinds } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'

const ROUNDS = 1_000
/** Approved orders that nobody has looked at yet, all alike. */
async function approvedOrders(
  engine: TestEngine,
  count: number,
): Promise<readonly [AccountId, readonly number[]]> {
  const tenant = await createTenant(engine, { email: 'ada@example.test', name: 'Example' }, testCaller)
  const principal = await identify(engine, tenant.apiKey, 'request')
  const accountId = tenant.account.id
  const now = engine.clock.now()
  const organizationId = await insertOrganization(engine.store, {
    accountId,
    containerId: tenant.rootContainer.id,
    at: now,
  })
  const csr = pemEncode('CERTIFICATE REQUEST', await testRequest())
  const body = {
    certificate: { common_name: 'host.example.com', csr },
    organization: { id: organizationId },
    validity_years: 1,
  }
  const wish = readOrder(new Reader(body), productOf('private_ssl_plus'))
  const options = { binding: { *bind() {} }, pause: () => Promise.resolve() }
  const placed = await placeOrder(engine, principal, wish, options, callerOf(principal, 'request'))
  const ids = await engine.store.write(function* (transaction) {
    const made: number[] = []
    for (let n = 0; n < count; n++) {
      const id = yield* transaction.collection(orders).nextId()
      const certificateId = yield* transaction.collection(orderCertificates).nextId()
      const requestId = yield* transaction.collection(orderRequests).nextId()
      yield* transaction.collection(orders).insert({ ...placed.order, id, certificateId, status: 'pending' })
      yield* transaction
        .collection(orderCertificates)
        .insert({ ...placed.certificate, id: certificateId, orderId: id })
      yield* transaction
        .collection(orderRequests)
        .insert({ ...placed.request, id: requestId, orderId: id, certificateId, status: 'approved' })
      made.push(id)
    }
    return made
  })
  return [accountId, ids]
}

for (const kind of storeKinds) {
  describe(`orders and several nodes, on ${kind.name}`, { skip: kind.skip }, () => {
    test(`S7 two nodes that finish one order at the same moment, ${ROUNDS} rounds, make one certificate each`, async (t) => {
      const scope = lastFirst(t)
      const { location } = await kind.place(scope)
      const folder = temporaryFolder(scope)
      const nodes = [await openEngine({ folder, location }), await openEngine({ folder, location })] as const
      for (const node of nodes) scope.after(() => node.close())
      const [node] = nodes
      const [accountId, ids] = await approvedOrders(node, ROUNDS)
      const count = async () => {
        const [row] = await node.query('select count(*) as n from certificate')
        return Number(row?.n)
      }
      const before = await count()
      let issued = 0
      for (const id of ids) {
        const progress = await Promise.all(nodes.map((each) => advanceOrder(each, accountId, id, testCaller)))
        issued += progress.filter(({ chain }) => chain !== undefined).length
      }
      assert.equal(issued, ROUNDS)
      // Not even a serial number was reserved for the node that came second.
      assert.equal(await count(), before + ROUNDS)
      const rows = await node.store.read((view) => view.collection(orders).byIds(accountId, ids))
      assert.ok(rows.every(({ status, lead }) => status === 'issued' && lead.serialNumber !== null))
      assert.equal(new Set(rows.map(({ lead }) => lead.serialNumber)).size, ROUNDS)
    })
  })
}
