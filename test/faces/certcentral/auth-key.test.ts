import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { requestToken } from '../../../src/core/auth-keys/request-token.ts'
import { pemBlocks } from '../../../src/pki/pem.ts'
import { startInternet } from '../../support/internet.ts'
import { csrPem, orderBody, testOperator } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

async function place(t: TestContext) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  await testOperator(service)
  return { internet, service, tenant: await service.tenant() }
}

const timestampOf = (at: number) => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)

async function order(tenant: TestTenant, csr: string, rest: object = {}) {
  const body = await orderBody(
    undefined,
    { csr },
    { dcv_method: 'dns-txt-token', use_auth_key: true, ...rest },
  )
  const answer = await tenant.post('/order/certificate/ssl_dv_geotrust', body)
  assert.equal(answer.status, 201, answer.text)
  return answer.json()
}

test('an account has one AuthKey without an end, and any number with one', async (t) => {
  const { tenant } = await place(t)
  const first = await tenant.post('/account/auth-key')
  assert.equal(first.status, 200)
  assert.match(first.json().auth_key, /^[0-9a-f]{64}$/)
  assert.equal(first.json().expiration_datetime, undefined)
  const second = await tenant.post('/account/auth-key')
  assert.deepEqual([second.status, second.codes()], [400, ['auth_key_exists_for_account']])
  for (const days of [1, 30]) {
    assert.match((await tenant.post(`/account/auth-key/${days}`)).json().expiration_datetime, /\+00:00$/)
  }
  for (const days of ['0', '-1', 'x', '3651']) {
    assert.deepEqual((await tenant.post(`/account/auth-key/${days}`)).codes(), ['invalid_value:days'], days)
  }
})

test('two calls at once for an AuthKey without an end make one', async (t) => {
  const { tenant } = await place(t)
  const answers = await Promise.all(Array.from({ length: 5 }, () => tenant.post('/account/auth-key')))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

test('P15 an AuthKey is told once, and no dump of the database holds it', async (t) => {
  const { service, tenant } = await place(t)
  const { auth_key_id: id, auth_key: key } = (await tenant.post('/account/auth-key/5')).json()
  const shown = await tenant.get(`/account/auth-key/${id}`)
  assert.equal(shown.json().auth_key_id, id)
  assert.ok(!shown.text.includes(key))
  const rows = await service.engine.query('SELECT document FROM auth_key')
  assert.ok(rows.every(({ document }) => !String(document).includes(key)))
})

test('P12 an AuthKey of another account is not found; a deleted or expired one neither', async (t) => {
  const { service, tenant } = await place(t)
  const { auth_key_id: id } = (await tenant.post('/account/auth-key/5')).json()
  const other = await service.tenant('eve@example.test')
  assert.equal((await other.get(`/account/auth-key/${id}`)).status, 404)
  assert.equal((await other.delete(`/account/auth-key/${id}`)).status, 404)
  service.advance(5 * dayMs)
  assert.equal((await tenant.get(`/account/auth-key/${id}`)).status, 404)
  const { auth_key_id: next } = (await tenant.post('/account/auth-key/5')).json()
  assert.equal((await tenant.delete(`/account/auth-key/${next}`)).status, 204)
  assert.equal((await tenant.delete(`/account/auth-key/${next}`)).status, 404)
})

test('an order whose request token stands in DNS is issued within the call', async (t) => {
  const { internet, service, tenant } = await place(t)
  const { auth_key: key } = (await tenant.post('/account/auth-key')).json()
  const csr = await csrPem()
  const token = requestToken(key, timestampOf(service.engine.clock.now()), derOf(csr))
  internet.publishTxt('_dnsauth.www.shop.example.com', token)
  internet.publishTxt('_dnsauth.shop.example.com', token)
  assert.ok((await order(tenant, csr)).certificate_chain.length > 1)
})

test('a request token of another request, of a deleted key or of another account issues nothing', async (t) => {
  const { internet, service, tenant } = await place(t)
  const { auth_key: key, auth_key_id: id } = (await tenant.post('/account/auth-key')).json()
  const csr = await csrPem()
  const token = requestToken(key, timestampOf(service.engine.clock.now()), derOf(csr))
  internet.publishTxt('www.shop.example.com', token)
  internet.publishTxt('shop.example.com', token)
  const isPending = async (who: TestTenant, request: string) =>
    (await order(who, request)).certificate_chain === undefined
  assert.ok(await isPending(tenant, await csrPem()), 'another request')
  const other = await service.tenant('eve@example.test')
  await other.post('/account/auth-key')
  assert.ok(await isPending(other, csr), 'another account')
  await tenant.delete(`/account/auth-key/${id}`)
  assert.ok(await isPending(tenant, csr), 'a deleted key')
})

test('an order with an AuthKey and without its token waits like any other', async (t) => {
  const { internet, tenant } = await place(t)
  await tenant.post('/account/auth-key')
  const { id, dcv_random_value: value } = await order(tenant, await csrPem())
  internet.publishTxt('www.shop.example.com', value)
  internet.publishTxt('shop.example.com', value)
  const checked = await tenant.put(`/order/certificate/${id}/check-dcv`)
  assert.equal(checked.json().order_status, 'issued', checked.text)
})

function derOf(csr: string): Uint8Array {
  const [block] = pemBlocks(csr)
  assert.ok(block !== undefined)
  return block.der
}
