import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { frameRoutes } from './frame-routes.ts'
import { TestService, type TestTenant } from './service.ts'

describe('bodies at the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope, { routes: frameRoutes })
    tenant = await service.tenant()
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

  test('a PUT without content works without a body, with an empty one, null, {} and blanks', async () => {
    for (const body of [undefined, '', 'null', '{}', '  \r\n']) {
      const answer = await tenant.put('/thing/1/activate', body)
      assert.equal(answer.status, 204, JSON.stringify(body))
      assert.equal(answer.text, '')
    }
  })
})
