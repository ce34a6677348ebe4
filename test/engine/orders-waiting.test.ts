import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { lookAtDomains, lookAtOrders } from '../../src/core/domains/look-again.ts'
import { vouchForDomain } from '../../src/core/domains/vouch-domain.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { identify } from '../../src/core/identity/principal.ts'
import { advanceOrder } from '../../src/core/orders/advance-order.ts'
import type { Order, OrderCertificate } from '../../src/core/orders/order.ts'
import { orderCertificates, orderRequests, orders } from '../../src/core/orders/orders.ts'
import { reissueOrder } from '../../src/core/orders/reissue-order.ts'
import { parseCertificationRequest } from '../../src/pki/csr.ts'
import { pemBlocks } from '../../src/pki/pem.ts'
import { duplicate, leafOf } from '../faces/certcentral/duplicates.ts'
import { Shop } from '../faces/certcentral/issued-orders.ts'
import { csrPem, testDomain } from '../faces/certcentral/ordering.ts'
import { testCaller } from '../support/installation.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

const look = ({ service }: Shop) => lookAtOrders(service.engine, 100, AbortSignal.timeout(60_000))

const changeOrder = ({ service, tenant }: Shop, id: number, change: (order: Order) => Order) =>
  service.engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(orders).hold(tenant.accountId, id)
    assert.ok(held !== undefined)
    yield* transaction.collection(orders).replace(change(held))
  })

const certificatesOf = async ({ service, tenant }: Shop, id: number) =>
  service.engine.store.read((view) =>
    view.collection(orderCertificates).withValue(tenant.accountId, 'order_id', id, 100),
  )

/** Does something once, when somebody comes to a point. */
function once(at: StopPoint, act: () => Promise<unknown>) {
  let isDone = false
  return async (point: StopPoint): Promise<void> => {
    if (point !== at || isDone) return
    isDone = true
    await act()
  }
}

/** What a process leaves that ends after it has reserved a serial number. */
const leaveClaim = async (shop: Shop, { id }: Pick<OrderCertificate, 'id'>, until: number) =>
  shop.service.engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(orderCertificates).hold(shop.tenant.accountId, id)
    assert.ok(held !== undefined)
    const claim = { attempt: 'ended', until }
    yield* transaction.collection(orderCertificates).replace({ ...held, claim })
  })

