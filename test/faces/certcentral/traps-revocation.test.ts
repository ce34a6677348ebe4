import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

describe('revoking and cancelling as clients ask for it', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  before(async () => {
    shop = await Shop.open(scope)
  })

  for (const status of ['canceled', 'CANCELED', 'Canceled']) {
    test(`trap 5 an order is canceled by ${status}`, async () => {
      const { id } = await shop.waiting()
      const answer = await shop.tenant.put(`/order/certificate/${id}/status`, { status, note: 'over' })
      assert.equal(answer.status, 204, answer.text)
      assert.equal(await shop.status(id), 'canceled')
    })
  }

  for (const member of ['comments', 'comment', 'Comment']) {
    test(`trap 5 why a certificate is revoked is read from ${member}`, async () => {
      const { certificateId } = await shop.order()
      const answer = await shop.tenant.put(`/certificate/${certificateId}/revoke`, { [member]: 'key lost' })
      assert.equal(answer.status, 201, answer.text)
      assert.equal(answer.json().comments, 'key lost')
    })
  }

  for (const member of ['reason', 'revocation_reason']) {
    for (const reason of ['keyCompromise', 'key_compromise', 'affiliation_change', 'superseded']) {
      test(`trap 5 the reason ${reason} is read from ${member}`, async () => {
        const { certificateId } = await shop.order()
        const answer = await shop.tenant.put(`/certificate/${certificateId}/revoke`, {
          [member]: reason,
          skip_approval: true,
        })
        assert.deepEqual([answer.status, answer.text], [204, ''])
      })
    }
    test(`trap 5 a reason nobody knows is refused by the name of ${member}, and revokes nothing`, async () => {
      const { id, certificateId } = await shop.order()
      const answer = await shop.tenant.put(`/certificate/${certificateId}/revoke`, {
        [member]: 'boredom',
        skip_approval: true,
      })
      assert.deepEqual([answer.status, answer.codes()], [400, [`invalid_value:${member}`]])
      assert.equal((await shop.tenant.get(`/certificate/${certificateId}`)).json().status, 'issued')
      assert.equal(await shop.status(id), 'issued')
    })
  }

  test('trap 10 only a reason in the body asks for a revocation, and is answered with 200', async () => {
    const { certificateId } = await shop.order()
    const answer = await shop.tenant.put(`/certificate/${certificateId}/revoke`, { reason: 'superseded' })
    assert.deepEqual([answer.status, answer.json().type, answer.json().status], [200, 'revoke', 'pending'])
  })

  test('trap 10 user/me tells a bad key from a good one', async () => {
    const { service, tenant } = shop
    const good = await tenant.get('/user/me')
    assert.deepEqual([good.status, good.json().id], [200, tenant.administrator.id])
    for (const key of ['wrong', '', `${tenant.key}0`]) {
      const bad = await service.call(key, 'GET', '/user/me')
      assert.deepEqual([bad.status, bad.codes()], [403, ['access_denied|access_denied_invalid_key']], key)
    }
  })

  test('trap 16 cancelling the order of another account is 404 as for an order nobody has', async () => {
    const other = await Shop.of(shop.service, 'bea@example.test')
    const { id } = await other.waiting()
    for (const order of [id, 999_999]) {
      const answer = await shop.tenant.put(`/order/certificate/${order}/status`, {
        status: 'CANCELED',
        note: null,
      })
      assert.deepEqual([answer.status, answer.codes()], [404, ['not_found|order']])
    }
    assert.equal(await other.status(id), 'needs_approval')
  })

  test('trap 16 the note of a cancellation may be null', async () => {
    const { id } = await shop.waiting()
    const answer = await shop.tenant.put(`/order/certificate/${id}/status`, {
      status: 'CANCELED',
      note: null,
    })
    assert.equal(answer.status, 204, answer.text)
  })

  for (const revoked of ['certificate', 'order'] as const) {
    test(`trap 18 revoking one ${revoked} without skip_approval answers 201 and its request, which approval carries out`, async () => {
      const { id, certificateId } = await shop.order()
      const url =
        revoked === 'order' ? `/order/certificate/${id}/revoke` : `/certificate/${certificateId}/revoke`
      const answer = await shop.tenant.put(url, { comments: 'over' })
      assert.equal(answer.status, 201, answer.text)
      const request = answer.json()
      assert.deepEqual(
        [request.type, request.status, request.comments, request.requester.id],
        ['revoke', 'pending', 'over', shop.tenant.administrator.id],
      )
      assert.equal((await shop.tenant.get(`/certificate/${certificateId}`)).json().status, 'issued')
      const approved = await shop.tenant.put(`/request/${request.id}/status`, { status: 'approved' })
      assert.equal(approved.status, 204, approved.text)
      assert.equal((await shop.tenant.get(`/certificate/${certificateId}`)).json().status, 'revoked')
    })
  }

  test('trap 18 with approvals off the answer is 201 all the same, its request approved', async () => {
    const { id, certificateId } = await shop.order()
    await shop.tenant.setPolicy({ approvals: 'none' })
    const answer = await shop.tenant.put(`/certificate/${certificateId}/revoke`, {})
    const { id: request, status } = answer.json()
    const approved = await shop.tenant.put(`/request/${request}/status`, { status: 'approved' })
    const rejected = await shop.tenant.put(`/request/${request}/status`, { status: 'rejected' })
    await shop.tenant.setPolicy({ approvals: 'one' })
    assert.deepEqual([answer.status, status], [201, 'approved'])
    assert.equal(approved.status, 204, 'gateways approve what they asked for')
    assert.deepEqual([rejected.status, rejected.codes()], [400, ['invalid_value:status']])
    assert.equal((await shop.tenant.get(`/certificate/${certificateId}`)).json().status, 'revoked')
    assert.equal(await shop.status(id), 'issued')
  })

  test('an order shows its certificate as revoked, and as issued once it is reissued', async () => {
    const { id, certificateId } = await shop.order()
    assert.equal((await shop.info(id)).certificate.status, undefined)
    await shop.tenant.put(`/certificate/${certificateId}/revoke`, { skip_approval: true })
    assert.equal((await shop.info(id)).certificate.status, 'revoked')
    const reissued = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
      certificate: { csr: await csrPem() },
      skip_approval: true,
    })
    assert.equal(reissued.status, 201, reissued.text)
    assert.equal((await shop.info(id)).certificate.status, 'issued')
  })

  test('an order whose only certificate was revoked may be revoked itself, once', async () => {
    const { id, certificateId } = await shop.order()
    await shop.tenant.put(`/certificate/${certificateId}/revoke`, { skip_approval: true })
    assert.equal(await shop.status(id), 'issued')
    const url = `/order/certificate/${id}/revoke`
    const asked = await shop.tenant.put(url, {})
    assert.equal(asked.status, 201, asked.text)
    assert.equal(await shop.status(id), 'issued')
    await shop.tenant.put(`/request/${asked.json().id}/status`, { status: 'approved' })
    assert.equal(await shop.status(id), 'revoked')
    const again = await shop.tenant.put(url, { skip_approval: true })
    assert.deepEqual([again.status, again.codes()], [400, ['order_already_revoked']])
  })
})
