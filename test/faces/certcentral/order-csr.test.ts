import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { orderCertificates } from '../../../src/core/orders/orders.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

const client = {
  product: 'client_authentication_plus',
  certificate: { common_name: 'Ada Moser', emails: ['ada@shop.example.com'], csr: undefined },
}

const give = async (shop: Shop, id: number, csr?: unknown) =>
  shop.tenant.post(`/order/certificate/${id}/csr`, { csr: csr ?? (await csrPem()) })

describe('the CSR of an order that waits', () => {
  test('an order that waits for its person is issued when the CSR comes', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order(client)
    assert.equal(await shop.status(id), 'waiting_pickup')
    const answer = await give(shop, id)
    assert.deepEqual([answer.status, answer.text], [204, ''])
    assert.equal(await shop.status(id), 'issued')
  })

  test('another CSR takes the place of the one that waits for approval', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, requestId } = await shop.waiting()
    const csr = await csrPem()
    // Line ends written out, as some clients send them.
    assert.equal((await give(shop, id, csr.replaceAll('\n', '\\n'))).status, 204)
    const info = await shop.info(id)
    assert.equal(info.status, 'needs_approval')
    const bare = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')
    assert.equal(bare(info.certificate.csr), bare(csr))
    await shop.tenant.put(`/request/${requestId}/status`, { status: 'approved' })
    assert.equal(await shop.status(id), 'issued')
  })

  test('that of a waiting reissue is replaced, the issued one stays', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const before = (await shop.info(id)).certificate.csr
    await shop.tenant.post(`/order/certificate/${id}/reissue`, { certificate: { csr: await csrPem() } })
    const csr = await csrPem()
    assert.equal((await give(shop, id, csr)).status, 204)
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/reissue`)).json()
    const bare = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '')
    assert.equal(bare(certificates[0].csr), bare(csr))
    assert.equal((await shop.info(id)).certificate.csr, before)
  })

  test('an issued or canceled order takes none: invalid_value:status', async (scope) => {
    const shop = await Shop.open(scope)
    const issued = await shop.order()
    assert.deepEqual((await give(shop, issued.id)).codes(), ['invalid_value:status'])
    const { id } = await shop.waiting()
    await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'canceled', note: 'over' })
    assert.deepEqual((await give(shop, id)).codes(), ['invalid_value:status'])
  })

  test('nor does one whose certificate is being signed at this moment', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.waiting()
    const { engine } = shop.service
    await engine.store.write(function* (transaction) {
      const held = yield* transaction.collection(orderCertificates).hold(shop.tenant.accountId, certificateId)
      if (held === undefined) throw new Error('the order was placed')
      const claim = { attempt: 'another', until: engine.clock.now() + 60_000 }
      yield* transaction.collection(orderCertificates).replace({ ...held, claim })
    })
    assert.deepEqual((await give(shop, id)).codes(), ['invalid_value:status'])
    shop.service.advance(60_000)
    assert.equal((await give(shop, id)).status, 204)
  })

  test('what is no CSR, none at all, and one for a token product are refused by their codes', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.waiting()
    assert.deepEqual((await give(shop, id, 'nothing')).codes(), ['csr_invalid_cannot_parse'])
    assert.deepEqual((await give(shop, id, '')).codes(), ['required_param:csr'])
    const token = await shop.tenant.post('/order/certificate/code_signing_ev', {
      certificate: { signature_hash: 'sha256' },
      organization: { id: shop.organizationId },
      order_validity: { years: 1 },
      cs_provisioning_method: 'ship_token',
      ship_info: {
        name: 'Ada',
        addr1: 'Main Street 1',
        city: 'Graz',
        state: 'Styria',
        zip: '8010',
        country: 'at',
      },
      skip_approval: true,
    })
    assert.equal(token.status, 201, token.text)
    assert.deepEqual((await give(shop, token.json().id)).codes(), ['csr_not_allowed'])
  })
})
