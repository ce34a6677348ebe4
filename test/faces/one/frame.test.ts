import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes as routes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('the frame of the DigiCert ONE face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes })
    tenant = await service.tenant()
  })
  const thing = () => `/mpki/api/v1/thing/${tenant.id('seat', 7)}`

  test('an unknown path is 404 in JSON with the request id, with or without a key', async () => {
    for (const [url, code] of [
      ['/mpki/api/v1/nothing', 'resource_not_found'],
      ['/mpki/api', 'resource_not_found'],
      ['/account/api/v1/thing', 'resource_not_found'],
      ['/certificate-authority/api/v1/thing', 404],
      ['/mpki/ui-api/v2/certificate?status=issued', undefined],
    ] as const) {
      const answer = await service.send({ url })
      assert.equal(answer.status, 404, url)
      assert.equal(answer.headers['content-type']?.toString().startsWith('application/json'), true)
      if (code !== undefined) {
        assert.deepEqual(answer.json(), {
          errors: [{ code: 'resource_not_found', message: 'Nothing is served at this path.' }],
          code,
          message: 'Nothing is served at this path.',
          request_id: answer.json().request_id,
        })
        assert.match(answer.json().request_id, /^.{3,}$/)
      }
    }
  })

  test('a method that a path does not take is 405 with Allow', async () => {
    const answer = await tenant.delete(thing())
    assert.deepEqual([answer.status, answer.code], [405, 'method_not_allowed'])
    assert.equal(answer.headers.allow, 'GET, PUT')
  })

  test('answers are compact JSON whatever is accepted, with the version as ETag', async () => {
    for (const accept of ['application/json', '*/*', 'text/plain', 'application/xml']) {
      const answer = await tenant.get(thing(), { headers: { accept } })
      assert.equal(answer.text, '{"id":7}')
      assert.equal(answer.headers['content-type'], 'application/json')
      assert.equal(answer.headers.etag, '"abc"')
    }
    assert.equal((await tenant.get(`${thing()}/`)).status, 200)
  })

  test('a correlation id is given back, one with line ends or of endless length is not', async () => {
    const id = 'b6e1f7d0-54cf-4a1b-9d3e-0b8b9c1f2a3d'
    assert.equal(
      (await tenant.get(thing(), { headers: { 'X-DC-TransactionId': id } })).headers['x-dc-transactionid'],
      id,
    )
    const refused = await service.send({ url: '/mpki/api/v1/nothing', headers: { 'x-dc-transactionid': id } })
    assert.equal(refused.headers['x-dc-transactionid'], id)
    const long = await tenant.get(thing(), { headers: { 'X-DC-TransactionId': 'x'.repeat(129) } })
    assert.equal(long.headers['x-dc-transactionid'], undefined)
  })

  test('a fault of the service is 503 with Retry-After, a CA that cannot be opened and a defect of ours are 500', async () => {
    const busy = await tenant.get('/mpki/api/v1/fault/busy')
    assert.deepEqual([busy.status, busy.code, busy.headers['retry-after']], [503, 'service_unavailable', '2'])
    const authority = await tenant.get('/mpki/api/v1/fault/ca')
    assert.deepEqual([authority.status, authority.code], [500, 'internal_server_error'])
    const defect = await tenant.get('/mpki/api/v1/fault/other')
    assert.deepEqual([defect.status, defect.code], [500, 'internal_server_error'])
    assert.doesNotMatch(defect.text, /secret/)
  })

  test('Private CA has the status as numeric code at the top and text in the list', async () => {
    const answer = await tenant.get('/certificate-authority/api/v1/fault')
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json(), {
      errors: [{ code: 'resource_not_found', message: 'There is no such certificate.' }],
      code: 404,
      message: 'There is no such certificate.',
      request_id: answer.json().request_id,
    })
  })

  test('errors are told in Japanese when that is asked for', async () => {
    const answer = await service.send({ url: thing(), headers: { 'accept-language': 'ja' } })
    assert.equal(answer.headers['content-language'], 'ja')
    assert.match(answer.json().message, /API キー/)
  })

  test('P17 (ONE) an idempotency key gives the first result again and 409 for another body', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const first = await tenant.post('/mpki/api/v1/once', { name: 'a' }, { headers })
    const again = await tenant.post('/mpki/api/v1/once', { name: 'a' }, { headers })
    assert.deepEqual([first.status, again.status], [201, 201])
    assert.equal(again.text, first.text)
    const other = await tenant.post('/mpki/api/v1/once', { name: 'b' }, { headers })
    assert.deepEqual([other.status, other.code], [409, 'idempotency_conflict'])
    const malformed = await tenant.post(
      '/mpki/api/v1/once',
      { name: 'c' },
      { headers: { 'idempotency-key': 'x'.repeat(256) } },
    )
    assert.deepEqual([malformed.status, malformed.field], [400, 'Idempotency-Key'])
  })
})
