import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newApiKeyText } from '../../../src/core/accounts/api-key.ts'
import { eventsOf } from '../../support/installation.ts'
import { testRandom } from '../../support/sealer.ts'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes as routes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('credentials of the DigiCert ONE face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes })
    tenant = await service.tenant()
  })
  const thing = () => `/mpki/api/v1/thing/${tenant.id('seat', 7)}`

  test('no key, a malformed, an unknown and an empty one are 401 invalid_api_key with WWW-Authenticate', async () => {
    const unknown = newApiKeyText('production', testRandom).text
    for (const headers of [
      {},
      { 'x-api-key': 'x' },
      { 'x-api-key': unknown },
      { 'x-api-key': ' ' },
      { authorization: `Bearer ${unknown}` },
      { authorization: 'Basic abc' },
    ]) {
      const answer = await service.send({ url: thing(), headers })
      assert.deepEqual([answer.status, answer.code], [401, 'invalid_api_key'], JSON.stringify(headers))
      assert.match(String(answer.headers['www-authenticate']), /x-api-key/)
    }
  })

  test('a key of the other environment is told so', async () => {
    const answer = await service.send({
      url: thing(),
      headers: { 'x-api-key': newApiKeyText('sandbox', testRandom).text },
    })
    assert.deepEqual([answer.status, answer.code], [401, 'invalid_api_key'])
    assert.match(answer.json().message, /sandbox \(demo\) environment/)
  })

  test('the key may come as a bearer token, and its header in any letter case', async () => {
    for (const headers of [
      { authorization: `Bearer ${tenant.key}` },
      { 'X-API-Key': tenant.key },
      { 'X-API-key': tenant.key },
    ]) {
      assert.equal((await service.send({ url: thing(), headers })).status, 200)
    }
  })

  test('P14 (ONE) a key without the permission is 403 access_denied, and the audit log is told', async () => {
    const limited = await tenant.as('limited')
    const before = (await eventsOf(service.engine.installation, 'access.refused')).length
    const answer = await limited.post('/mpki/api/v1/thing', { name: 'x' })
    assert.deepEqual([answer.status, answer.code], [403, 'access_denied'])
    assert.match(answer.json().message, /MANAGE_EM_PROFILE/)
    const events = await eventsOf(service.engine.installation, 'access.refused')
    assert.equal(events.length, before + 1)
    assert.equal(events.at(-1)?.detail.permission, 'MANAGE_EM_PROFILE')
  })

  test('an account other than that of the key is 403, in header, query and body', async () => {
    const other = await service.tenant('eve@example.test')
    for (const name of ['X-DC-AccountId', 'x-dc-account-id']) {
      assert.equal((await tenant.get(thing(), { headers: { [name]: tenant.accountUuid } })).status, 200)
      const answer = await tenant.get(thing(), { headers: { [name]: other.accountUuid } })
      assert.deepEqual([answer.status, answer.code], [403, 'access_denied'])
    }
    const body = { name: 'n', certificate: { csr: 'c' } }
    for (const [query, members, status] of [
      ['', { account_id: tenant.accountUuid }, 201],
      ['', { account: { id: tenant.accountUuid } }, 201],
      [`?account={"id":"${tenant.accountUuid}","name":"x"}`, {}, 201],
      [`?account.id=${tenant.accountUuid}&account.name=x`, {}, 201],
      ['', { account_id: other.accountUuid }, 403],
      ['', { account: { id: other.accountUuid } }, 403],
      [`?account={"id":"${other.accountUuid}"}`, {}, 403],
      [`?account_id=${other.accountUuid}`, {}, 403],
      ['?account_id=1', {}, 403],
    ] as const) {
      const answer = await tenant.post(encodeURI(`/mpki/api/v1/thing${query}`), { ...body, ...members })
      assert.equal(answer.status, status, `${query} ${JSON.stringify(members)}`)
    }
  })

  test('what anyone may call needs no key', async () => {
    const answer = await service.send({ url: '/mpki/api/v1/open' })
    assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [200, 'UP', 'text/plain'])
  })
})
