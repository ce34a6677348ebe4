import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { orderCertificates } from '../../../src/core/orders/orders.ts'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { orderBody, silentNetwork, testOrganization } from './ordering.ts'
import { type Answer, TestService, type TestTenant } from './service.ts'

for (const kind of storeKinds) {
  describe(`orders that come more than once, on ${kind.name}`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    let organizationId: number
    before(async () => {
      service = await TestService.start(scope, { kind, outside: silentNetwork })
      tenant = await service.tenant()
      organizationId = await testOrganization(tenant)
    })

    const path = '/order/certificate/private_ssl_plus'
    const total = async () => (await tenant.get('/order/certificate?limit=1')).json().page.total
    /** Serial numbers that were ever reserved. */
    const reserved = async () => {
      const [row] = await service.engine.query('select count(*) as n from certificate')
      return Number(row?.n)
    }
    const send = (body: unknown, key?: string): Promise<Answer> =>
      tenant.post(path, body, key === undefined ? {} : { headers: { 'idempotency-key': key } })

    test('the same alternative id gives the first order, whatever the second says', async () => {
      const before = await total()
      const first = await send(await orderBody(organizationId, {}, { alternative_order_id: 'a-1' }))
      assert.equal(first.status, 201, first.text)
      assert.equal(first.json().certificate_chain.length, 3)
      const second = await send(
        await orderBody(
          organizationId,
          { common_name: 'other.example.com' },
          { alternative_order_id: 'a-1' },
        ),
      )
      assert.equal(second.status, 201)
      assert.deepEqual(second.json(), first.json())
      assert.equal(await total(), before + 1)
    })

    test('the same alternative id ten times at once makes one order and one certificate', async () => {
      const [orders, certificates] = [await total(), await reserved()]
      const body = await orderBody(organizationId, {}, { alternative_order_id: 'a-10' })
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
      assert.equal(new Set(answers.map((answer) => answer.json().id)).size, 1)
      assert.equal(await total(), orders + 1)
      assert.equal(await reserved(), certificates + 1)
    })

    test('an alternative id belongs to its account', async () => {
      const other = await service.tenant(`other@${kind.name.toLowerCase()}.example.test`)
      const body = await orderBody(await testOrganization(other), {}, { alternative_order_id: 'a-1' })
      const answer = await other.post(path, body)
      assert.equal(answer.status, 201, answer.text)
      assert.equal((await other.get('/order/certificate')).json().page.total, 1)
    })

    test('P12 an alternative id of an order out of sight is taken, and tells nothing of that order', async () => {
      const body = await orderBody(organizationId, {}, { alternative_order_id: 'a-out-of-sight' })
      assert.equal((await send(body)).status, 201)
      const other = await tenant.as('limited')
      const answer = await other.post(path, body)
      assert.deepEqual([answer.status, answer.codes()], [400, ['invalid_value:alternative_order_id']])
    })

    test('P17 the same idempotency key gives the same certificate, and another body with it 422', async () => {
      const [orders, certificates] = [await total(), await reserved()]
      const body = await orderBody(organizationId)
      const first = await send(body, 'key-1')
      assert.equal(first.status, 201, first.text)
      assert.deepEqual((await send(body, 'key-1')).json(), first.json())
      const conflict = await send({ ...body, comments: 'other' }, 'key-1')
      assert.equal(conflict.status, 422)
      assert.deepEqual(conflict.codes(), ['idempotency_conflict'])
      assert.equal(await total(), orders + 1)
      assert.equal(await reserved(), certificates + 1)
    })

    test('P17 the same idempotency key ten times at once makes one order and one certificate', async () => {
      const [orders, certificates] = [await total(), await reserved()]
      const body = await orderBody(organizationId)
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(body, 'key-10')))
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.equal(await total(), orders + 1)
      assert.equal(await reserved(), certificates + 1)
    })

    test('P17 an order that was refused leaves its key free', async () => {
      const body = await orderBody(organizationId, { csr: 'none' })
      assert.equal((await send(body, 'key-free')).status, 400)
      assert.equal((await send(await orderBody(organizationId), 'key-free')).status, 201)
    })

    test('ten approvals at once issue one certificate', async () => {
      const body = await orderBody(organizationId, {}, { skip_approval: false })
      const { id, requests } = (await send(body)).json()
      const certificates = await reserved()
      const approve = () => tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
      const answers = await Promise.all(Array.from({ length: 10 }, approve))
      const statuses = answers.map(({ status }) => status).sort()
      assert.deepEqual(statuses, [204, ...Array(9).fill(400)])
      assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, 'issued')
      assert.equal(await reserved(), certificates + 1)
      const rows = await service.engine.store.read((view) =>
        view.collection(orderCertificates).withValue(tenant.accountId, 'order_id', id, 100),
      )
      assert.equal(rows.length, 1)
      assert.equal(rows[0]?.claim, null)
    })

    test('a renewal marks the order before it once, and lasts longer by what was left of that', async () => {
      const { id } = (await send(await orderBody(organizationId))).json()
      const renewing = async () => orderBody(organizationId, {}, { renewal_of_order_id: id })
      const answers = await Promise.all([send(await renewing()), send(await renewing())])
      const [renewed, refused] = answers.toSorted((a, b) => a.status - b.status)
      assert.ok(renewed !== undefined && refused !== undefined)
      assert.equal(renewed.status, 201, renewed.text)
      assert.deepEqual(refused.codes(), ['order_renewed_already'])
      assert.deepEqual((await send(await renewing())).codes(), ['order_renewed_already'])
      assert.equal((await tenant.get(`/order/certificate/${id}`)).json().is_renewed, true)
      const shown = (await tenant.get(`/order/certificate/${renewed.json().id}`)).json()
      assert.equal(shown.is_renewal, true)
      assert.equal(shown.renewed_order_id, id)
      assert.equal(shown.order_valid_till, '2028-11-21')
    })

    test('an order without certificate is not renewed, and one whose renewal was rejected can be', async () => {
      const { id, requests } = (
        await send(await orderBody(organizationId, {}, { skip_approval: false }))
      ).json()
      const renew = async (rest: object = {}) =>
        send(await orderBody(organizationId, {}, { renewal_of_order_id: id, ...rest }))
      assert.deepEqual((await renew()).codes(), ['order_not_eligible_for_renewal'])
      await tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
      const waiting = (await renew({ skip_approval: false })).json()
      assert.deepEqual((await renew()).codes(), ['order_renewed_already'])
      await tenant.put(`/request/${waiting.requests[0].id}/status`, { status: 'rejected' })
      assert.equal((await renew()).status, 201)
    })
  })
}
