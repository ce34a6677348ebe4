import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { domains } from '../../../src/core/domains/domain.ts'
import { followOrdersJob } from '../../../src/jobs/follow-orders.ts'
import { storeKinds } from '../../support/stores.ts'
import { Shop } from './issued-orders.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const never = new AbortController().signal

const run = (shop: Shop) => followOrdersJob(shop.service.engine).run(never)

const keyOf = async (shop: Shop, certificateId: number) => {
  const { intermediates } = (await shop.tenant.get(`/certificate/${certificateId}/chain`)).json()
  return new X509Certificate(intermediates[0].pem).publicKey.export({ format: 'der', type: 'spki' })
}

for (const kind of storeKinds) {
  describe(`orders that are followed by themselves on ${kind.name}`, { skip: kind.skip }, () => {
    test('the next certificate of a plan comes within 30 days of the end, once, over the same key', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const plan = { order_validity: { years: 2 }, auto_reissue: 1 }
      const { id, certificateId } = await shop.order({
        certificate: { cert_validity: { days: 200 } },
        rest: plan,
      })
      shop.service.advance(169 * dayMs)
      await run(shop)
      assert.equal((await shop.info(id)).reissues_count, 0)
      shop.service.advance(2 * dayMs)
      await Promise.all([run(shop), run(shop), run(shop)])
      const info = await shop.info(id)
      assert.deepEqual([info.status, info.reissues_count], ['issued', 1])
      assert.deepEqual(await keyOf(shop, info.certificate.id), await keyOf(shop, certificateId))
      assert.equal(info.certificate.days_remaining, 199)
      await run(shop)
      assert.equal((await shop.info(id)).reissues_count, 1)
      const [event] = await shop.service.engine.query(
        `SELECT body FROM event WHERE body LIKE '%"type":"reissue"%'`,
      )
      assert.match(String(event?.body), /"type":"system"/)
    })

    test('a renewal is placed before the order ends, once, and says what the order said', async (scope) => {
      const shop = await Shop.open(scope, kind)
      const { id } = await shop.order({
        certificate: { dns_names: ['api.shop.example.com'] },
        rest: { auto_renew: 1, additional_emails: ['ops@shop.example.com'] },
      })
      shop.service.advance(330 * dayMs)
      await run(shop)
      assert.equal((await shop.info(id)).is_renewed, false)
      shop.service.advance(10 * dayMs)
      await Promise.all([run(shop), run(shop)])
      const { orders } = (await shop.tenant.get('/order/certificate?sort=order_id')).json()
      assert.equal(orders.length, 2)
      const follower = await shop.info(orders[1].id)
      assert.equal(follower.status, 'issued')
      assert.equal(follower.renewal_of_order_id, id)
      assert.deepEqual(follower.certificate.dns_names, ['www.shop.example.com', 'api.shop.example.com'])
      assert.deepEqual(follower.additional_emails, ['ops@shop.example.com'])
      assert.equal((await shop.info(id)).is_renewed, true)
    })
  })
}

test('an order that did not ask for it is left alone', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order({
    certificate: { cert_validity: { days: 100 } },
    rest: { order_validity: { years: 2 } },
  })
  shop.service.advance(90 * dayMs)
  await run(shop)
  assert.equal((await shop.info(id)).reissues_count, 0)
  await shop.tenant.put(`/order/certificate/${id}/auto-reissue`, { auto_reissue: 1 })
  await run(shop)
  assert.equal((await shop.info(id)).reissues_count, 1)
})

test('names that have to be proven again are not certified by themselves, and tried again an hour later', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order({
    product: 'ssl_multi_domain',
    rest: { order_validity: { years: 1 }, auto_reissue: 1 },
  })
  // The proof is older than the rules of the day allow by then.
  shop.service.advance(195 * dayMs)
  const { engine } = shop.service
  const prove = (at: number) =>
    engine.store.write(function* (transaction) {
      const [domain] = yield* transaction
        .collection(domains)
        .withValue(shop.tenant.accountId, 'name', 'shop.example.com', 1)
      if (domain?.evidence == null) throw new Error('the domain is proven')
      const evidence = { ...domain.evidence, at }
      yield* transaction.collection(domains).replace({ ...domain, evidence })
    })
  await prove(engine.clock.now() - 300 * dayMs)
  await run(shop)
  const info = await shop.info(id)
  assert.deepEqual([info.status, info.reissues_count], ['issued', 0])
  await prove(engine.clock.now())
  await run(shop)
  assert.equal((await shop.info(id)).reissues_count, 0, 'it was tried a moment ago')
  shop.service.advance(hourMs + 1_000)
  await run(shop)
  assert.equal((await shop.info(id)).reissues_count, 1)
})
