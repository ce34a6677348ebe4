import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { orders } from '../../../src/core/orders/orders.ts'
import { pollValidationsJob } from '../../../src/jobs/poll-validations.ts'
import { startInternet } from '../../support/internet.ts'
import { csrPem, orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

async function place(scope: TestContext) {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, { outside: internet.outside })
  await testOperator(service)
  const poll = () => pollValidationsJob(service.engine).run(new AbortController().signal)
  return { internet, service, poll, tenant: await service.tenant() }
}

async function dvOrder(tenant: TestTenant, rest: object) {
  const body = await orderBody(undefined, {}, rest)
  const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.json()
}

test('nobody outside is asked by mail about an order before it is approved, whatever is changed or asked for', async (scope) => {
  const { internet, service, poll, tenant } = await place(scope)
  const { id, requests } = await dvOrder(tenant, { skip_approval: false, dcv_method: 'dns-txt-token' })
  const method = (name: string) => tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: name })
  assert.equal((await method('email')).status, 204)
  assert.equal((await tenant.put(`/order/certificate/${id}/resend-emails`)).status, 204)
  service.advance(2 * hourMs)
  await poll()
  assert.deepEqual(internet.smtp.received, [])
  await tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
  assert.equal(internet.smtp.received.length, 5)
})

/** A public order that is issued, with a duplicate whose names have to be proven anew. */
async function withWaitingDuplicate(scope: TestContext) {
  const placed = await place(scope)
  const { service, tenant } = placed
  const organizationId = await testOrganization(tenant, ['ov'])
  await testDomain(tenant, organizationId, 'shop.example.com')
  const body = await orderBody(organizationId, {}, { dcv_method: 'dns-txt-token' })
  const { id } = (await tenant.post('/order/certificate/ssl_multi_domain', body)).json()
  service.advance(130 * dayMs)
  const duplicate = async (skipApproval = true) =>
    tenant.post(`/order/certificate/${id}/duplicate`, {
      certificate: { csr: await csrPem() },
      skip_approval: skipApproval,
    })
  return { ...placed, id, duplicate }
}

test('the random value and the method of an issued order can be changed while a duplicate of it waits', async (scope) => {
  const { internet, tenant, id, duplicate } = await withWaitingDuplicate(scope)
  const value = () => tenant.put(`/order/certificate/${id}/dcv-random-value`)
  const method = (name: string) => tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: name })
  assert.equal((await value()).status, 400, 'nothing waits')
  assert.equal((await method('dns-cname-token')).status, 400)
  assert.equal((await duplicate()).status, 201)
  assert.equal((await method('dns-cname-token')).status, 200)
  assert.equal((await method('dns-txt-token')).status, 200)
  const renewed = await value()
  assert.equal(renewed.status, 200, renewed.text)
  internet.publishTxt('www.shop.example.com', renewed.json().dcv_random_value)
  const checked = await tenant.put(`/order/certificate/${id}/check-dcv`)
  assert.equal(checked.status, 200, checked.text)
  const info = (await tenant.get(`/order/certificate/${id}`)).json()
  assert.deepEqual([info.status, info.duplicates_count], ['issued', 1])
  assert.equal((await value()).status, 400, 'nothing waits any more')
})

test('nobody is asked by mail about a duplicate that waits for its approver', async (scope) => {
  const { internet, tenant, id, duplicate } = await withWaitingDuplicate(scope)
  const request = (await duplicate(false)).json().requests[0]
  await tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: 'email' })
  assert.deepEqual(internet.smtp.received, [])
  const decided = await tenant.put(`/request/${request.id}/status`, { status: 'approved' })
  assert.equal(decided.status, 204, decided.text)
  assert.ok(internet.smtp.received.length > 0)
})

test('an order that cannot be looked at keeps neither other orders nor mails waiting', async (scope) => {
  const { internet, service, poll, tenant } = await place(scope)
  const { engine } = service
  const broken = await dvOrder(tenant, { dcv_method: 'dns-txt-token' })
  const other = await dvOrder(tenant, { dcv_method: 'dns-txt-token' })
  internet.smtp.isFailing = true
  await dvOrder(tenant, { dcv_method: 'email' })
  internet.smtp.isFailing = false
  await engine.store.write(function* (transaction) {
    const order = yield* transaction.collection(orders).byId(tenant.accountId, broken.id)
    if (order === undefined) throw new Error('the order is there')
    yield* transaction.collection(orders).replace({ ...order, containerId: 2_000_000_000 })
  })
  for (const { dcv_random_value: value } of [broken, other])
    internet.publishTxt('www.shop.example.com', value)
  service.advance(5 * 60_000)
  await poll()
  assert.equal((await tenant.get(`/order/certificate/${other.id}`)).json().status, 'issued')
  assert.equal(internet.smtp.received.length, 5)
})
