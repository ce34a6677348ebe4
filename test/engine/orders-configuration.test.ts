import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addDomain } from '../../src/core/domains/add-domain.ts'
import { setDomainActive } from '../../src/core/domains/change-domain.ts'
import { isFault } from '../../src/core/faults.ts'
import { changePolicy, type PolicyChanges } from '../../src/core/identity/change-policy.ts'
import { createTenant } from '../../src/core/identity/create-tenant.ts'
import { callerOf, identify } from '../../src/core/identity/principal.ts'
import type { OrderWish } from '../../src/core/orders/order-wish.ts'
import { placeOrder } from '../../src/core/orders/place-order.ts'
import type { PlacedOrder } from '../../src/core/orders/recall-order.ts'
import { organizations } from '../../src/core/organizations/organization.ts'
import { productOf } from '../../src/core/products/catalogue.ts'
import { readOrder } from '../../src/faces/certcentral/orders/order-body.ts'
import { Reader } from '../../src/faces/certcentral/reader.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { openEngine, type TestEngine, testRequest } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { insertOrganization } from '../support/organizations.ts'
import { lastFirst, type StoreKind, storeKinds } from '../support/stores.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'

const product = 'private_ssl_plus'
const options = { binding: { *bind() {} }, pause: () => Promise.resolve() }

/** Gives what orders one private certificate at a node, and what changes the policy of its account at one. */
async function buyer(node: TestEngine) {
  const tenant = await createTenant(node, { email: 'ada@example.test', name: 'Example' }, testCaller)
  const accountId = tenant.account.id
  const organizationId = await insertOrganization(node.store, {
    accountId,
    containerId: tenant.rootContainer.id,
    at: node.clock.now(),
  })
  const wish: OrderWish = readOrder(
    new Reader({
      certificate: {
        common_name: 'host.example.com',
        csr: pemEncode('CERTIFICATE REQUEST', await testRequest()),
      },
      organization: { id: organizationId },
      validity_years: 1,
      skip_approval: true,
    }),
    productOf(product),
  )
  return {
    async order(at: TestEngine): Promise<PlacedOrder> {
      const principal = await identify(at, tenant.apiKey, 'request')
      return placeOrder(at, principal, wish, options, callerOf(principal, 'request'))
    },
    async submitDomain(at: TestEngine, name: string): Promise<number> {
      const principal = await identify(at, tenant.apiKey, 'request')
      const request = {
        name,
        organizationId,
        types: ['private_ssl'],
        method: 'dns-txt-token',
        keepsWww: false,
        emails: [],
        language: 'en',
      } as const
      return (await addDomain(at, principal, request, testCaller)).id
    },
    async setDomainActive(at: TestEngine, id: number, isActive: boolean): Promise<void> {
      await setDomainActive(at, await identify(at, tenant.apiKey, 'request'), id, isActive, testCaller)
    },
    change: (at: TestEngine, changes: PolicyChanges) => changePolicy(at, accountId, changes, testCaller),
    rename: (at: TestEngine, name: string) =>
      at.store.write(function* (transaction) {
        const held = yield* transaction.collection(organizations).hold(accountId, organizationId)
        assert.ok(held !== undefined)
        yield* transaction.collection(organizations).replace({ ...held, name })
      }),
  }
}

const isRefused = (error: unknown): boolean => isFault(error, 'product_not_allowed')

async function twoNodes(context: Scope, kind: StoreKind) {
  const scope = lastFirst(context)
  const { location } = await kind.place(scope)
  const folder = temporaryFolder(scope)
  const node = await openEngine({ folder, location })
  scope.after(() => node.close())
  const other = await openEngine({ folder, location })
  scope.after(() => other.close())
  return { node, other }
}

for (const kind of storeKinds) {
  describe(`orders and configuration, on ${kind.name}`, { skip: kind.skip }, () => {
    test('what another node changed counts for the very next order, granted or refused', async (t) => {
      const { node, other } = await twoNodes(t, kind)
      const { order, change, rename } = await buyer(node)
      assert.equal((await order(node)).order.status, 'issued')
      for (let round = 0; round < 5; round++) {
        await change(other, { disabledProducts: [product] })
        await assert.rejects(order(node), isRefused)
        await change(other, { disabledProducts: [] })
        assert.equal((await order(node)).order.status, 'issued')
        await rename(other, `Example ${round}`)
        const { chain } = await order(node)
        const [leaf] = chain ?? []
        assert.ok(leaf !== undefined && Buffer.from(leaf.der).includes(`Example ${round}`))
      }
    })

    test('the first domain of an account, and every change of it, count for the very next order at another node', async (t) => {
      const { node, other } = await twoNodes(t, kind)
      const { order, submitDomain, setDomainActive } = await buyer(node)
      assert.equal((await order(node)).order.status, 'issued')
      const id = await submitDomain(other, 'example.com')
      for (let round = 0; round < 3; round++) {
        await setDomainActive(other, id, false)
        await assert.rejects(order(node), (error) => isFault(error, 'domain_disabled'))
        await setDomainActive(other, id, true)
        assert.equal((await order(node)).order.status, 'issued')
      }
    })
  })
}
