import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duplicate } from './duplicates.ts'
import { Shop } from './issued-orders.ts'
import { csrPem, orderBody, testOrganization } from './ordering.ts'

test('an order is listed by the id of any of its certificates, and by none of another account', async (scope) => {
  const shop = await Shop.open(scope)
  const first = await shop.order()
  const { id } = await shop.order()
  const reissued = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
    certificate: { csr: await csrPem() },
    skip_approval: true,
  })
  const doubled = await duplicate(shop, id)
  const [reissue, copy] = [reissued.json().certificate_id, doubled.json().certificate_id]
  const listed = async (query: string, { tenant } = shop) => {
    const { orders, page } = (await tenant.get(`/order/certificate?${query}`)).json()
    assert.equal(page.total, orders.length)
    return orders.map((order: { readonly id: number }) => order.id)
  }
  for (const certificate of [reissue, copy]) {
    assert.deepEqual(await listed(`filters[certificate_id]=${certificate}`), [id])
  }
  const both = `filters[certificate_id][0]=${first.certificateId}&filters[certificate_id][1]=${copy}`
  assert.deepEqual(await listed(both), [first.id, id])
  assert.deepEqual(await listed(`${both}&filters[status]=revoked`), [])
  assert.deepEqual(await listed('filters[certificate_id]=999999'), [])
  const other = await Shop.of(shop.service, 'eve@example.test')
  assert.deepEqual(await listed(`filters[certificate_id]=${copy}`, other), [])
})

for (const product of ['ssl_multi_domain', 'private_ssl_multi_domain']) {
  test(`a waiting order of ${product} names the CA that issues it then, and the currency of its price`, async (scope) => {
    const shop = await Shop.open(scope)
    await shop.order({ product })
    const { id, requestId } = await shop.waiting({ product })
    const waiting = await shop.info(id)
    assert.deepEqual([waiting.status, waiting.currency], ['needs_approval', 'USD'])
    assert.match(waiting.certificate.ca_cert.id, /^[0-9A-F]{16}$/)
    await shop.tenant.put(`/request/${requestId}/status`, { status: 'approved' })
    const issued = await shop.info(id)
    assert.equal(issued.status, 'issued')
    assert.deepEqual(issued.certificate.ca_cert, waiting.certificate.ca_cert)
  })
}

test('where a token goes is shown with its order', async (scope) => {
  const shop = await Shop.open(scope)
  const organizationId = await testOrganization(shop.tenant, ['ds'])
  const ship_info = {
    ...{ name: 'Ada Moser', addr1: 'Hauptplatz 1', city: 'Graz', zip: '8010', country: 'at' },
    method: 'EXPEDITED',
  }
  const body = await orderBody(
    organizationId,
    { common_name: undefined, csr: undefined },
    { cs_provisioning_method: 'ship_token', ship_info: { ...ship_info, state: '', zip: 8010 } },
  )
  const placed = await shop.tenant.post('/order/certificate/document_signing_org_1', body)
  assert.equal(placed.status, 201, placed.text)
  assert.deepEqual((await shop.info(placed.json().id)).ship_info, ship_info)
  const { id } = await shop.order()
  assert.equal('ship_info' in (await shop.info(id)), false)
})

test('an address of empty members is none, and a token needs one with a way of sending that there is', async (scope) => {
  const shop = await Shop.open(scope)
  const members = ['name', 'addr1', 'addr2', 'city', 'state', 'zip', 'country', 'method']
  const empty = Object.fromEntries(members.map((member) => [member, '']))
  for (const ship_info of [{}, empty, null]) {
    const { id } = await shop.order({ rest: { ship_info } })
    assert.equal('ship_info' in (await shop.info(id)), false)
  }
  const address = { name: 'Ada Moser', addr1: 'Hauptplatz 1', city: 'Graz', zip: '8010', country: 'at' }
  for (const [ship_info, code] of [
    [{}, 'required_param:ship_info'],
    ['Graz', 'invalid_value:ship_info'],
    [{ city: 'Graz', zip: '8010', country: 'at', addr1: 'x' }, 'required_param:ship_info.name'],
    [{ ...address, method: 'PIGEON' }, 'invalid_value:ship_info.method'],
  ] as const) {
    const body = await orderBody(
      shop.organizationId,
      { common_name: undefined, csr: undefined },
      { cs_provisioning_method: 'ship_token', ship_info },
    )
    const answer = await shop.tenant.post('/order/certificate/document_signing_org_1', body)
    assert.deepEqual(answer.codes(), [code])
  }
})

test('a reissue changes where the token goes only where it says so', async (scope) => {
  const shop = await Shop.open(scope)
  const ship_info = {
    ...{ name: 'Ada Moser', addr1: 'Hauptplatz 1', city: 'Graz', zip: '8010', country: 'at' },
    method: 'STANDARD',
  }
  const { id } = await shop.order()
  const reissue = async (rest: object) => {
    const body = { certificate: { csr: await csrPem() }, skip_approval: true, ...rest }
    const answer = await shop.tenant.post(`/order/certificate/${id}/reissue`, body)
    assert.equal(answer.status, 201, answer.text)
    return (await shop.info(id)).ship_info
  }
  assert.deepEqual(await reissue({ ship_info: { ...ship_info, method: '' } }), ship_info)
  assert.deepEqual(await reissue({ ship_info: {} }), ship_info)
})

test('an order that was paid shows its receipt, also once another certificate counts', async (scope) => {
  const shop = await Shop.open(scope)
  const free = await shop.info((await shop.order()).id)
  assert.deepEqual(['receipt_id' in free, 'receipt_id' in free.certificate], [false, false])
  await shop.tenant.setPolicy({ prices: [{ product: 'private_ssl_multi_domain', centsPerYear: 2_550 }] })
  const { id } = await shop.order()
  const { receipts } = (await shop.tenant.get('/finance/receipt')).json()
  assert.equal(receipts[0].order_id, id)
  const isShown = async () => {
    const info = await shop.info(id)
    assert.deepEqual([info.receipt_id, info.certificate.receipt_id], [receipts[0].id, receipts[0].id])
  }
  await isShown()
  const certificate = { csr: await csrPem() }
  await shop.tenant.post(`/order/certificate/${id}/reissue`, { certificate, skip_approval: true })
  await isShown()
})