describe('orders that wait', () => {
  test('an approval is missed by nobody, however many requests an order has', async (scope) => {
    const shop = await Shop.open(scope)
    const { engine } = shop.service
    const { id, requestId } = await shop.order()
    await engine.store.write(function* (transaction) {
      const rows = transaction.collection(orderRequests)
      const first = yield* rows.byId(shop.tenant.accountId, requestId)
      assert.ok(first !== undefined)
      for (let n = 0; n < 1_001; n++) {
        yield* rows.insert({ ...first, id: yield* rows.nextId(), type: 'revoke', status: 'rejected' })
      }
    })
    const body = { certificate: { csr: await csrPem() }, skip_approval: false }
    const asked = await shop.tenant.post(`/order/certificate/${id}/reissue`, body)
    assert.equal(asked.json().requests[0].status, 'pending', asked.text)
    const { chain } = await advanceOrder(engine, shop.tenant.accountId, id, testCaller)
    assert.equal(chain, undefined)
    assert.equal(await shop.status(id), 'reissue_pending')
  })

  test('what is signed is the CSR that the order has, also when it was replaced at that moment', async (scope) => {
    const shop = await Shop.open(scope)
    const { engine } = shop.service
    const { id } = await shop.waiting()
    await changeOrder(shop, id, (order) => ({ ...order, status: 'pending' }))
    await engine.store.write(function* (transaction) {
      const rows = transaction.collection(orderRequests)
      const [request] = yield* rows.withValue(shop.tenant.accountId, 'order_id', id, 1)
      assert.ok(request !== undefined)
      yield* rows.replace({ ...request, status: 'approved' })
    })
    const [certificate] = await certificatesOf(shop, id)
    assert.ok(certificate !== undefined)
    const csr = await csrPem()
    const content = { ...certificate.content, csr }
    const stopAt = once('issue.before-reserve', () =>
      engine.store.write((transaction) =>
        transaction.collection(orderCertificates).replace({ ...certificate, content }),
      ),
    )
    const { accountId } = shop.tenant
    await advanceOrder({ ...engine, stopAt }, accountId, id, testCaller)
    assert.equal(await shop.status(id), 'pending', 'whoever replaced it goes on')
    const { chain } = await advanceOrder(engine, accountId, id, testCaller)
    const { publicKey } = new X509Certificate(chain?.[0]?.der ?? new Uint8Array())
    const { spki } = parseCertificationRequest(pemBlocks(csr)[0]?.der ?? new Uint8Array())
    assert.deepEqual(publicKey.export({ type: 'spki', format: 'der' }), Buffer.from(spki.der))
  })

  test('a reissue whose process ended after its approval is made good, as often as it takes', async (scope) => {
    const shop = await Shop.open(scope)
    const { id, certificateId } = await shop.order()
    const body = { certificate: { csr: await csrPem() }, skip_approval: false }
    const { requests } = (await shop.tenant.post(`/order/certificate/${id}/reissue`, body)).json()
    const reissue = (await certificatesOf(shop, id)).at(-1)
    assert.ok(reissue !== undefined)
    await leaveClaim(shop, reissue, shop.service.engine.clock.now() + 3 * minuteMs)
    const approved = { status: 'approved' }
    await shop.tenant.put(`/request/${requests[0].id}/status`, approved)
    shop.service.advance(2 * minuteMs)
    assert.equal(await look(shop), 1)
    assert.equal(await shop.status(id), 'reissue_pending')
    shop.service.advance(2 * minuteMs)
    assert.equal(await look(shop), 1)
    const info = await shop.info(id)
    assert.equal(info.status, 'issued')
    assert.notEqual(info.certificate.id, certificateId)
    shop.service.advance(dayMs)
    await look(shop)
    shop.service.advance(dayMs)
    assert.equal(await look(shop), 0, 'nothing waits any more')
  })

  test('a claim that was left while the clock ran ahead keeps nobody away once it was put back', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const body = { certificate: { csr: await csrPem() }, skip_approval: false }
    const { requests } = (await shop.tenant.post(`/order/certificate/${id}/reissue`, body)).json()
    const reissue = (await certificatesOf(shop, id)).at(-1)
    assert.ok(reissue !== undefined)
    await leaveClaim(shop, reissue, shop.service.engine.clock.now() + 365 * dayMs)
    await shop.tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })
    assert.equal(await shop.status(id), 'issued')
  })

  test('a reissue leaves what others changed while it was signed', async (scope) => {
    const shop = await Shop.open(scope)
    const { engine } = shop.service
    const { id } = await shop.order()
    const change = () =>
      changeOrder(shop, id, (order) => ({ ...order, disableCt: true, provisioning: 'email' }))
    const by = await identify(engine, shop.tenant.key, 'request')
    const asBefore = {
      ...{
        commonName: null,
        dnsNames: null,
        csr: await csrPem(),
        signatureHash: null,
        serverPlatformId: null,
      },
      ...{ organizationUnits: null, caCertId: null, validity: null, skipApproval: true, comments: '' },
      ...{ disableCt: null, method: null, controlScope: null, approvers: [], customFields: [] },
      ...{ provisioning: null, shipTo: null, isStoredAsDuplicate: false },
    }
    const options = { binding: { *bind() {} }, pause: () => Promise.resolve() }
    const stopped = { ...engine, stopAt: once('issue.linted', change) }
    const { order } = await reissueOrder(stopped, by, String(id), asBefore, options, testCaller)
    assert.deepEqual([order.reissuesCount, order.disableCt, order.provisioning], [1, true, 'email'])
  })

  test('a reissue that waits for a name goes on as soon as its domain is proven', async (scope) => {
    const shop = await Shop.open(scope)
    const { tenant, service } = shop
    const { id } = await shop.order({ product: 'ssl_dv_geotrust_flex' })
    const dns_names = ['www.shop.example.com', 'new.example.net']
    const certificate = { common_name: 'www.shop.example.com', dns_names, csr: await csrPem() }
    const asked = await tenant.post(`/order/certificate/${id}/reissue`, { certificate, skip_approval: true })
    assert.equal(asked.status, 201, asked.text)
    assert.equal(await shop.status(id), 'reissue_pending')
    const domain = await testDomain(tenant, shop.organizationId, 'example.net', { evidence: null })
    await vouchForDomain(service.engine, domain, testCaller)
    await lookAtDomains(service.engine, 100, AbortSignal.timeout(60_000))
    await look(shop)
    assert.equal(await shop.status(id), 'issued')
  })

  test('D12 an order that waits is not issued for a domain that was deactivated meanwhile', async (scope) => {
    const shop = await Shop.open(scope)
    const product = 'ssl_dv_geotrust_flex'
    const { id, requestId } = await shop.waiting({
      product,
      certificate: { common_name: 'shop.example.com' },
    })
    const [domain] = (await shop.tenant.get('/domain')).json().domains
    await changeOrder(shop, id, (order) => {
      assert.ok(order.methods !== null)
      const at = shop.service.engine.clock.now()
      const proof = { name: 'shop.example.com', method: 'dns-txt-token', value: 'value', at } as const
      const evidence = [{ ...proof, addresses: [], perspectives: [] }]
      return { ...order, methods: { ...order.methods, evidence } }
    })
    assert.equal((await shop.tenant.put(`/domain/${domain.id}/deactivate`)).status, 204)
    await shop.tenant.put(`/request/${requestId}/status`, { status: 'approved' })
    assert.equal(await shop.status(id), 'pending')
    assert.equal((await shop.tenant.put(`/domain/${domain.id}/activate`)).status, 204)
    shop.service.advance(60 * minuteMs)
    await look(shop)
    assert.equal(await shop.status(id), 'issued')
  })

  test('V2 a duplicate of a certificate from before a shorter maximum is as long as may be on its day', async (scope) => {
    const shop = await Shop.open(scope)
    shop.service.advance(Date.UTC(2027, 2, 14) - shop.service.engine.clock.now())
    const later = await Shop.of(shop.service, 'grace@example.test')
    const product = 'ssl_multi_domain'
    const { id } = await later.order({ product })
    shop.service.advance(2 * dayMs)
    const answer = await duplicate(later, id)
    assert.equal(answer.status, 201, answer.text)
    const { validFromDate, validToDate } = new X509Certificate(leafOf(answer).raw)
    assert.equal(validToDate.getTime() + 1_000 - validFromDate.getTime(), 100 * dayMs)
  })
})
