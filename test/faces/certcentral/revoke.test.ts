import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { orderCertificates } from '../../../src/core/orders/orders.ts'
import { storeKinds } from '../../support/stores.ts'
import { type Ordered, Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'
import type { Answer, TestTenant } from './service.ts'

const atOnce = { skip_approval: true }

const revoke = (by: TestTenant, identifier: number | string, body?: object): Promise<Answer> =>
  by.put(`/certificate/${identifier}/revoke`, body)

/** Reason the engine's certificate is revoked for; undefined while it is not. */
async function reasonOf({ service, tenant }: Shop, certificateId: number): Promise<number | undefined> {
  const status = await service.engine.store.read(function* (view) {
    const found = yield* view.collection(orderCertificates).byId(tenant.accountId, certificateId)
    const id = found?.issued?.certificateId
    return id === undefined ? undefined : yield* view.status.of(id)
  })
  return status?.status === 'revoked' ? status.reason : undefined
}

/** Certificate ids of a reissue or a duplicate that is issued at once. */
async function another(shop: Shop, { id }: Ordered, act: 'reissue' | 'duplicate'): Promise<number> {
  const answer = await shop.tenant.post(`/order/certificate/${id}/${act}`, {
    certificate: { csr: await csrPem() },
    ...atOnce,
  })
  assert.equal(answer.status, 201, answer.text)
  return answer.json().certificate_id
}

describe('revoking one certificate', () => {
  test('an approver who skips the approval gets 204 without a body, and the order stays issued', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const answer = await revoke(shop.tenant, certificateId, atOnce)
    assert.deepEqual([answer.status, answer.text], [204, ''])
    assert.equal(await shop.status(id), 'issued')
    assert.equal(await reasonOf(shop, certificateId), 0)
    assert.equal((await shop.tenant.get(`/certificate/${certificateId}`)).json().status, 'revoked')
  })

  test('without skipping, the answer is the request as JSON, and nothing is revoked yet', async (scope) => {
    const shop = await Shop.open(scope)
    const { certificateId } = await shop.order()
    const answer = await revoke(shop.tenant, certificateId, { comments: 'key lost', reason: 'superseded' })
    assert.equal(answer.status, 201)
    const { id, date, requester, ...others } = answer.json()
    assert.deepEqual(others, { type: 'revoke', status: 'pending', comments: 'key lost' })
    assert.equal(Number.isInteger(id), true)
    assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
    assert.equal(requester.id, shop.tenant.administrator.id)
    assert.equal(await reasonOf(shop, certificateId), undefined)
    const decided = await shop.tenant.put(`/request/${id}/status`, { status: 'approved' })
    assert.equal(decided.status, 204, decided.text)
    assert.equal(await reasonOf(shop, certificateId), 4)
  })

  test('asking again while a request waits gives that request, and skipping the approval decides on it', async (scope) => {
    const shop = await Shop.open(scope)
    const { certificateId } = await shop.order()
    const first = (await revoke(shop.tenant, certificateId, {})).json()
    const second = (await revoke(shop.tenant, certificateId, {})).json()
    assert.equal(second.id, first.id)
    assert.equal((await revoke(shop.tenant, certificateId, { ...atOnce, reason: 'superseded' })).status, 204)
    assert.equal(await reasonOf(shop, certificateId), 4)
    assert.equal((await shop.tenant.get(`/request/${first.id}`)).json().status, 'approved')
  })

  test('a rejected request revokes nothing', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const request = (await revoke(shop.tenant, certificateId, {})).json()
    await shop.tenant.put(`/request/${request.id}/status`, { status: 'rejected' })
    assert.equal(await reasonOf(shop, certificateId), undefined)
    assert.equal(await shop.status(id), 'issued')
  })

  test('whoever may not approve asks, although he wants to skip', async (scope) => {
    const shop = await Shop.open(scope)
    const standard = await shop.tenant.as('standard')
    const { certificateId } = await shop.order()
    const answer = await revoke(standard, certificateId, atOnce)
    assert.deepEqual([answer.status, answer.json().status], [201, 'pending'])
    assert.equal(await reasonOf(shop, certificateId), undefined)
  })

  test('where nobody approves, a certificate is revoked at once and the request is answered as approved', async (scope) => {
    const shop = await Shop.open(scope)
    const { certificateId } = await shop.order()
    await shop.tenant.setPolicy({ approvals: 'none' })
    const answer = await revoke(shop.tenant, certificateId, { comments: 'done' })
    assert.deepEqual([answer.status, answer.json().status], [201, 'approved'])
    assert.equal(await reasonOf(shop, certificateId), 0)
  })

  const reasons: readonly (readonly [spelling: object, reason: number])[] = [
    [{}, 0],
    [{ revocation_reason: 'unspecified' }, 0],
    [{ revocation_reason: 'keyCompromise' }, 1],
    [{ reason: 'key_compromise' }, 1],
    [{ revocation_reason: 'affiliationChanged' }, 3],
    [{ reason: 'affiliation_change' }, 3],
    [{ revocation_reason: 'superseded' }, 4],
    [{ revocation_reason: 'cessationOfOperation' }, 5],
    [{ reason: 'cessation_of_operation' }, 5],
  ]
  test('every spelling of a reason is understood', async (scope) => {
    const shop = await Shop.open(scope)
    for (const [spelling, reason] of reasons) {
      const { certificateId } = await shop.order()
      const answer = await revoke(shop.tenant, certificateId, { ...atOnce, ...spelling })
      assert.equal(answer.status, 204, answer.text)
      assert.equal(await reasonOf(shop, certificateId), reason, JSON.stringify(spelling))
    }
  })

  test('an unknown reason is refused by the name it came in', async (scope) => {
    const shop = await Shop.open(scope)
    const { certificateId } = await shop.order()
    for (const name of ['reason', 'revocation_reason']) {
      const answer = await revoke(shop.tenant, certificateId, { ...atOnce, [name]: 'caCompromise' })
      assert.deepEqual([answer.status, answer.codes()], [400, [`invalid_value:${name}`]])
    }
    assert.equal(await reasonOf(shop, certificateId), undefined)
  })

  for (const spelling of ['comments', 'comment', 'Comment']) {
    test(`the comment is taken from ${spelling}`, async (scope) => {
      const shop = await Shop.open(scope)
      const { certificateId } = await shop.order()
      const answer = await revoke(shop.tenant, certificateId, { [spelling]: 'gone' })
      assert.equal(answer.json().comments, 'gone')
    })
  }

  test('a certificate is named by its serial number in any letter case, and by no body at all', async (scope) => {
    const shop = await Shop.open(scope)
    for (const change of [(text: string) => text.toLowerCase(), (text: string) => text.toUpperCase()]) {
      const { id, certificateId } = await shop.order()
      const { serial_number: serialNumber } = (await shop.info(id)).certificate
      const answer = await revoke(shop.tenant, change(serialNumber))
      assert.equal(answer.status, 201, answer.text)
      const [waiting] = (await shop.info(id)).requests.filter(
        (each: { type: string }) => each.type === 'revoke',
      )
      await shop.tenant.put(`/request/${waiting.id}/status`, { status: 'approved' })
      assert.equal(await reasonOf(shop, certificateId), 0)
    }
  })

  test('what is revoked already, not issued, or over is refused', async (scope) => {
    const shop = await Shop.open(scope)
    const { certificateId } = await shop.order()
    await revoke(shop.tenant, certificateId, atOnce)
    const again = await revoke(shop.tenant, certificateId, atOnce)
    assert.deepEqual([again.status, again.codes()], [400, ['invalid_value:certificate_id']])
    const pending = await shop.waiting()
    const early = await revoke(shop.tenant, pending.certificateId, atOnce)
    assert.deepEqual(early.codes(), ['invalid_value:certificate_id'])
    const brief = await shop.order({ rest: { order_validity: { days: 2 } } })
    shop.service.advance(3 * 86_400_000)
    const late = await revoke(shop.tenant, brief.certificateId, atOnce)
    assert.deepEqual(late.codes(), ['invalid_value:certificate_id'])
  })

  test('nothing of an order is revoked while its reissue waits', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    await shop.tenant.post(`/order/certificate/${id}/reissue`, { certificate: { csr: await csrPem() } })
    const one = await revoke(shop.tenant, certificateId, atOnce)
    assert.deepEqual([one.status, one.codes()], [400, ['pending_reissue']])
    const all = await shop.tenant.put(`/order/certificate/${id}/revoke`, atOnce)
    assert.deepEqual([all.status, all.codes()], [400, ['pending_reissue']])
  })

  test("another account's certificate is not there, by id or serial number", async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const { serial_number: serialNumber } = (await shop.info(id)).certificate
    const other = await shop.service.tenant('eve@example.test')
    for (const identifier of [certificateId, serialNumber, '999999', 'zz', '']) {
      const answer = await revoke(other, identifier, atOnce)
      assert.equal(answer.status, 404, String(identifier))
    }
    assert.equal(await reasonOf(shop, certificateId), undefined)
  })

  test('a superseded certificate and a duplicate are revoked like the one that counts', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const duplicate = await another(shop, ordered, 'duplicate')
    const reissue = await another(shop, ordered, 'reissue')
    for (const certificateId of [ordered.certificateId, duplicate, reissue]) {
      assert.equal(await reasonOf(shop, certificateId), undefined)
      const answer = await revoke(shop.tenant, certificateId, atOnce)
      assert.equal(answer.status, 204, answer.text)
      assert.equal(await reasonOf(shop, certificateId), 0)
    }
  })

  test('an account may want an order to end with its last certificate', async (scope) => {
    const shop = await Shop.open(scope)
    await shop.tenant.setPolicy({ revokesOrderWithItsCertificate: true })
    const ordered = await shop.order()
    const duplicate = await another(shop, ordered, 'duplicate')
    await revoke(shop.tenant, ordered.certificateId, atOnce)
    assert.equal(await shop.status(ordered.id), 'issued')
    await revoke(shop.tenant, duplicate, atOnce)
    assert.equal(await shop.status(ordered.id), 'revoked')
  })
})

