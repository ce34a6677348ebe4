import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { footprint } from '../../support/engine.ts'
import { startInternet, type TestInternet } from '../../support/internet.ts'
import { orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const target = 'dcv.ca.example.test'

interface Place {
  readonly internet: TestInternet
  readonly service: TestService
  readonly tenant: TestTenant
}

async function place(t: TestContext): Promise<Place> {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  return { internet, service, tenant: await service.tenant() }
}

/** A DV order that waits for control. */
async function dvOrder(tenant: TestTenant, method: string, certificate: object = {}, rest: object = {}) {
  const body = await orderBody(undefined, certificate, { dcv_method: method, ...rest })
  const answer = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.json()
}

const check = (tenant: TestTenant, id: number, body?: unknown) =>
  tenant.put(`/order/certificate/${id}/check-dcv`, body)

test('an order by dns-txt-token is issued by check-dcv once its value stands in DNS', async (t) => {
  const { internet, tenant } = await place(t)
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token')
  const before = await check(tenant, id)
  assert.deepEqual([before.status, before.codes()], [400, ['invalid_dns_txt']])
  internet.publishTxt('_dnsauth.www.shop.example.com', value)
  const after = await check(tenant, id, null)
  assert.equal(after.status, 200, after.text)
  assert.deepEqual(after.json(), {
    order_status: 'issued',
    certificate_id: after.json().certificate_id,
    dcv_status: 'valid',
    dns_name_validations: [{ dns_name: 'www.shop.example.com', status: 'approved' }],
  })
  assert.equal((await tenant.get(`/order/certificate/${id}`)).json().status, 'issued')
})

test('names below one registered domain are proven by it, and each by itself', async (t) => {
  const { internet, tenant } = await place(t)
  const names = ['a.shop.example.com', '*.b.shop.example.com', 'other.example.net']
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token', {
    ...{ common_name: 'a.shop.example.com', dns_names: names },
  })
  internet.publishTxt('example.com', value)
  const partly = await check(tenant, id)
  assert.equal(partly.status, 200, partly.text)
  assert.deepEqual([partly.json().dcv_status, partly.json().order_status], ['invalid', 'pending'])
  assert.deepEqual(
    partly.json().dns_name_validations.map(({ status }: { status: string }) => status),
    ['approved', 'approved', 'pending'],
  )
  const only = await check(tenant, id, { dns_names_validations: ['other.example.net'] })
  assert.deepEqual(only.codes(), ['invalid_dns_txt'])
  const foreign = await check(tenant, id, { dns_names_validations: ['foreign.example.net'] })
  assert.deepEqual(foreign.codes(), ['invalid_value:dns_names_validations'])
  internet.publishTxt('other.example.net', value)
  const rest = await check(tenant, id, { dns_names_validations: ['OTHER.example.net'] })
  assert.deepEqual([rest.status, rest.json().order_status], [200, 'issued'])
})

test('an order by dns-cname-token tells by its own code that no alias is there, and is issued by one', async (t) => {
  const { internet, tenant } = await place(t)
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-cname-token')
  assert.deepEqual((await check(tenant, id)).codes(), ['invalid_dns_cname'])
  internet.publishAlias(`${value}.www.shop.example.com`, target)
  assert.equal((await check(tenant, id)).json().order_status, 'issued')
})

test('an order by http-token is refused while any host lacks the file', async (t) => {
  const { internet, tenant } = await place(t)
  const names = ['www.shop.example.com', 'shop.example.com']
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'http-token', { dns_names: names })
  internet.publishFile('www.shop.example.com', `${value}\n`)
  const partly = await check(tenant, id)
  assert.deepEqual([partly.status, partly.codes()], [400, ['file_random_value_not_found']])
  internet.publishFile('shop.example.com', value)
  assert.equal((await check(tenant, id)).json().order_status, 'issued')
})

test('D9 a wildcard by http-token is refused when ordered and when the method is changed to it', async (t) => {
  const { tenant } = await place(t)
  const certificate = { common_name: '*.shop.example.com' }
  const body = await orderBody(undefined, certificate, { dcv_method: 'http-token' })
  const refused = await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)
  assert.deepEqual([refused.status, refused.codes()], [400, ['invalid_value:dcv_method']])
  const { id } = await dvOrder(tenant, 'dns-txt-token', certificate)
  const changed = await tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: 'http-token' })
  assert.deepEqual(changed.codes(), ['invalid_value:dcv_method'])
})

test('D19 ten checks at once are one look and one certificate', async (t) => {
  const { internet, tenant } = await place(t)
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token')
  internet.publishTxt('www.shop.example.com', value)
  const { certificates: before } = await footprint(tenant.service.engine)
  const asked = () => internet.dns.asked.filter((text) => text.startsWith('www.shop.example.com TXT')).length
  const answers = await Promise.all(Array.from({ length: 10 }, () => check(tenant, id)))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
  assert.equal(new Set(answers.map((answer) => answer.json().certificate_id)).size, 1)
  assert.equal(asked(), 1)
  assert.equal((await footprint(tenant.service.engine)).certificates, before + 1)
})

