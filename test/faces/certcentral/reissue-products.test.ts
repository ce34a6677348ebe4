import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { type OrderOptions, Shop } from './issued-orders.ts'
import { csrPem, testOrganization } from './ordering.ts'

/** Orders of every kind of subject, and what of it a reissue shows. */
const orders: readonly { readonly order: OrderOptions; readonly subject: RegExp }[] = [
  {
    order: {
      product: 'client_authentication_plus',
      certificate: { common_name: 'Ada Moser', emails: ['ada@shop.example.com'] },
    },
    subject: /CN=Ada Moser/,
  },
  { order: { product: 'ssl_ev_multi_domain' }, subject: /businessCategory=Private Organization/ },
  {
    order: { product: 'ssl_wildcard', certificate: { common_name: '*.shop.example.com' } },
    subject: /CN=\*\.shop/,
  },
  {
    order: {
      product: 'code_signing',
      certificate: { common_name: undefined },
      rest: { cs_provisioning_method: 'none' },
    },
    subject: /O=Example Shop Ltd/,
  },
  {
    order: {
      product: 'document_signing_org_1',
      certificate: { common_name: undefined },
      rest: { cs_provisioning_method: 'none' },
    },
    subject: /O=Example Shop Ltd/,
  },
]

describe('reissues of products of every kind', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  let organizationId: number
  before(async () => {
    shop = await Shop.open(scope)
    organizationId = await testOrganization(shop.tenant, ['cs', 'ds'])
  })

  for (const { order, subject } of orders) {
    test(`${order.product} is issued again with its names, over another key`, async () => {
      const isForShop = !/^(code|document)_signing/.test(order.product ?? '')
      const rest = { ...order.rest, ...(!isForShop && { organization: { id: organizationId } }) }
      const { id } = await shop.order({ ...order, rest })
      const before = await shop.info(id)
      const answer = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
        certificate: { csr: await csrPem() },
        skip_approval: true,
      })
      assert.equal(answer.status, 201, answer.text)
      assert.ok(answer.json().certificate_chain, answer.text)
      const leaf = new X509Certificate(answer.json().certificate_chain[0].pem)
      assert.match(leaf.subject, subject)
      const { certificate } = await shop.info(id)
      assert.deepEqual(
        [certificate.common_name, certificate.dns_names, certificate.emails],
        [before.certificate.common_name, before.certificate.dns_names, before.certificate.emails],
      )
      assert.notEqual(certificate.csr, before.certificate.csr)
    })
  }

  test('an order whose certificate was revoked alone has another one by a reissue', async () => {
    const { id, certificateId } = await shop.order()
    await shop.tenant.put(`/certificate/${certificateId}/revoke`, { skip_approval: true })
    const answer = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
      certificate: { csr: await csrPem() },
      skip_approval: true,
    })
    assert.equal(answer.status, 201, answer.text)
    const former = (await shop.tenant.get(`/certificate/${certificateId}`)).json()
    const present = (await shop.tenant.get(`/certificate/${answer.json().certificate_id}`)).json()
    assert.deepEqual([former.status, present.status], ['revoked', 'issued'])
  })
})
