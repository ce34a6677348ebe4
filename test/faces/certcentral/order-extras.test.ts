import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { Shop } from './issued-orders.ts'
import { orderBody, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

test('an order for document signing tells the signatures it comes with, others have none', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order({
    product: 'document_signing_org_1',
    certificate: { common_name: undefined },
    rest: { cs_provisioning_method: 'none' },
  })
  const answer = await shop.tenant.get(`/order/certificate/${id}/signature-unit`)
  assert.deepEqual([answer.status, answer.json()], [200, { order_id: id, purchased: 2_000 }])
  const other = await shop.order()
  const none = await shop.tenant.get(`/order/certificate/${other.id}/signature-unit`)
  assert.deepEqual([none.status, none.codes()], [404, ['not_found']])
})

test('the seal of a site is sent by mail once its certificate is issued', async (scope) => {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, { outside: internet.outside })
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant)
  const placed = async (skips: boolean) =>
    (
      await tenant.post(
        '/order/certificate/private_ssl_plus',
        await orderBody(organizationId, {}, { skip_approval: skips }),
      )
    ).json().id
  const early = await tenant.post(`/order/certificate/${await placed(false)}/site-seal/email-seal`, {})
  assert.deepEqual(early.codes(), ['invalid_value:order_id'])
  const path = `/order/certificate/${await placed(true)}/site-seal/email-seal`
  assert.equal((await tenant.post(path, { email: 'web@shop.example.com' })).status, 204)
  const [mail] = internet.smtp.received
  assert.deepEqual(mail?.to, ['web@shop.example.com'])
  assert.match(mail?.content ?? '', /www\.shop\.example\.com/)
  assert.deepEqual((await tenant.post(path, { email: 'nobody' })).codes(), ['email_not_valid_email_format'])
})

test('a mail server that takes nothing is told as a matter of time', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order()
  const answer = await shop.tenant.post(`/order/certificate/${id}/site-seal/email-seal`)
  assert.deepEqual([answer.status, answer.codes()], [503, ['service_unavailable']])
})