test('D11 a proof that is too old by the rules of the day is made anew before anything is issued', async (t) => {
  const { internet, service, tenant } = await place(t)
  const { engine } = service
  // 100 days have been the limit since 2027-03-15, 200 before that: a proof of November is over at once.
  engine.clock.time = Date.parse('2027-03-14T23:59:59Z')
  await testDomain(tenant, await testOrganization(tenant), 'shop.example.com', {
    evidence: {
      ...{ name: 'shop.example.com', method: 'dns-txt-token', value: 'value' },
      ...{ at: Date.parse('2026-11-22T00:00:00Z'), addresses: ['192.0.2.1'], perspectives: ['primary'] },
    },
  })
  const isIssued = async () =>
    (await dvOrder(tenant, 'dns-txt-token', {}, { order_validity: { days: 30 } })).certificate_chain !==
    undefined
  assert.ok(await isIssued())
  service.advance(1_000)
  const { id, certificate_chain: chain, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token')
  assert.equal(chain, undefined)
  internet.publishTxt('www.shop.example.com', value)
  assert.equal((await check(tenant, id)).json().order_status, 'issued')
})

test('the random value stays until it expires, then there is a new one', async (t) => {
  const { service, tenant } = await place(t)
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token')
  const renew = () => tenant.put(`/order/certificate/${id}/dcv-random-value`)
  const same = await renew()
  assert.deepEqual([same.status, same.json().dcv_random_value], [200, value])
  assert.match(same.json().expiration_date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
  service.advance(30 * 86_400_000)
  assert.deepEqual((await check(tenant, id)).codes(), ['invalid_dns_txt'])
  const fresh = await renew()
  assert.notEqual(fresh.json().dcv_random_value, value)
})

test('the method of an order can be changed while it waits, and not afterwards', async (t) => {
  const { internet, tenant } = await place(t)
  const { id, dcv_random_value: value } = await dvOrder(tenant, 'dns-txt-token')
  const change = (method: string) => tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: method })
  const byMail = await change('email')
  assert.deepEqual([byMail.status, byMail.text], [204, ''])
  assert.equal(internet.smtp.received.length, 5)
  for (const path of ['check-dcv', 'dcv-random-value']) {
    const answer = await tenant.put(`/order/certificate/${id}/${path}`)
    assert.deepEqual([answer.status, answer.codes()], [400, ['invalid_dns_method']], path)
  }
  const back = await change('http-token')
  assert.deepEqual([back.status, back.json().dcv_random_value], [200, value])
  assert.deepEqual((await change('tls-alpn')).codes(), ['invalid_value:dcv_method'])
  assert.deepEqual((await tenant.put(`/order/certificate/${id}/resend-emails`)).codes(), [
    'invalid_dns_method',
  ])
  internet.publishFile('www.shop.example.com', value)
  assert.equal((await check(tenant, id)).status, 200)
  assert.deepEqual((await change('email')).codes(), ['invalid_value:status'])
})

test('P6 the control of another account is not found, whatever is asked of it', async (t) => {
  const { service, tenant } = await place(t)
  const { id } = await dvOrder(tenant, 'dns-txt-token')
  const other = await service.tenant('eve@example.test')
  for (const path of ['check-dcv', 'dcv-random-value', 'resend-emails']) {
    const answer = await other.put(`/order/certificate/${id}/${path}`)
    assert.deepEqual([answer.status, answer.codes()], [404, ['not_found|order']], path)
  }
  const changed = await other.put(`/order/certificate/${id}/dcv-method`, { dcv_method: 'nonsense' })
  assert.deepEqual(changed.codes(), ['not_found|order'])
  for (const path of ['validation', 'dcv-emails']) {
    assert.deepEqual((await other.get(`/order/certificate/${id}/${path}`)).codes(), ['not_found|order'], path)
  }
})

test('the validation of an order is told name by name', async (t) => {
  const { tenant } = await place(t)
  const { id } = await dvOrder(tenant, 'dns-txt-token')
  assert.deepEqual((await tenant.get(`/order/certificate/${id}/validation`)).json(), {
    status: 'pending',
    dcv_method: 'dns-txt-token',
    domains: [{ name: 'www.shop.example.com', status: 'pending' }],
  })
  assert.deepEqual((await tenant.get(`/order/certificate/${id}/dcv-emails`)).json().dcv_emails, [
    {
      dns_name: 'www.shop.example.com',
      name_scope: 'example.com',
      base_emails: ['admin', 'administrator', 'webmaster', 'hostmaster', 'postmaster'].map(
        (part) => `${part}@example.com`,
      ),
      whois_emails: [],
      dns_txt_emails: [],
    },
  ])
})
