import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newApiKeyText } from '../../../src/core/accounts/api-key.ts'
import { testRandom } from '../../support/sealer.ts'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes as routes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('limits of the DigiCert ONE face', () => {
  const rates = [
    { limit: 3, windowMs: 5_000 },
    { limit: 5, windowMs: 180_000 },
  ]

  test('X7 (ONE) a key over its rate is 429 with an honest Retry-After, and others are not', async (context) => {
    const service = await TestService.start(lastFirst(context), { routes, rates })
    const tenant = await service.tenant()
    const other = await service.tenant('eve@example.test')
    const call = (each: TestTenant) => each.get('/mpki/api/v1/thing')
    for (let count = 0; count < 3; count++) {
      const answer = await call(tenant)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers['ratelimit-policy'], '"w1";q=3;w=5, "w2";q=5;w=180')
      assert.equal(answer.headers.ratelimit, `"w1";r=${2 - count};t=5, "w2";r=${4 - count};t=180`)
    }
    service.advance(1_000)
    const refused = await call(tenant)
    assert.deepEqual(
      [refused.status, refused.code, refused.headers['retry-after']],
      [429, 'client_error', '4'],
    )
    assert.equal((await call(other)).status, 200)
    service.advance(3_999)
    assert.equal((await call(tenant)).status, 429)
    service.advance(1)
    assert.equal((await call(tenant)).status, 200)
    assert.equal((await call(tenant)).status, 200)
    const long = await call(tenant)
    assert.deepEqual([long.status, long.headers['retry-after']], [429, '175'])
    assert.equal((await tenant.get('/certificate-authority/api/v1/fault')).code, 'rate_limit_exceeded')
    service.advance(175_000)
    assert.equal((await call(tenant)).status, 200)
  })

  test('X5 P21 (ONE) an address that shows many wrong keys is 429, and a right key from it still works', async (context) => {
    const service = await TestService.start(lastFirst(context), {
      routes,
      settings: { failedAttempts: [{ limit: 20, windowMs: 60_000 }] },
    })
    const tenant = await service.tenant()
    const statuses = await Promise.all(
      Array.from(
        { length: 200 },
        async () =>
          (await service.call(newApiKeyText('production', testRandom).text, 'GET', '/mpki/api/v1/thing'))
            .status,
      ),
    )
    assert.equal(statuses.filter((status) => status === 401).length, 20)
    assert.equal(statuses.filter((status) => status === 429).length, 180)
    assert.equal((await tenant.get('/mpki/api/v1/thing')).status, 200)
    service.advance(60_000)
    assert.equal((await service.send({ url: '/mpki/api/v1/thing' })).status, 401)
  })

  test('errors stand under error when the operator says so', async (context) => {
    const service = await TestService.start(lastFirst(context), { routes, errorShape: 'single' })
    const tenant = await service.tenant()
    const answer = await tenant.get('/mpki/api/v1/fault/busy')
    assert.equal(answer.json().error.code, 'service_unavailable')
    assert.equal(answer.json().errors, undefined)
  })
})
