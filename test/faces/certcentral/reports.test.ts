import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testRequest } from '../../support/engine.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

describe('reports and subaccounts of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
  })

  /** A private order that is issued within the call. */
  const issue = async (by: Pick<TestTenant, 'post'>, days: number, containerId?: number) => {
    const organization = await by.post('/organization', {
      name: 'Example Ltd',
      address: '1',
      zip: '8010',
      city: 'Graz',
      state: 'Styria',
      country: 'at',
      telephone: '1',
      organization_contact: { first_name: 'A', last_name: 'B', email: 'a@shop.example' },
    })
    const csr = Buffer.from(await testRequest()).toString('base64')
    const placed = await by.post('/order/certificate/private_ssl_plus', {
      certificate: { common_name: 'shop.internal', csr },
      organization: { id: organization.json().id },
      order_validity: { days },
      skip_approval: true,
      ...(containerId !== undefined && { container: { id: containerId } }),
    })
    assert.equal(placed.status, 201, placed.text)
    return placed.json()
  }

  test('orders that end soon are counted by days, of a container and those below it', async () => {
    const root = tenant.rootContainer.id
    const child = (await tenant.post(`/container/${root}/children`, { name: 'D', template_id: 1 })).json().id
    await issue(tenant, 20)
    await issue(tenant, 50, child)
    await issue(tenant, 365)
    const counts = async (container: number) =>
      (await tenant.get(`/report/order/${container}/expiring`)).json().expiring_orders
    assert.deepEqual(await counts(root), [
      { days_expiring: 90, order_count: 2 },
      { days_expiring: 60, order_count: 2 },
      { days_expiring: 30, order_count: 1 },
      { days_expiring: -7, order_count: 0 },
    ])
    assert.equal((await counts(child))[1].order_count, 1)
    const own = (await tenant.get('/report/order/expiring')).json().expiring_orders
    assert.deepEqual(own, await counts(root))
    service.advance(22 * dayMs)
    assert.deepEqual((await counts(root))[3], { days_expiring: -7, order_count: 1 })
    assert.equal((await tenant.get('/report/order/999999/expiring')).status, 404)
  })

  test('a certificate of an order is told by its serial number, and of no other order', async () => {
    const placed = await issue(tenant, 30)
    const other = await issue(tenant, 30)
    const { serial_number: serial } = (await tenant.get(`/order/certificate/${placed.id}`)).json().certificate
    const told = await tenant.get(`/ctmonitor/${placed.id}/ct-cert/${serial}/?issuer=any`)
    assert.equal(told.json().pem, placed.certificate_chain[0].pem)
    assert.deepEqual((await tenant.get(`/ctmonitor/${other.id}/ct-cert/${serial}`)).codes(), ['not_found'])
  })

  test('requests that wait are reported, those that are decided are not', async () => {
    const answer = await tenant.get('/report/request')
    assert.equal(answer.status, 200)
    assert.equal(answer.json().page.total, 0)
  })

  test('an account makes subaccounts when it was granted them, and sees their orders and balance', async () => {
    const request = { account_name: 'Branch', email: 'branch@example.test' }
    assert.deepEqual((await tenant.post('/account/subaccount', request)).codes(), [
      'access_denied|missing_permission',
    ])
    await tenant.setPolicy({ subaccounts: true })
    assert.deepEqual((await tenant.post('/account/subaccount', {})).codes(), [
      'required_param:account_name',
      'required_param:email',
    ])
    const made = await tenant.post('/account/subaccount', request)
    assert.equal(made.status, 201)
    const { id, api_key: key } = made.json()
    const me = (await service.call(key, 'GET', '/user/me')).json()
    assert.equal(me.account_id, id)
    const listed = (await tenant.get('/account/subaccount')).json()
    assert.deepEqual([listed.page.total, listed.subaccounts[0].account_name], [1, 'Branch'])
    assert.deepEqual((await tenant.get(`/account/subaccount/${id}/balance`)).json(), {
      amount: 0,
      currency: 'USD',
    })
    assert.deepEqual((await tenant.get(`/account/subaccount/${id}/domain`)).json(), { domains: [] })
    const post = (url: string, body: unknown) => service.call(key, 'POST', url, { body })
    const placed = await issue({ post }, 30)
    const orders = (await tenant.get('/account/subaccount/order?limit=1')).json()
    assert.deepEqual(
      [orders.page.total, orders.orders[0].id, orders.orders[0].account.id],
      [1, placed.id, id],
    )
    const beyond = (await tenant.get('/account/subaccount/order?offset=1')).json()
    assert.deepEqual([beyond.page.total, beyond.orders], [1, []])
  })

  test('P6 subaccounts of another account are unknown', async () => {
    const other = await service.tenant('other@example.test')
    const [{ id }] = (await tenant.get('/account/subaccount')).json().subaccounts
    assert.equal((await other.get(`/account/subaccount/${id}/balance`)).status, 404)
    assert.equal((await other.get('/account/subaccount/order')).json().page.total, 0)
  })
})
