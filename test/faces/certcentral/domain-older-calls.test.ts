import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

/** A tenant with a domain whose control is yet to be proven. */
async function place(t: TestContext, method: string) {
  const internet = await startInternet(t)
  const service = await TestService.start(t, { outside: internet.outside })
  const tenant = await service.tenant()
  const answer = await tenant.post('/domain', {
    name: 'shop.example.com',
    organization: { id: await testOrganization(tenant) },
    validations: [{ type: 'ov' }],
    dcv_method: method,
  })
  assert.equal(answer.status, 201, answer.text)
  const { id, dcv_token: token } = answer.json()
  return { internet, tenant, id, token }
}

test('the older calls for a check answer with a state', async (t) => {
  const { internet, tenant, id, token } = await place(t, 'dns-cname-token')
  assert.deepEqual((await tenant.post(`/domain/${id}/dcv/cname`)).json(), { status: 'pending' })
  internet.publishAlias(`${token.token}.shop.example.com`, 'dcv.ca.example.test')
  assert.deepEqual((await tenant.post(`/domain/${id}/dcv`)).json(), { status: 'complete' })
})

test('a method is changed by the older word for it as well', async (t) => {
  const { tenant, id } = await place(t, 'dns-txt-token')
  const methodNow = async () => (await tenant.get(`/domain/${id}?include_dcv=true`)).json().dcv_method
  const changed = await tenant.post(`/domain/${id}/dcv/method`, { method: 'dns-cname-token' })
  assert.deepEqual([changed.status, await methodNow()], [200, 'dns-cname-token'])
  const wrong = await tenant.post(`/domain/${id}/dcv/method`, { method: 'pigeon' })
  assert.deepEqual([wrong.status, wrong.codes()], [400, ['invalid_value:method']])
  await tenant.put(`/domain/${id}/dcv/method`, { method: 'email', dcv_method: 'http-token' })
  assert.equal(await methodNow(), 'http-token', 'the newer word counts')
  await tenant.post(`/domain/${id}/dcv`, { method: 'dns-txt-token' })
  assert.equal(await methodNow(), 'dns-txt-token')
})

test('the older calls for a check are taken as PUT, too, and by the method that a body names', async (t) => {
  const { internet, tenant, id, token } = await place(t, 'dns-txt-token')
  assert.deepEqual((await tenant.put(`/domain/${id}/dcv/cname`)).json(), { status: 'pending' })
  assert.deepEqual((await tenant.get(`/domain/${id}?include_dcv=true`)).json().dcv_method, 'dns-cname-token')
  const wrong = await tenant.put(`/domain/${id}/dcv`, { dcv_method: 'pigeon' })
  assert.deepEqual([wrong.status, wrong.codes()], [400, ['invalid_value:dcv_method']])
  internet.publishTxt('shop.example.com', token.token)
  const named = { dcv_method: 'dns-txt-token', token: token.token }
  assert.deepEqual((await tenant.put(`/domain/${id}/dcv/cname`, named)).json(), { status: 'complete' })
})
