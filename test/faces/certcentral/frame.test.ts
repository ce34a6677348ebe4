import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventsOf } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('the frame of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes: frameRoutes })
    tenant = await service.tenant()
  })

  test('an unknown path, a wrong method and a misspelt path are not_found|route, with or without a key', async () => {
    for (const [method, url] of [
      ['GET', '/nothing'],
      ['DELETE', '/thing'],
      ['GET', '/thing123'],
      ['GET', ''],
    ] as const) {
      const answer = await service.send({ method, url })
      assert.equal(answer.status, 404, url)
      assert.deepEqual(answer.json(), {
        errors: [{ code: 'not_found|route', message: 'The specified route was not found.' }],
      })
      assert.equal(answer.headers['content-type'], 'application/json')
    }
  })

  test('a key that is absent, malformed or unknown is access_denied_invalid_key with the documented text', async () => {
    for (const headers of [
      {},
      { 'x-dc-devkey': 'x' },
      { 'x-dc-devkey': `01${'0'.repeat(24)}_${'0'.repeat(64)}` },
    ]) {
      const answer = await service.send({ url: '/thing/1', headers })
      assert.equal(answer.status, 403)
      assert.deepEqual(answer.json(), {
        errors: [
          {
            code: 'access_denied|access_denied_invalid_key',
            message: 'Access denied due to access_denied_invalid_key.',
          },
        ],
      })
    }
  })

  test('one slash at the end of a path makes no difference', async () => {
    assert.equal((await tenant.get('/thing/7/')).status, 200)
    assert.deepEqual((await tenant.get('/thing/7')).json(), { id: 7, user: tenant.administrator.id })
    assert.equal((await tenant.get('/thing/?limit=5')).status, 200)
  })

  test('an id that nothing can have is not found, not an error of form', async () => {
    for (const id of ['0', '-1', 'abc', '2147483648', '99999999999999999999', '1.5', '%00']) {
      assert.deepEqual((await tenant.get(`/thing/${id}`)).codes(), ['not_found|order'], id)
    }
  })

  test('a GET with a body is answered as if there were none', async () => {
    const answer = await tenant.get('/thing/7', {
      body: 'filters[x]=1',
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(answer.status, 200)
  })

  test('answers come as JSON, XML or CSV, as Accept says, and 406 only when it names nothing we have', async () => {
    const get = (url: string, accept: string) => tenant.get(url, { headers: { accept } })
    for (const accept of [
      '*/*',
      'application/*',
      'application/json',
      'text/html, */*;q=0.1',
      'rubbish',
      '',
    ]) {
      assert.equal((await get('/thing', accept)).headers['content-type'], 'application/json', accept)
    }
    const xml = await get('/thing', 'application/xml')
    assert.equal(xml.headers['content-type'], 'application/xml')
    assert.match(
      xml.text,
      /<response><things><thing><id>1<\/id>.*<dns_names><dns_name>x.example<\/dns_name><dns_name>y.example<\/dns_name><\/dns_names>/,
    )
    const csv = await get('/thing', 'text/csv')
    assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
    assert.equal(csv.text, 'id,name,dns_names,in.id\r\n1,"a, ""b""",x.example y.example,2\r\n')
    for (const [url, accept] of [
      ['/thing', 'image/png'],
      ['/thing/1', 'text/csv'],
      ['/thing', 'application/json;q=0'],
    ] as const) {
      const answer = await get(url, accept)
      assert.deepEqual([answer.status, answer.codes()], [406, ['not_acceptable']], accept)
    }
  })

  test('a download is sent as it is, whatever is accepted', async () => {
    for (const accept of ['application/json', 'text/plain', 'image/png', '*/*']) {
      const answer = await tenant.get('/thing/1/file', { headers: { accept } })
      assert.deepEqual(
        [answer.status, answer.headers['content-type'], answer.text],
        [200, 'application/x-pem-file', 'pem'],
      )
    }
  })

  test('errors are XML where XML is wanted, in the language that is wanted', async () => {
    const answer = await tenant.post('/thing', {}, { headers: { accept: 'application/xml' } })
    assert.equal(
      answer.text,
      '<?xml version="1.0" encoding="UTF-8"?>\n<errors><error><code>required_param:name</code>' +
        '<message>name is required.</message></error><error><code>required_param:certificate.csr</code>' +
        '<message>certificate.csr is required.</message></error></errors>',
    )
    const japanese = await tenant.post('/thing', {}, { headers: { 'accept-language': 'ja' } })
    assert.equal(japanese.json().errors[0].message, 'name は必須です。')
    assert.equal(japanese.headers['content-language'], 'ja')
  })

  test('an error of ours is internal_error without a word of its cause', async () => {
    const answer = await tenant.get('/broken')
    assert.deepEqual([answer.status, answer.codes()], [500, ['internal_error']])
    assert.doesNotMatch(answer.text, /secret/)
  })

  test('P14 who lacks a right is refused before the body is looked at, and the audit log is told', async () => {
    const limited = await tenant.as('limited')
    const answer = await limited.put('/thing/1/activate', '{')
    assert.equal(answer.status, 403)
    assert.deepEqual(answer.json().errors, [
      { code: 'access_denied|missing_permission', message: 'Access denied due to missing_permission.' },
    ])
    const [event] = (await eventsOf(service.engine.installation, 'access.refused')).slice(-1)
    assert.equal(event?.object, `user:${limited.administrator.id}`)
    assert.equal(event?.detail.permission, 'domains:manage')
  })
})

