import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { approveByMail } from '../../../src/core/domains/approve-by-mail.ts'
import { checkAnyDomain } from '../../../src/core/domains/check-domain-control.ts'
import { lookAtDomains } from '../../../src/core/domains/look-again.ts'
import { vouchForDomain } from '../../../src/core/domains/vouch-domain.ts'
import type { Engine } from '../../../src/core/engine.ts'
import { identify, type Principal } from '../../../src/core/identity/principal.ts'
import { cancelOrder, deleteOrder } from '../../../src/core/orders/cancel-order.ts'
import { tellingHolds } from '../../support/held.ts'
import { testCaller } from '../../support/installation.ts'
import { startInternet } from '../../support/internet.ts'
import { Shop } from './issued-orders.ts'
import { orderBody, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

/** Two orders by mail below a domain that is not proven yet. */
async function place(scope: TestContext) {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, { outside: internet.outside })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant)
  const submitted = await tenant.post('/domain', {
    name: 'example.com',
    organization: { id: organizationId },
    validations: [{ type: 'ov' }],
    dcv_method: 'dns-txt-token',
  })
  const { id: domainId, dcv_token: token } = submitted.json()
  const order = async () => {
    const body = await orderBody(undefined, {}, { dcv_method: 'email' })
    return (await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)).json().id
  }
  const ids = [await order(), await order()]
  const expected = [...ids.map((id) => `certificate_order ${id}`), `domain ${domainId}`]
  const telling = tellingHolds(service.engine)
  /**
   * Has what was left done, and holds each transaction against the order of all: orders by id, then domains.
   * @returns what was held of both, once each
   */
  const turns = async () => {
    await lookAtDomains(telling.engine, 100, new AbortController().signal)
    const own = telling.transactions.map((held) =>
      held.filter((each) => /^(certificate_order|domain) /.test(each)),
    )
    for (const held of own) assert.deepEqual(held, held.toSorted())
    return [...new Set(own.flat())].sort()
  }
  return { internet, domainId, token: token.token, expected, turns, engine: telling.engine }
}

test('the word of the operator holds orders before the domain', async (scope) => {
  const { engine, domainId, expected, turns } = await place(scope)
  await vouchForDomain(engine, domainId, testCaller)
  assert.deepEqual(await turns(), expected)
})

test('a proof that is found for a domain holds orders before the domain', async (scope) => {
  const { internet, engine, domainId, token, expected, turns } = await place(scope)
  internet.publishTxt('example.com', token)
  await checkAnyDomain(engine, domainId, testCaller, async () => undefined)
  assert.deepEqual(await turns(), expected)
})

test('an approval by mail holds its order in its turn, and all orders before the domain', async (scope) => {
  const { internet, engine, expected, turns } = await place(scope)
  const link = new URL(internet.linkTo('admin@example.com') ?? '')
  await approveByMail(engine, link.searchParams.get('token') ?? '', testCaller)
  assert.deepEqual(await turns(), expected)
})

for (const [name, end] of [
  ['canceled', (engine: Engine, by: Principal, id: string) => cancelOrder(engine, by, id, 'no', testCaller)],
  ['deleted', (engine: Engine, by: Principal, id: string) => deleteOrder(engine, by, id, testCaller)],
] as const) {
  test(`a renewal that is ${name} holds the renewed order before the funds, as one that is placed`, async (scope) => {
    const shop = await Shop.open(scope)
    await shop.tenant.setPolicy({
      prices: [{ product: 'private_ssl_multi_domain', centsPerYear: 1_000 }],
    })
    const renewed = await shop.order()
    const renewal = await shop.waiting({ rest: { renewal_of_order_id: renewed.id } })
    const { engine, held } = tellingHolds(shop.service.engine)
    const by = await identify(engine, shop.tenant.key, 'request')
    await end(engine, by, String(renewal.id))
    assert.deepEqual(
      held.filter((each) => !/certificate |request /.test(each)).map((each) => each.replace(/ .*/, '')),
      ['certificate_order', 'certificate_order', 'account_funds'],
    )
  })
}
