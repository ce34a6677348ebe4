import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { csrPem, orderBody, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

const target = 'dcv.ca.example.test'

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  const tenant = await service.tenant()
  const organizationId = await testOrganization(tenant, ['ov'])
  const submit = async (path: string, certificate: object, rest: object = {}) => {
    const body = await orderBody(organizationId, certificate, { dcv_method: 'dns-cname-token', ...rest })
    const answer = await tenant.post(path, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }
  return { internet, tenant, organizationId, submit }
}

test('every answer that tells a value to put into an alias tells what the alias points at', async (t) => {
  const { internet, tenant, submit } = await place(t)
  const names = { common_name: 'www.shop.example.com', dns_names: ['www.shop.example.com'] }
  const placed = await submit('/order/certificate/ssl_multi_domain', names, { skip_approval: false })
  const { id, dcv_random_value: value, requests, domains } = placed
  const told = (answer: { readonly json: () => Record<string, unknown> }) => {
    const { dcv_random_value: shown, verification_value: points } = answer.json()
    return [shown, points]
  }
  assert.equal(placed.verification_value, target)
  assert.equal(domains[0].dcv_token.verification_value, target)
  assert.deepEqual(told(await tenant.get(`/order/certificate/${id}`)), [value, target])
  assert.equal((await tenant.get(`/request/${requests[0].id}`)).json().order.verification_value, target)
  assert.deepEqual(told(await tenant.put(`/order/certificate/${id}/dcv-random-value`)), [value, target])
  const method = (word: string) => tenant.put(`/order/certificate/${id}/dcv-method`, { dcv_method: word })
  assert.deepEqual(told(await method('dns-cname-token')), [value, target])

  internet.publishAlias(`${value}.www.shop.example.com`, target)
  assert.equal((await tenant.put(`/request/${requests[0].id}/status`, { status: 'approved' })).status, 204)
  assert.equal((await tenant.put(`/order/certificate/${id}/check-dcv`)).json().order_status, 'issued')
  const reissued = await submit(`/order/certificate/${id}/reissue`, {
    ...{ csr: await csrPem(), common_name: undefined, dns_names: ['new.example.net'] },
  })
  assert.equal(reissued.verification_value, target)
  assert.equal(reissued.domains[0].dcv_token.verification_value, target)
})

test('an order whose value stands elsewhere than in an alias tells no target', async (t) => {
  const { tenant, submit } = await place(t)
  for (const method of ['dns-txt-token', 'http-token']) {
    const names = { common_name: 'www.shop.example.com' }
    const placed = await submit('/order/certificate/ssl_plus', names, { dcv_method: method })
    assert.equal(typeof placed.dcv_random_value, 'string')
    const shown = await tenant.get(`/order/certificate/${placed.id}`)
    const renewed = await tenant.put(`/order/certificate/${placed.id}/dcv-random-value`)
    for (const text of [JSON.stringify(placed), shown.text, renewed.text]) {
      assert.doesNotMatch(text, /verification_value/, method)
    }
  }
})

test('a domain tells the target wherever it tells its value', async (t) => {
  const { tenant, organizationId } = await place(t)
  const added = await tenant.post('/domain', {
    ...{ name: 'shop.example.com', organization: { id: organizationId } },
    ...{ validations: [{ type: 'ov' }], dcv_method: 'dns-cname-token' },
  })
  const { id, dcv_token: token } = added.json()
  const tokens = [
    token,
    (await tenant.get(`/domain/${id}?include_dcv=true`)).json().dcv_token,
    (await tenant.get('/domain?include_dcv=true')).json().domains[0].dcv_token,
    (await tenant.post(`/domain/${id}/dcv/token`)).json().dcv_token,
  ]
  assert.deepEqual(
    tokens.map((each) => each.verification_value),
    [target, target, target, target],
  )
})
