import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

const cancel = { status: 'canceled', note: 'not needed' }

describe('cancelling an order', () => {
  for (const spelling of ['canceled', 'CANCELED']) {
    test(`an order that waits for approval is canceled by ${spelling}, and its request rejected with the note`, async (scope) => {
      const shop = await Shop.open(scope)
      const { id, requestId } = await shop.waiting()
      const answer = await shop.tenant.put(`/order/certificate/${id}/status`, { ...cancel, status: spelling })
      assert.equal(answer.status, 204)
      assert.equal(answer.text, '')
      const info = await shop.info(id)
      assert.equal(info.status, 'canceled')
      const request = (await shop.tenant.get(`/request/${requestId}`)).json()
      assert.equal(request.status, 'rejected')
      assert.equal(request.processor_comment, 'not needed')
    })
  }

  test('an issued order is not canceled, nor one that was canceled before', async (scope) => {
    const shop = await Shop.open(scope)
    const issued = await shop.order()
    const refused = await shop.tenant.put(`/order/certificate/${issued.id}/status`, cancel)
    assert.deepEqual([refused.status, refused.codes()], [400, ['invalid_value:status']])
    const { id } = await shop.waiting()
    await shop.tenant.put(`/order/certificate/${id}/status`, cancel)
    const again = await shop.tenant.put(`/order/certificate/${id}/status`, cancel)
    assert.deepEqual([again.status, again.codes()], [400, ['invalid_value:status']])
  })

  test('cancelling without a note is refused, a note of null is taken', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.waiting()
    const without = await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'canceled' })
    assert.deepEqual(without.codes(), ['required_param:note'])
    const empty = await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'canceled', note: '' })
    assert.deepEqual(empty.codes(), ['required_param:note'])
    const withNull = await shop.tenant.put(`/order/certificate/${id}/status`, {
      status: 'canceled',
      note: null,
    })
    assert.equal(withNull.status, 204)
  })

  test("another account's order is not there to be canceled, whatever the body says", async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.waiting()
    const other = await shop.service.tenant('eve@example.test')
    for (const body of [cancel, { status: 'canceled', note: null }, {}]) {
      const answer = await other.put(`/order/certificate/${id}/status`, body)
      assert.deepEqual([answer.status, answer.codes()], [404, ['not_found|order']])
    }
    assert.equal(await shop.status(id), 'needs_approval')
  })

  test('an unknown status and an absent one are told by name', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.waiting()
    const odd = await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'lost', note: 'x' })
    assert.deepEqual(odd.codes(), ['invalid_value:status'])
    const withoutNote = await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'lost' })
    assert.deepEqual(withoutNote.codes(), ['invalid_value:status'])
    for (const body of [{ note: 'x' }, {}]) {
      const none = await shop.tenant.put(`/order/certificate/${id}/status`, body)
      assert.deepEqual(none.codes(), ['required_param:status'])
    }
    const empty = await shop.tenant.put(`/order/certificate/${id}/status`)
    assert.deepEqual(empty.codes(), ['missing_request_data'])
  })

  test('cancelling a pending reissue gives the order its former state back', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const asked = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
      certificate: { csr: await csrPem() },
    })
    assert.equal(asked.status, 201, asked.text)
    assert.equal(await shop.status(id), 'reissue_pending')
    const [request] = asked.json().requests
    const answer = await shop.tenant.put(`/order/certificate/${id}/status`, cancel)
    assert.equal(answer.status, 204, answer.text)
    const info = await shop.info(id)
    assert.equal(info.status, 'issued')
    assert.equal(info.certificate.id, certificateId)
    const decided = (await shop.tenant.get(`/request/${request.id}`)).json()
    assert.deepEqual([decided.status, decided.processor_comment], ['rejected', 'not needed'])
    const { certificates } = (await shop.tenant.get(`/order/certificate/${id}/reissue`)).json()
    assert.deepEqual(
      certificates.map((each: { status: string }) => each.status),
      ['rejected'],
    )
  })

  test('an order is marked as renewed elsewhere, and that is taken back', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    for (const [status, isRenewed] of [
      ['renewed', true],
      ['not_renewed', false],
    ] as const) {
      const answer = await shop.tenant.put(`/order/certificate/${id}/status`, { status })
      assert.equal(answer.status, 204, answer.text)
      const info = await shop.info(id)
      assert.deepEqual([info.status, info.is_renewed, info.renewed_order_id], ['issued', isRenewed, 0])
    }
  })

  test('an order that another one renews stays renewed', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    shop.service.advance(120 * 86_400_000)
    await shop.order({ rest: { renewal_of_order_id: id } })
    const answer = await shop.tenant.put(`/order/certificate/${id}/status`, { status: 'not_renewed' })
    assert.deepEqual(answer.codes(), ['invalid_value:status'])
  })
})

describe('deleting an order', () => {
  test('an order without certificate is removed with its request', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, requestId } = await shop.waiting({ rest: { alternative_order_id: 'mine-1' } })
    assert.equal((await shop.tenant.delete(`/order/certificate/${id}`)).status, 204)
    assert.deepEqual((await shop.tenant.get(`/order/certificate/${id}`)).codes(), ['not_found|order'])
    assert.equal((await shop.tenant.get(`/request/${requestId}`)).status, 404)
    await shop.waiting({ rest: { alternative_order_id: 'mine-1' } })
  })

  test('one that was approved and waits for something else is removed with its request, too', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, requestId } = await shop.order({
      product: 'client_authentication_plus',
      certificate: { common_name: 'Ada Moser', emails: ['ada@shop.example.com'], csr: undefined },
    })
    assert.equal(await shop.status(id), 'waiting_pickup')
    assert.equal((await shop.tenant.delete(`/order/certificate/${id}`)).status, 204)
    assert.equal((await shop.tenant.get(`/request/${requestId}`)).status, 404)
    assert.deepEqual((await shop.tenant.get('/request')).json().requests, [])
  })

  test('an issued order stays', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    assert.deepEqual((await shop.tenant.delete(`/order/certificate/${id}`)).codes(), ['invalid_value:status'])
    assert.equal(await shop.status(id), 'issued')
  })

  test('a key that only reads deletes nothing', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.waiting()
    const reader = await shop.tenant.as('administrator', { restriction: 'view' })
    const answer = await reader.delete(`/order/certificate/${id}`)
    assert.deepEqual([answer.status, answer.codes()], [403, ['access_denied|missing_permission']])
  })
})
