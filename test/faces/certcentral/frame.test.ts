import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { customFields } from '../../../src/core/identity/custom-field.ts'
import { DocumentReader } from '../../../src/core/store/document.ts'
import { created, done, file, listed, ok } from '../../../src/faces/certcentral/reply.ts'
import { defineRoute } from '../../../src/faces/certcentral/route.ts'
import { eventsOf } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const aField = {
  description: '',
  isRequired: false,
  isActive: true,
  type: 'anything',
  showInReceipt: false,
} as const

const routes = [
  defineRoute({
    method: 'GET',
    path: '/thing/:id',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    handler: (call) => ok({ id: call.pathId('id', 'order'), absent: undefined, user: call.user.id }),
  }),
  defineRoute({
    method: 'GET',
    path: '/thing',
    resource: 'orders',
    right: 'view',
    tier: 'A',
    answers: 'list',
    handler: () =>
      listed('things', [{ id: 1, name: 'a, "b"', dns_names: ['x.example', 'y.example'], in: { id: 2 } }], {
        total: 1,
        limit: 1000,
        offset: 0,
      }),
  }),
  defineRoute({
    method: 'POST',
    path: '/thing',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    handler: ({ body }) => {
      const name = body.requiredText('name', { longest: 20 })
      const csr = body.object('certificate').requiredText('csr', { anyCharacter: true })
      const count = body.integer('count', 1, 10)
      const fields = body.objects('custom_fields').map((field) => field.requiredText('value'))
      const texts = body.texts('names')
      const flag = body.flag('flag')
      body.check()
      return ok({ name, csr, count, fields, texts, flag })
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/thing/:id/activate',
    resource: 'domains',
    right: 'manage',
    tier: 'A',
    body: 'optional',
    handler: () => done,
  }),
  defineRoute({
    method: 'GET',
    path: '/thing/:id/file',
    resource: 'certificates',
    right: 'view',
    tier: 'A',
    answers: 'file',
    handler: () => file('application/x-pem-file', 'pem'),
  }),
  defineRoute({
    method: 'POST',
    path: '/once',
    resource: 'orders',
    right: 'manage',
    tier: 'A',
    handler: async (call) => {
      const label = call.body.requiredText('label')
      call.body.check()
      const id = await call.once({
        run: (binding) =>
          call.engine.store.write(function* (transaction) {
            const made = yield* transaction.collection(customFields).nextId()
            yield* transaction
              .collection(customFields)
              .insert({ ...aField, id: made, accountId: call.account.id, label })
            yield* binding.bind(transaction, { id: made })
            return made
          }),
        recall: async (subject) => new DocumentReader(subject, 'subject').integer('id'),
      })
      return created({ id })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/broken',
    resource: 'self',
    right: 'view',
    tier: 'A',
    handler: () => {
      throw new TypeError('a secret of ours')
    },
  }),
]

describe('the frame of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes })
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

  test('a PUT without content works without a body, with an empty one, null, {} and blanks', async () => {
    for (const body of [undefined, '', 'null', '{}', '  \r\n']) {
      const answer = await tenant.put('/thing/1/activate', body)
      assert.equal(answer.status, 204, JSON.stringify(body))
      assert.equal(answer.text, '')
    }
  })

  test('a body that is needed and empty is missing_request_data, one that cannot be read bad_request_format', async () => {
    for (const body of [undefined, '', 'null', ' ']) {
      const answer = await tenant.post('/thing', body)
      assert.deepEqual([answer.status, answer.codes()], [400, ['missing_request_data']], JSON.stringify(body))
    }
    for (const body of [
      '{',
      '[]',
      '"text"',
      '1',
      'name=x',
      '<a>',
      '<a/><b/>',
      '<a>text</a>',
      '{"a":1,"a":2}',
    ]) {
      const answer = await tenant.post('/thing', body)
      assert.deepEqual([answer.status, answer.codes()], [400, ['bad_request_format']], body)
      assert.equal(answer.json().errors[0].message, 'Could not parse request data')
    }
  })

  test('all absent parameters are told at once, and before values that are wrong', async () => {
    const answer = await tenant.post('/thing', { count: 'many', custom_fields: [{}, { value: '' }] })
    assert.deepEqual(answer.codes(), [
      'required_param:name',
      'required_param:certificate.csr',
      'required_param:custom_fields.0.value',
      'required_param:custom_fields.1.value',
    ])
    const values = await tenant.post('/thing', {
      name: '<b>',
      certificate: { csr: 'x' },
      count: 11,
      flag: 'maybe',
      custom_fields: ['x'],
      names: 'x',
    })
    assert.deepEqual(values.codes(), [
      'invalid_chars:name',
      'invalid_value:count',
      'invalid_value:custom_fields.0',
      'invalid_value:names',
      'invalid_value:flag',
    ])
  })

  test('numbers as texts, texts as numbers, flags in every spelling and empty list entries are taken', async () => {
    const answer = await tenant.post('/thing', {
      name: 8010,
      certificate: { csr: 'x' },
      count: '3',
      names: ['', 'a', null],
      flag: 'True',
      custom_fields: null,
    })
    assert.deepEqual(answer.json(), {
      name: '8010',
      csr: 'x',
      count: 3,
      fields: [],
      texts: ['a'],
      flag: true,
    })
  })

  test('a text is taken up to its longest and refused one character past it', async () => {
    const named = (length: number) =>
      tenant.post('/thing', { name: 'é'.repeat(length), certificate: { csr: 'x' } })
    assert.equal((await named(20)).status, 200)
    assert.deepEqual((await named(21)).codes(), ['invalid_value:name'])
  })

  test('P18 __proto__, constructor and prototype as members are plain data', async () => {
    const body =
      '{"__proto__":{"name":"x"},"constructor":{"prototype":{"name":"y"}},"certificate":{"csr":"x"}}'
    assert.deepEqual((await tenant.post('/thing', body)).codes(), ['required_param:name'])
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const xml = `<r><${name}><name>x</name></${name}><certificate><csr>x</csr></certificate></r>`
      assert.equal((await tenant.post('/thing', xml)).status, 400, name)
    }
    assert.equal(Object.hasOwn(Object.prototype, 'name'), false)
    assert.equal(
      (await tenant.get('/thing?filters[__proto__]=1&__proto__[x]=1&sort=constructor')).status,
      200,
    )
  })

  test('XML is read whatever its outermost element is called, and JSON although XML was declared', async () => {
    const xml = `<?xml version="1.0"?><request><name>shop</name><certificate><csr>a&amp;b</csr></certificate>
      <names><name>a</name><name>b</name></names><custom_fields><custom_field><value>v</value></custom_field></custom_fields></request>`
    const headers = { 'content-type': 'application/xml' }
    const expected = { name: 'shop', csr: 'a&b', fields: ['v'], texts: ['a', 'b'] }
    assert.deepEqual((await tenant.post('/thing', xml, { headers })).json(), expected)
    assert.deepEqual((await tenant.post('/thing', xml)).json(), expected)
    const json = JSON.stringify({
      name: 'shop',
      certificate: { csr: 'a&b' },
      names: ['a', 'b'],
      custom_fields: [{ value: 'v' }],
    })
    assert.deepEqual((await tenant.post('/thing', json, { headers })).json(), expected)
    const undeclared = await service.send({
      method: 'POST',
      url: '/thing',
      headers: { 'x-dc-devkey': tenant.key },
      payload: Buffer.from(json),
    })
    assert.deepEqual(undeclared.json(), expected)
  })

  test('an XML body with a document type, with entities of its own, or too deep is refused', async () => {
    for (const body of [
      '<!DOCTYPE r [<!ENTITY x "y">]><r><name>&x;</name></r>',
      '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
      `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`,
    ]) {
      assert.deepEqual((await tenant.post('/thing', body)).codes(), ['bad_request_format'])
    }
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

  test('a media type that is none, or of a form, does not keep a body from being read', async () => {
    const json = JSON.stringify({ name: 'a', certificate: { csr: 'x' } })
    for (const type of [
      'application/x-www-form-urlencoded',
      'json',
      'text/plain',
      'application/json; charset=utf-8',
    ]) {
      const answer = await tenant.post('/thing', json, { headers: { 'content-type': type } })
      assert.equal(answer.status, 200, type)
    }
  })
})

test('X7 a key over its rate is told when to come back, others are served, and refusals do not count', async (context) => {
  const service = await TestService.start(context, { routes, rates: [{ limit: 3, windowMs: 5_000 }] })
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
  const service = await TestService.start(context, { routes })
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
