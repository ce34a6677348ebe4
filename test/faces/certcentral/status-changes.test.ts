import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { orderCertificates, orders } from '../../../src/core/orders/orders.ts'
import { storeKinds } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

interface Row {
  readonly order_id: number
  readonly certificate_id: number
  readonly status: string
}

const changes = async (shop: Shop, query: string): Promise<readonly Row[]> => {
  const answer = await shop.tenant.get(`/order/certificate/status-changes?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json().orders
}

/** Stores an order again and again, with its certificate, all of the same instant. */
async function copies({ service, tenant }: Shop, id: number, count: number): Promise<void> {
  await service.engine.store.write(function* (transaction) {
    const [all, certificates] = [transaction.collection(orders), transaction.collection(orderCertificates)]
    const order = yield* all.byId(tenant.accountId, id)
    const certificate = yield* certificates.byId(tenant.accountId, order?.certificateId ?? 0)
    if (order === undefined || certificate === undefined) throw new Error('the order was placed')
    for (let n = 0; n < count; n++) {
      const [orderId, certificateId] = [yield* all.nextId(), yield* certificates.nextId()]
      yield* all.insert({ ...order, id: orderId, certificateId })
      yield* certificates.insert({ ...certificate, id: certificateId, orderId })
    }
  })
}

for (const kind of storeKinds) {
  describe(`status changes on ${kind.name}`, { skip: kind.skip }, () => {
    test('what changed within the minutes is told, and nothing else', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const early = await shop.order()
      shop.service.advance(10 * minuteMs)
      const late = await shop.waiting()
      assert.deepEqual(await changes(shop, 'minutes=9'), [
        { order_id: late.id, certificate_id: late.certificateId, status: 'needs_approval' },
      ])
      assert.deepEqual(
        (await changes(shop, 'minutes=10')).map(({ order_id }) => order_id),
        [early.id, late.id],
      )
      shop.service.advance(60 * minuteMs)
      assert.deepEqual(await changes(shop, 'minutes=30'), [])
    })

    test('a change of something else than its status does not bring an order back', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id } = await shop.order()
      shop.service.advance(60 * minuteMs)
      await shop.tenant.post(`/order/certificate/${id}/note`, { text: 'still here' })
      await shop.tenant.put(`/order/certificate/${id}/auto-renew`, { auto_renew: 1 })
      assert.deepEqual(await changes(shop, 'minutes=30'), [])
    })

    test('each certificate of an order has its row', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id, certificateId } = await shop.order()
      const ask = async (act: string, body: object = {}) =>
        shop.tenant.post(`/order/certificate/${id}/${act}`, {
          certificate: { csr: await csrPem() },
          skip_approval: true,
          ...body,
        })
      const duplicate = (await ask('duplicate')).json()
      const reissue = (await ask('reissue', { skip_approval: false })).json()
      const waiting = (await shop.tenant.get(`/order/certificate/${id}/reissue`)).json().certificates[0]
      assert.equal(reissue.requests[0].status, 'pending')
      assert.deepEqual(await changes(shop, 'minutes=1'), [
        { order_id: id, certificate_id: certificateId, status: 'reissue_pending' },
        { order_id: id, certificate_id: duplicate.certificate_id, status: 'issued' },
        { order_id: id, certificate_id: waiting.id, status: 'reissue_pending' },
      ])
    })

    test('a certificate that is revoked alone is told as revoked', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id, certificateId } = await shop.order()
      shop.service.advance(60 * minuteMs)
      await shop.tenant.put(`/certificate/${certificateId}/revoke`, { skip_approval: true })
      assert.deepEqual(await changes(shop, 'minutes=1'), [
        { order_id: id, certificate_id: certificateId, status: 'revoked' },
      ])
      assert.equal(await shop.status(id), 'issued')
    })

    test('an order that ends is told when its end is within the time', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id, certificateId } = await shop.order({ rest: { order_validity: { days: 3 } } })
      shop.service.advance(3 * dayMs - minuteMs)
      assert.deepEqual(await changes(shop, 'minutes=10'), [])
      shop.service.advance(2 * minuteMs)
      assert.deepEqual(await changes(shop, 'minutes=10'), [
        { order_id: id, certificate_id: certificateId, status: 'expired' },
      ])
      assert.equal(await shop.status(id), 'expired')
    })

    test('more than two pages of changes at one instant are told whole', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id } = await shop.waiting()
      await copies(shop, id, 2_100)
      const rows = await changes(shop, 'minutes=1')
      assert.equal(rows.length, 2_101)
      assert.equal(new Set(rows.map((row) => row.certificate_id)).size, 2_101)
    })
  })
}

describe('the time of status changes', () => {
  test('from one time to another, both ends inclusive', async (scope) => {
    const shop = await Shop.open(scope)
    const at = shop.service.engine.clock.now()
    const { id } = await shop.order()
    const day = new Date(at).toISOString().slice(0, 10)
    const filter = (value: string) => `filters[status_last_updated]=${encodeURIComponent(value)}`
    const ids = async (value: string) => (await changes(shop, filter(value))).map((row) => row.order_id)
    assert.deepEqual(await ids(`${day}...${day}`), [id])
    const second = new Date(at).toISOString().slice(0, 19)
    assert.deepEqual(await ids(`${second}...${second}`), [id])
    assert.deepEqual(await ids(`>${day}`), [])
    assert.deepEqual(await ids(`2001-01-01T00:00:00...2001-01-02T00:00:00`), [])
  })

  test('a week of minutes at most, and at least one', async (scope) => {
    const shop = await Shop.open(scope)
    const code = async (query: string) =>
      (await shop.tenant.get(`/order/certificate/status-changes?${query}`)).codes()
    assert.deepEqual(await changes(shop, 'minutes=10080'), [])
    assert.deepEqual(await changes(shop, 'minutes=1'), [])
    for (const minutes of ['10081', '0', '-1', 'many', '1.5']) {
      assert.deepEqual(await code(`minutes=${minutes}`), ['invalid_value:minutes'], minutes)
    }
    for (const seconds of ['604801', '0']) {
      assert.deepEqual(await code(`seconds=${seconds}`), ['invalid_value:seconds'], seconds)
    }
    assert.deepEqual(await code(''), ['required_param:minutes'])
    assert.deepEqual(await code('filters[status_last_updated]=never'), [
      'invalid_value:filters.status_last_updated',
    ])
  })

  test('the time is taken in seconds too', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    shop.service.advance(89_000)
    assert.deepEqual(
      (await changes(shop, 'seconds=90')).map(({ order_id }) => order_id),
      [id],
    )
    assert.deepEqual(await changes(shop, 'seconds=88'), [])
  })

  test('others see what lies in their sight only', async (scope) => {
    const shop = await Shop.open(scope)
    const limited = await shop.tenant.as('limited')
    const mine = await shop.order({}, limited)
    await shop.order()
    const answer = await limited.get('/order/certificate/status-changes?minutes=5')
    assert.deepEqual(
      answer.json().orders.map((row: Row) => row.order_id),
      [mine.id],
    )
    const other = await shop.service.tenant('eve@example.test')
    assert.deepEqual((await other.get('/order/certificate/status-changes?minutes=5')).json(), { orders: [] })
  })
})

describe("an order by the caller's own id", () => {
  test('it is found, and an unknown one gives an empty list', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order({ rest: { alternative_order_id: 'job 7/a' } })
    const expected = { orders: [{ order_id: id, certificate_id: certificateId, status: 'issued' }] }
    const path = `/order/certificate/alternative-order-id/${encodeURIComponent('job 7/a')}`
    assert.deepEqual((await shop.tenant.get(path)).json(), expected)
    const short = `/order/alternate/${encodeURIComponent('job 7/a')}`
    assert.deepEqual((await shop.tenant.get(short)).json(), expected)
    const filtered = '/order/certificate/status-changes?filters[alternative_order_id]=job%207/a'
    assert.deepEqual((await shop.tenant.get(filtered)).json(), expected)
    const unknown = await shop.tenant.get('/order/certificate/alternative-order-id/other')
    assert.deepEqual([unknown.status, unknown.json()], [200, { orders: [] }])
    const other = await shop.service.tenant('eve@example.test')
    assert.deepEqual((await other.get(path)).json(), { orders: [] })
  })
})
