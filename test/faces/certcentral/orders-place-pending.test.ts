import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lookAtOrders } from '../../../src/core/domains/look-again.ts'
import { advanceOrder } from '../../../src/core/orders/advance-order.ts'
import { orderCertificates, orders } from '../../../src/core/orders/orders.ts'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

describe('orders that are not ready', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let organizationId: number
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organizationId = await testOrganization(tenant, ['ov'])
  })

  const advance = (id: number) => advanceOrder(service.engine, tenant.accountId, id, testCaller)
  const status = async (id: number) => (await tenant.get(`/order/certificate/${id}`)).json().status

  test('names without proof wait with a value for all of them', async () => {
    const certificate = { common_name: 'a.dv.example.com', dns_names: ['*.dv.example.com'] }
    const body = await orderBody(undefined, certificate, { dcv_method: 'dns-txt-token' })
    const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
    assert.equal(answer.status, 201, answer.text)
    const { id, certificate_id: certificateId, dcv_random_value: value, domains, requests } = answer.json()
    assert.match(value, /^[a-z2-7]{32}$/)
    assert.ok(certificateId > 0)
    assert.equal(requests[0].status, 'approved')
    assert.deepEqual(domains, [
      ...['a.dv.example.com', '*.dv.example.com'].map((name) => ({
        name,
        dns_name: name,
        dcv_token: { token: value, status: 'pending', expiration_date: '2026-12-22T12:00:00+00:00' },
      })),
    ])
    assert.equal(await status(id), 'pending')
    await testDomain(tenant, organizationId, 'dv.example.com')
    const progress = await advance(id)
    assert.equal(progress.chain?.length, 3)
    assert.equal(await status(id), 'issued')
    assert.equal((await advance(id)).chain, undefined)
  })

  test('by mail there is no value to publish', async () => {
    const body = await orderBody(undefined, { common_name: 'mail.dv2.example.com' })
    const answer = await tenant.post('/order/certificate/ssl_dv_rapidssl', body)
    assert.equal(answer.status, 201, answer.text)
    assert.deepEqual(Object.keys(answer.json()), ['id', 'requests'])
    assert.equal((await tenant.get(`/order/certificate/${answer.json().id}`)).json().dcv_method, 'email')
  })

  test('an organization that is not validated is waited for', async () => {
    const waiting = await testOrganization(tenant)
    await testDomain(tenant, waiting, 'ov.example.com')
    const body = await orderBody(waiting, { common_name: 'www.ov.example.com' })
    const answer = await tenant.post('/order/certificate/ssl_plus', body)
    assert.equal(answer.status, 201, answer.text)
    const { id } = answer.json()
    assert.equal((await advance(id)).chain, undefined)
    assert.equal(await status(id), 'pending')
    await service.engine.store.write(function* (transaction) {
      const [from, to] = [organizationId, waiting]
      const validated = yield* transaction.collection(organizations).byId(tenant.accountId, from)
      const held = yield* transaction.collection(organizations).hold(tenant.accountId, to)
      if (!validated || !held) throw new Error('both organizations are there')
      const { validations } = validated
      yield* transaction.collection(organizations).replace({ ...held, validations })
    })
    assert.equal((await advance(id)).chain?.length, 3)
  })

  test('the holder of a mailbox is waited for', async () => {
    const body = await orderBody(undefined, { common_name: undefined, emails: ['ada@mail.example.com'] })
    const { id } = (await tenant.post('/order/certificate/class1_smime', body)).json()
    assert.deepEqual((await advance(id)).missing, ['ada@mail.example.com'])
    await service.engine.store.write(function* (transaction) {
      const held = yield* transaction.collection(orders).hold(tenant.accountId, id)
      if (held === undefined) throw new Error('the order is there')
      const confirmedEmails = [{ address: 'ada@mail.example.com', at: service.engine.clock.now() }]
      yield* transaction.collection(orders).replace({ ...held, confirmedEmails })
    })
    assert.equal((await advance(id)).chain?.length, 3)
    assert.equal(await status(id), 'issued')
  })

  test('an approval does not issue for names without proof, and stands', async () => {
    const certificate = { common_name: 'late.example.com' }
    const rest = { skip_approval: false, dcv_method: 'dns-cname-token' }
    const answer = await tenant.post(
      '/order/certificate/ssl_plus',
      await orderBody(organizationId, certificate, rest),
    )
    const { id, requests } = answer.json()
    assert.equal(await status(id), 'needs_approval')
    await testDomain(tenant, organizationId, 'late.example.com')
    assert.equal((await advance(id)).chain, undefined)
    const approve = () => tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
    assert.equal((await approve()).status, 204)
    assert.equal(await status(id), 'issued')
  })

  test('an attempt that died is made good by the background, once its claim is over', async () => {
    const body = await orderBody(organizationId, {}, { skip_approval: false })
    const { id, requests } = (await tenant.post('/order/certificate/private_ssl_plus', body)).json()
    const { engine } = service
    // What a process leaves that ends after it has reserved a serial number.
    await engine.store.write(function* (transaction) {
      const [row] = yield* transaction
        .collection(orderCertificates)
        .withValue(tenant.accountId, 'order_id', id, 1)
      if (row === undefined) throw new Error('the order has a certificate')
      const claim = { attempt: 'ended', until: engine.clock.now() + 60_000 }
      yield* transaction.collection(orderCertificates).replace({ ...row, claim })
    })
    await tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
    assert.equal(await status(id), 'pending')
    const look = () => lookAtOrders(engine, 100, new AbortController().signal)
    await look()
    assert.equal(await status(id), 'pending')
    service.advance(120_000)
    await look()
    assert.equal(await status(id), 'issued')
  })

  test('D11 a proof that is too old for the day it is used on proves nothing', async () => {
    await testDomain(tenant, organizationId, 'old.example.com')
    service.advance(201 * 86_400_000)
    const validated = await testOrganization(tenant, ['ov'])
    const body = await orderBody(
      validated,
      { common_name: 'www.old.example.com' },
      { dcv_method: 'http-token' },
    )
    const answer = await tenant.post('/order/certificate/ssl_plus', body)
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.json().certificate_chain, undefined)
    assert.equal(answer.json().domains.length, 1)
  })
})
