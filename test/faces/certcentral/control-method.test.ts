import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInternet } from '../../support/internet.ts'
import { orderBody, testOperator, testOrganization } from './ordering.ts'
import { TestService } from './service.ts'

for (const word of ['http-token', 'http-token-static', 'http-token-dynamic', 'HTTP-Token-Static']) {
  test(`${word} is the file, wherever a method is named`, async (scope) => {
    const internet = await startInternet(scope)
    const service = await TestService.start(scope, { outside: internet.outside })
    await testOperator(service)
    const tenant = await service.tenant()
    const organizationId = await testOrganization(tenant, ['ov'])
    const order = async (rest: object) => {
      const names = { common_name: 'shop.example.com' }
      const answer = await tenant.post(
        '/order/certificate/ssl_dv_geotrust_flex',
        await orderBody(undefined, names, rest),
      )
      assert.equal(answer.status, 201, answer.text)
      return answer.json()
    }
    const { id, dcv_random_value: value } = await order({ dcv_method: word })
    const path = `/order/certificate/${id}`
    assert.equal((await tenant.get(path)).json().dcv_method, 'http-token')
    assert.equal((await tenant.put(`${path}/dcv-method`, { dcv_method: 'dns-txt-token' })).status, 200)
    assert.equal((await tenant.put(`${path}/dcv-method`, { dcv_method: word })).status, 200)
    internet.publishFile('shop.example.com', value)
    internet.publishFile('www.shop.example.com', value)
    assert.equal((await tenant.put(`${path}/check-dcv`)).json().order_status, 'issued')

    const submission = {
      ...{ name: 'a.example.com', organization: { id: organizationId }, validations: [{ type: 'ov' }] },
      dcv_method: word,
    }
    const domain = (await tenant.post('/domain', submission)).json()
    assert.match(domain.http_url, /fileauth\.txt$/)
    const older = { ...submission, name: 'b.example.com', dcv_method: undefined, dcv: { method: word } }
    assert.match((await tenant.post('/domain', older)).json().http_url, /fileauth\.txt$/)
    const again = { validations: [{ type: 'ov' }], dcv_method: word }
    assert.equal((await tenant.post(`/domain/${domain.id}/validation`, again)).status, 201)
    const changed = await tenant.put(`/domain/${domain.id}/dcv/method`, { dcv_method: word })
    assert.match(changed.json().http_url, /fileauth\.txt$/)
    const listed = await tenant.get(`/domain?filters[dcv_method]=${word}`)
    assert.equal(listed.json().page.total, 2, listed.text)
  })
}

test('a wildcard takes no method by file, by whatever name, and other words are refused by name', async (scope) => {
  const service = await TestService.start(scope)
  await testOperator(service)
  const tenant = await service.tenant()
  const codesFor = async (method: string) => {
    const body = await orderBody(undefined, { common_name: '*.example.com' }, { dcv_method: method })
    return (await tenant.post('/order/certificate/ssl_dv_geotrust_flex', body)).codes()
  }
  for (const method of ['http-token', 'http-token-static', 'http-token-dynamic', 'dns-txt', 'fax']) {
    assert.deepEqual(await codesFor(method), ['invalid_value:dcv_method'], method)
  }
})
