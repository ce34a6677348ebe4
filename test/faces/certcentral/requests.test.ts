import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AccountPolicy } from '../../../src/core/identity/account-policy.ts'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { type Answer, TestService, type TestTenant } from './service.ts'

const product = 'private_ssl_plus'

describe('requests', () => {
  const scope = lastFirst({ after })
  let service: TestService
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
  })

  let accounts = 0
  const account = async (policy: Partial<AccountPolicy> = {}) => {
    accounts += 1
    const tenant = await service.tenant(`requests-${accounts}@example.test`)
    await tenant.setPolicy(policy)
    const organizationId = await testOrganization(tenant)
    const order = async (by: TestTenant, rest: object = { skip_approval: false }): Promise<Answer> =>
      by.post(`/order/certificate/${product}`, await orderBody(organizationId, {}, rest))
    return { tenant, organizationId, order }
  }
  const status = async (tenant: TestTenant, id: number) =>
    (await tenant.get(`/order/certificate/${id}`)).json().status
  const decide = (by: TestTenant, id: number, word: string, comment?: string) =>
    by.put(`/request/${id}/status`, { status: word, processor_comment: comment })

  test('a new order waits for one approval and is issued with it', async () => {
    const { tenant, order } = await account()
    const placed = await order(await tenant.as('standard'))
    assert.equal(placed.status, 201, placed.text)
    const { id, requests, certificate_chain: chain } = placed.json()
    assert.equal(chain, undefined)
    assert.equal(requests[0].status, 'pending')
    assert.equal(await status(tenant, id), 'needs_approval')
    const answer = await decide(tenant, requests[0].id, 'approved', 'well')
    assert.equal(answer.status, 204, answer.text)
    assert.equal(answer.text, '')
    assert.equal(await status(tenant, id), 'issued')
    const shown = (await tenant.get(`/request/${requests[0].id}`)).json()
    assert.equal(shown.status, 'approved')
    assert.equal(shown.type, 'new_request')
    assert.equal(shown.processor.id, tenant.administrator.id)
    assert.equal(shown.processor_comment, 'well')
    assert.equal(shown.order.id, id)
    assert.equal(shown.order.certificate.common_name, 'www.shop.example.com')
    assert.deepEqual(shown.order.unsubmitted_domains, [])
    assert.match(shown.date_processed, /\+00:00$/)
  })

  test('skip_approval counts for whoever may approve, and is not heard from others', async () => {
    const { tenant, order } = await account()
    const skipping = { skip_approval: true }
    const skipped = (await order(tenant, skipping)).json()
    assert.equal(skipped.requests[0].status, 'approved')
    assert.equal(skipped.certificate_chain.length, 3)
    const unheard = (await order(await tenant.as('standard'), skipping)).json()
    assert.equal(unheard.requests[0].status, 'pending')
  })

  test('without approvals everybody’s orders are issued at once', async () => {
    const { tenant, order } = await account({ approvals: 'none' })
    const placed = (await order(await tenant.as('limited'))).json()
    assert.equal(placed.requests[0].status, 'approved')
    assert.equal(placed.certificate_chain.length, 3)
  })

  test('a rejected order is over, and its request cannot be decided again', async () => {
    const { tenant, order } = await account()
    const { id, requests } = (await order(tenant)).json()
    assert.equal((await decide(tenant, requests[0].id, 'rejected')).status, 204)
    assert.equal(await status(tenant, id), 'rejected')
    for (const word of ['approved', 'rejected', 'pending', 'submitted']) {
      assert.deepEqual((await decide(tenant, requests[0].id, word)).codes(), ['invalid_value:status'])
    }
  })

  test('two steps need two people besides whoever asked', async () => {
    const { tenant, order } = await account({ approvals: 'two' })
    const [ordering, reviewing, approving] = [tenant, await tenant.as('manager'), await tenant.as('manager')]
    const { id, requests } = (await order(ordering)).json()
    const request = requests[0].id
    assert.equal(requests[0].status, 'submitted')
    assert.deepEqual((await decide(ordering, request, 'pending')).codes(), ['access_denied|invalid_approver'])
    assert.equal((await decide(reviewing, request, 'approved')).status, 204)
    assert.equal((await tenant.get(`/request/${request}`)).json().status, 'pending')
    assert.equal(await status(tenant, id), 'needs_approval')
    for (const by of [ordering, reviewing]) {
      const refused = await decide(by, request, 'approved')
      assert.equal(refused.status, 403)
      assert.deepEqual(refused.codes(), ['access_denied|invalid_approver'])
    }
    assert.equal((await decide(approving, request, 'approved')).status, 204)
    const shown = (await tenant.get(`/request/${request}`)).json()
    assert.equal(shown.reviewer.id, reviewing.administrator.id)
    assert.equal(shown.processor.id, approving.administrator.id)
    assert.equal(await status(tenant, id), 'issued')
  })

  test('extended validation is approved by a verified contact only', async () => {
    const { tenant } = await account()
    const verified = await tenant.as('manager')
    const organizationId = await testOrganization(tenant, ['ev'], [verified.administrator])
    await testDomain(tenant, organizationId, 'shop.example.com')
    const body = await orderBody(organizationId)
    const { id, requests } = (await tenant.post('/order/certificate/ssl_ev_plus', body)).json()
    assert.equal(requests[0].status, 'pending')
    assert.deepEqual((await decide(tenant, requests[0].id, 'approved')).codes(), [
      'access_denied|invalid_approver',
    ])
    assert.equal((await decide(verified, requests[0].id, 'approved')).status, 204)
    assert.equal(await status(tenant, id), 'issued')
  })

  test('P14 a user without the right decides nothing', async () => {
    const { tenant, order } = await account()
    const { requests } = (await order(tenant)).json()
    for (const role of ['standard', 'limited', 'finance'] as const) {
      const refused = await decide(await tenant.as(role), requests[0].id, 'approved')
      assert.equal(refused.status, 403)
      assert.deepEqual(refused.codes(), ['access_denied|missing_permission'])
    }
  })

  test('P12 a request of another account is unknown', async () => {
    const { tenant, order } = await account()
    const { requests } = (await order(tenant)).json()
    const other = (await account()).tenant
    for (const answer of [
      await other.get(`/request/${requests[0].id}`),
      await decide(other, requests[0].id, 'approved'),
    ]) {
      assert.equal(answer.status, 404)
      assert.deepEqual(answer.codes(), ['not_found'])
    }
    assert.equal((await other.get('/request')).json().page.total, 0)
  })

  test('a body of null is missing_request_data, an unknown word invalid, none required', async () => {
    const { tenant, order } = await account()
    const url = `/request/${(await order(tenant)).json().requests[0].id}/status`
    assert.deepEqual((await tenant.put(url, 'null')).codes(), ['missing_request_data'])
    assert.deepEqual((await tenant.put(url, { status: 'done' })).codes(), ['invalid_value:status'])
    assert.deepEqual((await tenant.put(url, {})).codes(), ['required_param:status'])
  })

  test('the list is narrowed by status, has an exact total, and is CSV where that is asked for', async () => {
    const { tenant, order } = await account()
    const standard = await tenant.as('limited')
    const first = (await order(tenant)).json()
    const second = (await order(standard)).json()
    await decide(tenant, first.requests[0].id, 'approved')
    const all = (await tenant.get('/request')).json()
    assert.equal(all.page.total, 2)
    const waiting = (await tenant.get('/request?status=pending&pending')).json()
    assert.equal(waiting.page.total, 1)
    assert.equal(waiting.requests[0].id, second.requests[0].id)
    assert.equal(waiting.requests[0].requester.id, standard.administrator.id)
    assert.equal(waiting.requests[0].processor, undefined)
    assert.deepEqual(Object.keys(waiting.requests[0].order), [
      'id',
      'certificate',
      'organization',
      'container',
      'product',
    ])
    assert.equal((await tenant.get('/request?filters[status]=approved')).json().page.total, 1)
    assert.equal((await standard.get('/request')).json().page.total, 1)
    const csv = await tenant.get('/request', { headers: { accept: 'text/csv' } })
    assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
    assert.equal(csv.text.split('\r\n').length, 4)
    assert.deepEqual((await tenant.get('/request?limit=1e9')).codes(), ['invalid_value:limit'])
  })
})
