import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes as routes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('what the DigiCert ONE face reads of requests', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes })
    tenant = await service.tenant()
  })

  test('a body that is absent, no JSON, no object or JSON with a member twice is 400 invalid_request', async () => {
    for (const body of [
      undefined,
      '',
      'null',
      '{',
      '[]',
      '"x"',
      'name=x',
      '{"a":1,"a":2}',
      Buffer.from([0xff, 0x7b]),
    ]) {
      const answer = await tenant.post('/mpki/api/v1/thing', body)
      assert.deepEqual([answer.status, answer.code], [400, 'invalid_request'], String(body))
    }
  })

  test('each member that is absent or wrong is named by field, all in one answer', async () => {
    const answer = await tenant.post('/mpki/api/v1/thing', {
      name: 'x'.repeat(21),
      certificate: {},
      count: 11,
      tags: ['a', { b: 1 }],
      flag: 'maybe',
    })
    assert.equal(answer.status, 400)
    const fields = answer.json().errors.map((error: { field: string }) => error.field)
    assert.deepEqual(fields, ['name', 'certificate.csr', 'count', 'tags.1', 'flag'])
    assert.equal(answer.json().message, 'name is not valid.')
  })

  test('numbers and flags may be texts, null is absence and unknown members are ignored', async () => {
    const answer = await tenant.post('/mpki/api/v1/thing', {
      name: 7,
      certificate: { csr: 'a\nb' },
      count: '3',
      flag: 'true',
      tags: null,
      thumbprint_256: {},
    })
    assert.equal(answer.status, 201)
    assert.deepEqual(answer.json(), { name: '7', csr: 'a\nb', count: 3, tags: [], flag: true })
  })

  test('a byte order mark before JSON is passed over, a mark alone is no body', async () => {
    const answer = await tenant.post('/mpki/api/v1/thing', '\ufeff{"name":"n","certificate":{"csr":"c"}}')
    assert.deepEqual([answer.status, answer.json().name], [201, 'n'])
    assert.equal((await tenant.post('/mpki/api/v1/thing', '\ufeff')).status, 400)
    assert.equal((await tenant.post('/mpki/api/v1/thing', '\ufeff\ufeff{}')).status, 400)
  })

  test('P18 (ONE) __proto__, constructor and prototype are members like any other', async () => {
    const body =
      '{"name":"n","certificate":{"csr":"c"},"__proto__":{"x":"bad"},"constructor":{"prototype":{"x":"bad"}}}'
    assert.deepEqual((await tenant.post('/mpki/api/v1/thing?__proto__[x]=bad&constructor=1', body)).json(), {
      name: 'n',
      csr: 'c',
      tags: [],
    })
    assert.equal(Object.hasOwn(Object.prototype, 'x'), false)
  })

  test('a form and a compressed body are 415, too large a body 413, all in JSON', async () => {
    const form = await tenant.post('/mpki/api/v1/thing', 'name=x', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.deepEqual([form.status, form.code], [415, 'unsupported_media_type'])
    const charset = { headers: { 'content-type': 'application/json;charset=utf-8' } }
    assert.equal(
      (await tenant.post('/mpki/api/v1/thing', { name: 'n', certificate: { csr: 'c' } }, charset)).status,
      201,
    )
    const large = await tenant.post('/mpki/api/v1/thing', { name: 'x'.repeat(70_000) })
    assert.deepEqual([large.status, large.code], [413, 'request_too_large'])
  })

  test('P19 (ONE) a window is bounded: below it names the field, beyond it tells the bounds', async () => {
    const list = (query: string) => tenant.get(`/mpki/api/v1/thing?${query}`)
    assert.deepEqual((await list('')).json(), {
      total: 1,
      offset: 0,
      limit: 20,
      has_more: false,
      items: [{ id: 1 }],
    })
    for (const [query, field] of [
      ['limit=0', 'limit'],
      ['limit=x', 'limit'],
      ['offset=-1', 'offset'],
      ['limit=1.5', 'limit'],
      ["limit='", 'limit'],
    ] as const) {
      const answer = await list(query)
      assert.deepEqual([answer.status, answer.code, answer.field], [400, 'invalid_input_field', field], query)
    }
    assert.equal((await list('offset=9900&limit=100')).status, 200)
    for (const query of ['limit=101', 'offset=9901&limit=100', 'limit=1000000000', 'offset=999999999']) {
      const answer = await list(query)
      assert.deepEqual([answer.status, answer.code], [400, 'pagination_limit_exceeded'], query)
      const { max_result_window, max_limit } = answer.json()
      assert.deepEqual({ max_result_window, max_limit }, { max_result_window: 10_000, max_limit: 100 })
    }
  })
})