test('X7 a key over its rate is told when to come back, others are served, and refusals do not count', async (context) => {
  const service = await TestService.start(context, {
    routes: frameRoutes,
    rates: [{ limit: 3, windowMs: 5_000 }],
  })
  const tenant = await service.tenant()
  const other = await tenant.as('standard')
  for (let count = 0; count < 3; count++) assert.equal((await tenant.get('/thing/1')).status, 200)
  service.advance(1_000)
  const refused = await tenant.get('/thing/1')
  assert.equal(refused.status, 429)
  assert.deepEqual(refused.json(), {
    errors: [{ code: 'request_limit_exceeded', message: 'Service unavailable, please limit request volume' }],
  })
  assert.equal(refused.headers['retry-after'], '4')
  assert.equal((await other.get('/thing/1')).status, 200)
  service.advance(4_000)
  for (let count = 0; count < 3; count++) assert.equal((await tenant.get('/thing/1')).status, 200)
  assert.equal((await tenant.get('/thing/1')).status, 429)
})

test('P17 an Idempotency-Key makes one thing of all repetitions, and 422 of another body or path', async (context) => {
  const service = await TestService.start(context, { routes: frameRoutes })
  const tenant = await service.tenant()
  const post = (label: string, key: string | undefined, by: TestTenant = tenant) =>
    by.post('/once', { label }, key === undefined ? {} : { headers: { 'idempotency-key': key } })
  const [first, ...others] = await Promise.all(['a', 'a', 'a'].map((label) => post(label, 'key-1')))
  assert.equal(first?.status, 201)
  for (const other of [...others, await post('a', 'key-1')]) {
    assert.deepEqual([other.status, other.text], [201, first?.text])
  }
  const conflict = await post('b', 'key-1')
  assert.deepEqual([conflict.status, conflict.codes()], [422, ['idempotency_conflict']])
  assert.equal((await post('b', 'key-2')).status, 201)
  assert.equal((await post('c', 'key-1', await service.tenant('bob@example.test'))).status, 201)
  assert.notEqual((await post('d', undefined)).text, (await post('e', undefined)).text)
  for (const key of ['x'.repeat(256), 'a b']) {
    assert.deepEqual((await post('f', key)).codes(), ['invalid_value:Idempotency-Key'])
  }
  service.advance(24 * 60 * 60_000 + 1)
  assert.notEqual((await post('g', 'key-1')).text, first?.text)
})
