import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiKeyRestriction } from '../../../src/core/accounts/account.ts'
import { type User, users } from '../../../src/core/identity/user.ts'
import { followOrdersJob } from '../../../src/jobs/follow-orders.ts'
import { Shop } from './issued-orders.ts'
import type { TestTenant } from './service.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const never = new AbortController().signal

const run = (shop: Shop) => followOrdersJob(shop.service.engine).run(never)

const renewals = async (shop: Shop, status: string) =>
  (await shop.tenant.get(`/order/certificate?filters[status]=${status}&filters[is_renewed]=false`)).json()
    .orders

/** An order of a manager that is due for its renewal, and whatever happened to whoever placed it. */
async function dueOrder(
  shop: Shop,
  happened: (shop: Shop, by: TestTenant) => Promise<void>,
): Promise<number> {
  const manager = await shop.tenant.as('manager')
  const { id } = await shop.order({ rest: { auto_renew: 1 } }, manager)
  await happened(shop, manager)
  shop.service.advance(350 * dayMs)
  return id
}

const changeUser = (changes: Partial<User>) => (shop: Shop, by: TestTenant) =>
  shop.service.engine.store.write(function* (transaction) {
    yield* transaction.collection(users).replace({ ...by.administrator, ...changes })
    transaction.configurationChanged()
  })

async function restrictKey(shop: Shop, by: TestTenant, restriction: ApiKeyRestriction): Promise<void> {
  await shop.service.engine.store.write(function* (transaction) {
    const key = yield* transaction.accounts.apiKey(by.key.slice(0, 26))
    if (key === undefined) throw new Error('the key is there')
    yield* transaction.accounts.updateApiKey({ ...key, restriction })
  })
}

async function revokeKey(shop: Shop, by: TestTenant): Promise<void> {
  const { clock, store } = shop.service.engine
  const publicId = by.key.slice(0, 26)
  await store.write((transaction) => transaction.accounts.revokeApiKey(by.accountId, publicId, clock.now()))
}

const refusals = (shop: Shop) =>
  shop.service.engine.query(`SELECT body FROM event WHERE body LIKE '%order.renewal-refused%'`)

for (const status of ['inactive', 'deleted'] as const) {
  test(`nothing is renewed for a user who is ${status}, and the audit log tells it once a day`, async (scope) => {
    const shop = await Shop.open(scope)
    const id = await dueOrder(shop, changeUser({ status }))
    await run(shop)
    shop.service.advance(2 * hourMs)
    await run(shop)
    assert.equal((await shop.info(id)).is_renewed, false)
    assert.equal((await refusals(shop)).length, 1)
    shop.service.advance(dayMs)
    await run(shop)
    assert.equal((await refusals(shop)).length, 2)
  })
}

test('nothing is renewed by a key that was restricted to reading', async (scope) => {
  const shop = await Shop.open(scope)
  const id = await dueOrder(shop, (of, by) => restrictKey(of, by, 'view'))
  await run(shop)
  assert.equal((await shop.info(id)).is_renewed, false)
  assert.equal((await refusals(shop)).length, 1)
})

test('what was placed by a key that is revoked waits for an approver', async (scope) => {
  const shop = await Shop.open(scope)
  const id = await dueOrder(shop, revokeKey)
  await run(shop)
  assert.equal((await shop.info(id)).is_renewed, true)
  assert.equal((await renewals(shop, 'needs_approval')).length, 1)
  assert.equal((await refusals(shop)).length, 0)
})

test('what was placed by a key that is revoked is renewed at once where the account asks nobody', async (scope) => {
  const shop = await Shop.open(scope)
  await shop.tenant.setPolicy({ approvals: 'none' })
  await dueOrder(shop, revokeKey)
  await run(shop)
  assert.equal((await renewals(shop, 'issued')).length, 1)
})

test('whoever lost the right to approve has the renewal wait for an approver', async (scope) => {
  const shop = await Shop.open(scope)
  await dueOrder(shop, changeUser({ role: 'standard' }))
  await run(shop)
  assert.equal((await renewals(shop, 'needs_approval')).length, 1)
})

test('an order that is over is not renewed by itself any more', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order({ rest: { auto_renew: 1 } })
  shop.service.advance(400 * dayMs)
  await run(shop)
  assert.equal((await shop.info(id)).is_renewed, false)
})

test('what the orderer may not approve himself waits for an approver', async (scope) => {
  const shop = await Shop.open(scope)
  const standard = await shop.tenant.as('standard')
  const placed = await shop.order({ rest: { auto_renew: 1 } }, standard)
  await shop.tenant.put(`/request/${placed.requestId}/status`, { status: 'approved' })
  shop.service.advance(350 * dayMs)
  await run(shop)
  const { orders } = (await shop.tenant.get('/order/certificate?filters[status]=needs_approval')).json()
  assert.equal(orders.length, 1)
})