describe('revoking an order', () => {
  test('original, reissue and duplicate are revoked with it, and its waiting duplicate is given up', async (scope) => {
    const shop = await Shop.open(scope)
    const ordered = await shop.order()
    const duplicate = await another(shop, ordered, 'duplicate')
    const reissue = await another(shop, ordered, 'reissue')
    const waiting = await shop.tenant.post(`/order/certificate/${ordered.id}/duplicate`, {
      certificate: { csr: await csrPem() },
    })
    const answer = await shop.tenant.put(`/order/certificate/${ordered.id}/revoke`, {
      ...atOnce,
      revocation_reason: 'cessationOfOperation',
    })
    assert.deepEqual([answer.status, answer.text], [204, ''])
    assert.equal(await shop.status(ordered.id), 'revoked')
    for (const certificateId of [ordered.certificateId, duplicate, reissue]) {
      assert.equal(await reasonOf(shop, certificateId), 5)
    }
    const request = (await shop.tenant.get(`/request/${waiting.json().requests[0].id}`)).json()
    assert.equal(request.status, 'rejected')
    const list = await shop.tenant.get(`/order/certificate/${ordered.id}/duplicate`)
    assert.deepEqual(
      list.json().certificates.map((each: { status: string }) => each.status),
      ['rejected', 'revoked'],
    )
  })

  test('it waits for an approver like a certificate does', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const asked = await shop.tenant.put(`/order/certificate/${id}/revoke`, { Comment: 'all of it' })
    assert.deepEqual([asked.status, asked.json().type, asked.json().status], [201, 'revoke', 'pending'])
    const decided = await shop.tenant.put(`/request/${asked.json().id}/status`, { status: 'approved' })
    assert.equal(decided.status, 204, decided.text)
    assert.equal(await shop.status(id), 'revoked')
    assert.equal(await reasonOf(shop, certificateId), 0)
  })

  test('an order without a certificate to revoke, and an unknown one, are refused', async (scope) => {
    const shop = await Shop.open(scope)
    const waiting = await shop.waiting()
    const early = await shop.tenant.put(`/order/certificate/${waiting.id}/revoke`, atOnce)
    assert.deepEqual(early.codes(), ['invalid_value:order_id'])
    const { id } = await shop.order()
    await shop.tenant.put(`/order/certificate/${id}/revoke`, atOnce)
    const again = await shop.tenant.put(`/order/certificate/${id}/revoke`, atOnce)
    assert.deepEqual(again.codes(), ['order_already_revoked'])
    const unknown = await shop.tenant.put('/order/certificate/999/revoke', atOnce)
    assert.deepEqual([unknown.status, unknown.codes()], [404, ['not_found|order']])
  })
})

for (const kind of storeKinds) {
  test(`of ten revocations at once on ${kind.name}, one revokes and the others find it done`, {
    skip: kind.skip,
  }, async (scope) => {
    const shop = await Shop.open(scope, kind)
    const { id, certificateId } = await shop.order()
    const serialNumber = new X509Certificate(
      (await shop.tenant.get(`/certificate/${certificateId}/chain`)).json().intermediates[0].pem,
    ).serialNumber
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => revoke(shop.tenant, n % 2 ? certificateId : serialNumber, atOnce)),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, ...Array(9).fill(400)])
    const requests = (await shop.info(id)).requests.filter((each: { type: string }) => each.type === 'revoke')
    assert.equal(requests.length, 1)
  })
}
