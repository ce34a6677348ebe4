import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { csrPem, orderBody, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

interface ShownDomain {
  readonly id?: number
  readonly name: string
  readonly dns_name: string
  readonly dcv_token: { readonly token: string; readonly status: string }
}

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant, ['ov'])
  const order = async (names: readonly string[], rest: object = {}, product = 'ssl_basic') => {
    const certificate = { common_name: names[0], dns_names: names }
    const organization = product.includes('_dv_') ? undefined : organizationId
    const body = await orderBody(organization, certificate, { dcv_method: 'dns-txt-token', ...rest })
    const answer = await tenant.post(`/order/certificate/${product}`, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }
  return { internet, tenant, organizationId, order }
}

test('an order submits the domains of its organization, and their check issues it at once', async (t) => {
  const { internet, tenant, organizationId, order } = await place(t)
  const placed = await order(['www.shop.example.com', 'shop.example.com', 'example.net'])
  const shown: readonly ShownDomain[] = placed.domains
  const [first, second, third] = shown
  assert.deepEqual(
    shown.map(({ name, dns_name: dnsName }) => [name, dnsName]),
    [
      ['example.com', 'www.shop.example.com'],
      ['example.com', 'shop.example.com'],
      ['example.net', 'example.net'],
    ],
  )
  assert.equal(first?.id, second?.id)
  for (const { id, dcv_token: token } of [first, third].flatMap((each) => each ?? [])) {
    const domain = (await tenant.get(`/domain/${id}?include_dcv=true&include_validation=true`)).json()
    assert.equal(domain.is_pending_validation, true)
    assert.equal(domain.organization.id, organizationId)
    assert.equal(domain.validations[0].type, 'ov')
    assert.equal(domain.dcv_token.token, placed.dcv_random_value)
    assert.equal(token.token, placed.dcv_random_value)
  }
  internet.publishTxt('example.com', placed.dcv_random_value)
  assert.equal((await tenant.put(`/domain/${first?.id}/dcv/validate-token`)).status, 200)
  assert.equal((await tenant.get(`/order/certificate/${placed.id}`)).json().status, 'pending')
  internet.publishTxt('example.net', placed.dcv_random_value)
  assert.equal((await tenant.put(`/domain/${third?.id}/dcv/validate-token`)).status, 200)
  assert.equal((await tenant.get(`/order/certificate/${placed.id}`)).json().status, 'issued')
  assert.equal(
    (await tenant.get(`/certificate/${placed.certificate_id}/chain`)).json().intermediates.length,
    3,
  )
  assert.equal((await order(['other.example.com'])).certificate_chain.length, 3)
})

test('the check of an order proves the domains that it submitted', async (t) => {
  const { internet, tenant, order } = await place(t)
  const placed = await order(['example.com'])
  internet.publishTxt('example.com', placed.dcv_random_value)
  const checked = await tenant.put(`/order/certificate/${placed.id}/check-dcv`)
  assert.equal(checked.json().order_status, 'issued', checked.text)
  const domain = (await tenant.get(`/domain/${placed.domains[0].id}?include_dcv=true`)).json()
  assert.equal(domain.is_pending_validation, false)
})

test('a domain that the organization has is shown and keeps its own value', async (t) => {
  const { tenant, organizationId, order } = await place(t)
  const expiresAt = tenant.service.engine.clock.now() + 86_400_000
  const randomValue = { value: 'own-value', expiresAt }
  const id = await testDomain(tenant, organizationId, 'example.com', { evidence: null, randomValue })
  const placed = await order(['www.example.com'])
  assert.equal(placed.domains[0].id, id)
  assert.notEqual(placed.dcv_random_value, 'own-value')
  const domain = (await tenant.get(`/domain/${id}?include_dcv=true`)).json()
  assert.equal(domain.dcv_token.token, 'own-value')
  assert.equal((await tenant.get('/domain')).json().page.total, 1)
})

test('orders that prove each host, and orders by file, submit the hosts themselves', async (t) => {
  const { order } = await place(t)
  const scoped = await order(['a.example.com'], { certificate_dcv_scope: 'fqdn' })
  assert.equal(scoped.domains[0].name, 'a.example.com')
  const byFile = await order(['b.example.com'], { dcv_method: 'http-token' })
  assert.equal(byFile.domains[0].name, 'b.example.com')
})

test('orders without an organization, or approved by mail, submit no domain', async (t) => {
  const { tenant, order } = await place(t)
  const placed = await order(['www.example.com'], {}, 'ssl_dv_geotrust_flex')
  assert.deepEqual(Object.keys(placed.domains[0]), ['name', 'dns_name', 'dcv_token'])
  assert.equal((await order(['www.example.com'], { dcv_method: 'email' })).domains, undefined)
  assert.equal((await tenant.get('/domain')).json().page.total, 0)
})

test('the same alternative order id shows the same domains again', async (t) => {
  const { tenant, order } = await place(t)
  const rest = { alternative_order_id: 'mine-1' }
  const first = await order(['www.example.com'], rest)
  assert.deepEqual((await order(['www.example.com'], rest)).domains, first.domains)
  assert.equal((await tenant.get('/domain')).json().page.total, 1)
})

test('a reissue submits the domains of names that it adds', async (t) => {
  const { tenant, organizationId, order } = await place(t)
  await testDomain(tenant, organizationId, 'example.com')
  const { id } = await order(['www.example.com'])
  const reissued = await tenant.post(`/order/certificate/${id}/reissue`, {
    certificate: { csr: await csrPem(), dns_names: ['www.example.com', 'www.example.net'] },
    skip_approval: true,
    dcv_method: 'dns-txt-token',
  })
  assert.equal(reissued.status, 201, reissued.text)
  const [domain] = reissued.json().domains
  assert.deepEqual([domain.name, domain.dns_name], ['example.net', 'www.example.net'])
  const shown = (await tenant.get(`/domain/${domain.id}?include_dcv=true`)).json()
  assert.equal(shown.dcv_token.token, reissued.json().dcv_random_value)
})

test('the first domain of an account counts for its next order, deactivated as it may be', async (t) => {
  const { tenant, organizationId, order } = await place(t)
  const certificate = { common_name: 'www.example.com' }
  assert.equal(
    (await order(['www.example.com'], { skip_approval: true }, 'private_ssl_plus')).requests.length,
    1,
  )
  const id = await testDomain(tenant, organizationId, 'example.com')
  assert.equal((await tenant.put(`/domain/${id}/deactivate`, null)).status, 204)
  const body = await orderBody(organizationId, certificate, { skip_approval: true })
  const refused = await tenant.post('/order/certificate/private_ssl_plus', body)
  assert.deepEqual([refused.status, refused.codes()], [400, ['disabled_domain']])
  assert.equal((await tenant.put(`/domain/${id}/activate`, null)).status, 204)
  await order(['www.example.com'], { skip_approval: true }, 'private_ssl_plus')
})
