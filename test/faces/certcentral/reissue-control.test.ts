import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { csrPem, orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

const dayMs = 86_400_000

/** A public order over real DNS, whose first name is proven. */
async function place(scope: TestContext) {
  const internet = await startInternet(scope)
  const service = await TestService.start(scope, { outside: internet.outside })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant, ['ov'])
  await testDomain(tenant, organizationId, 'shop.example.com')
  const body = await orderBody(organizationId, {}, { dcv_method: 'dns-txt-token' })
  const answer = await tenant.post('/order/certificate/ssl_multi_domain', body)
  assert.equal(answer.status, 201, answer.text)
  const { id } = answer.json()
  const ask = async (act: 'reissue' | 'duplicate', certificate: object = {}) =>
    tenant.post(`/order/certificate/${id}/${act}`, {
      certificate: { csr: await csrPem(), ...certificate },
      skip_approval: true,
    })
  const info = async () => (await tenant.get(`/order/certificate/${id}`)).json()
  return { internet, service, tenant, id, ask, info }
}

test('a name that a reissue adds is proven by check-dcv, which issues it', async (scope) => {
  const { internet, tenant, id, ask, info } = await place(scope)
  const before = (await info()).certificate.id
  const { dcv_random_value: value } = (await ask('reissue', { dns_names: ['new.example.net'] })).json()
  assert.equal((await info()).status, 'reissue_pending')
  const early = await tenant.put(`/order/certificate/${id}/check-dcv`)
  // The other name is proven by its domain.
  assert.deepEqual([early.status, early.json().dcv_status], [200, 'invalid'])
  internet.publishTxt('new.example.net', value)
  const checked = await tenant.put(`/order/certificate/${id}/check-dcv`)
  assert.deepEqual([checked.status, checked.json().order_status], [200, 'issued'], checked.text)
  const after = await info()
  assert.equal(after.status, 'issued')
  assert.notEqual(after.certificate.id, before)
  assert.deepEqual(after.certificate.dns_names, ['www.shop.example.com', 'new.example.net'])
})

for (const act of ['reissue', 'duplicate'] as const) {
  test(`a ${act} is refused by CAA, leaves nothing, and goes through when the record is gone`, async (scope) => {
    const { internet, ask, info } = await place(scope)
    internet.publishCaa('example.com', 'other.example')
    const answer = await ask(act)
    assert.deepEqual([answer.status, answer.codes()], [400, ['caa_check_failed|www.shop.example.com']])
    const { status, reissues_count: reissues, duplicates_count: duplicates } = await info()
    assert.deepEqual([status, reissues, duplicates], ['issued', 0, 0])
    internet.records.length = 0
    assert.equal((await ask(act)).status, 201)
  })

  test(`caa_not_found for a ${act} where the account wants a record and there is none`, async (scope) => {
    const { tenant, ask } = await place(scope)
    await tenant.setPolicy({ caaRequired: true })
    assert.deepEqual((await ask(act)).codes(), ['caa_not_found|www.shop.example.com'])
  })
}

test('D12 a reissue whose proof has become too old waits for a new one', async (scope) => {
  const { internet, service, tenant, id, ask, info } = await place(scope)
  // Proofs of 2026-11-22 may be used for 200 days until 2027-03-15, and for 100 from then on.
  service.advance(130 * dayMs)
  const answer = await ask('reissue')
  assert.equal(answer.status, 201, answer.text)
  assert.equal((await info()).status, 'reissue_pending')
  const { dcv_random_value: value, domains } = answer.json()
  assert.deepEqual(
    domains.map((each: { dns_name: string }) => each.dns_name),
    ['www.shop.example.com'],
  )
  internet.publishTxt('www.shop.example.com', value)
  const checked = await tenant.put(`/order/certificate/${id}/check-dcv`)
  assert.equal(checked.status, 200, checked.text)
  const { certificate } = await info()
  assert.equal((await info()).status, 'issued')
  // 100 days from 2027-03-15 on (SC-081), both ends counted, and not beyond the order.
  const { intermediates } = (await tenant.get(`/certificate/${certificate.id}/chain`)).json()
  const leaf = new X509Certificate(intermediates[0].pem)
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / dayMs
  assert.ok(days <= 100, `${days} days`)
})
