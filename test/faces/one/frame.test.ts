import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newApiKeyText } from '../../../src/core/accounts/api-key.ts'
import { Fault } from '../../../src/core/faults.ts'
import { serviceUsers } from '../../../src/core/service-users/service-user.ts'
import { DocumentReader } from '../../../src/core/store/document.ts'
import { created, done, ok, paged, text } from '../../../src/faces/one/reply.ts'
import { defineRoute } from '../../../src/faces/one/route.ts'
import { eventsOf } from '../../support/installation.ts'
import { testRandom } from '../../support/sealer.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const tier = 'A'
const api = 'mpki'

const routes = [
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/thing/:id',
    access: 'VIEW_EM_CERTIFICATE',
    tier,
    handler: (call) => ok({ id: call.pathId('id', 'seat', 'seat'), absent: undefined }, 'abc'),
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/thing',
    access: 'VIEW_EM_CERTIFICATE',
    tier,
    handler({ query }) {
      const window = query.window({ usual: 20, most: 100, deepest: 10_000 })
      return paged([{ id: 1 }], 1, window)
    },
  }),
  defineRoute({
    api,
    method: 'POST',
    path: '/v1/thing',
    access: 'MANAGE_EM_PROFILE',
    tier,
    handler(call) {
      const { body } = call
      const name = body.requiredText('name', { longest: 20 })
      const csr = body.object('certificate').requiredText('csr', { multiline: true })
      const count = body.integer('count', 1, 10)
      const tags = body.texts('tags')
      const flag = body.flag('flag')
      body.check()
      call.checkAccount()
      return created({ name, csr, count, tags, flag, polluted: ({} as { x?: string }).x })
    },
  }),
  defineRoute({
    api,
    method: 'PUT',
    path: '/v1/thing/:id',
    access: 'MANAGE_EM_PROFILE',
    tier,
    body: 'optional',
    handler: () => done,
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/open',
    access: 'anyone',
    tier,
    handler: () => text('text/plain', 'UP'),
  }),
  defineRoute({
    api,
    method: 'GET',
    path: '/v1/fault/:code',
    access: 'member',
    tier,
    handler(call) {
      switch (call.pathText('code')) {
        case 'busy':
          throw new Fault('store_busy', { retryAfterMs: 1_500 })
        case 'ca':
          throw new Fault('authority_unusable', {})
        default:
          throw new TypeError('a secret of ours')
      }
    },
  }),
  defineRoute({
    api: 'certificate-authority',
    method: 'GET',
    path: '/v1/fault',
    access: 'member',
    tier,
    handler: () => {
      throw new Fault('certificate_unknown', {})
    },
  }),
  defineRoute({
    api,
    method: 'POST',
    path: '/v1/once',
    access: 'member',
    tier,
    async handler(call) {
      const friendlyName = call.body.requiredText('name')
      call.body.check()
      const id = await call.once({
        run: (binding) =>
          call.engine.store.write(function* (transaction) {
            const made = yield* transaction.collection(serviceUsers).nextId()
            yield* transaction.collection(serviceUsers).insert({
              id: made,
              accountId: call.account.id,
              friendlyName,
              description: '',
              endDate: null,
              roles: [],
            })
            yield* binding.bind(transaction, { id: made })
            return made
          }),
        recall: async (subject) => new DocumentReader(subject, 'subject').integer('id'),
      })
      return created({ id })
    },
  }),
]

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

  test('what anyone may call needs no key', async () => {
    const answer = await service.send({ url: '/mpki/api/v1/open' })
    assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [200, 'UP', 'text/plain'])
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
