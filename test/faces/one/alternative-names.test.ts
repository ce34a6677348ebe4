import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { opensslMissing, opensslText } from '../../support/openssl.ts'
import { lastFirst } from '../../support/stores.ts'
import { freshCsrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000
const guid = '6b29fc40-ca47-1067-b31d-00dd010662da'
const kind = '1.3.6.1.4.1.99999.2'
const san = {
  registered_ids: ['1.3.6.1.4.1.99999.1'],
  directory_name: { common_name: 'crane', country: 'NL', organization_units: ['Quay'] },
  other_names: {
    guid: [guid],
    raw_other_names: [{ oid: kind, values: [{ label: 'berth', value: 'kade 7' }] }],
  },
}

describe('alternative names of other kinds', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let devices: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    devices = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'third_party_app',
      certificate: { validity: { unit: 'days', duration: 90 } },
    })
  })
  let count = 0
  const issue = (names: object, profile = devices) =>
    tenant.post(`${tlm}/certificate`, {
      profile: { id: profile },
      seat: { seat_id: `crane-${++count}` },
      csr: freshCsrPem(),
      attributes: { subject: { common_name: `crane-${count}.example` }, extensions: { san: names } },
    })
  const shown = (pem: string) =>
    opensslText(['x509', '-noout', '-text', '-ext', 'subjectAltName'], { input: pem })

  test('they are certified where the profile is not for servers, and openssl reads them', {
    skip: opensslMissing,
  }, async () => {
    const answer = await issue(san)
    assert.equal(answer.status, 201, answer.text)
    const text = await shown(answer.json().certificate)
    assert.match(
      text,
      /Registered ID:1\.3\.6\.1\.4\.1\.99999\.1, DirName:[^,]*C ?= ?NL.+OU ?= ?Quay.+CN ?= ?crane/,
    )
    assert.match(
      text,
      /othername: 1\.3\.6\.1\.4\.1\.311\.25\.1:.+othername: 1\.3\.6\.1\.4\.1\.99999\.2:+ *kade 7/,
    )
  })

  test('a renewed certificate has them again', { skip: opensslMissing }, async () => {
    const first = (await issue(san)).json()
    service.advance(70 * day)
    const renewed = await tenant.post(`${tlm}/certificate/${first.serial_number}/renew`, {
      csr: freshCsrPem(),
    })
    assert.equal(renewed.status, 200, renewed.text)
    const namesIn = async (pem: string) => (await shown(pem)).match(/Alternative Name:[^\n]*\n[^\n]*/)?.[0]
    assert.ok((await namesIn(first.certificate))?.includes('kade 7'))
    assert.equal(await namesIn(renewed.json().certificate), await namesIn(first.certificate))
  })

  test('N13 profiles of servers refuse each by its member', async () => {
    const [server] = (await tenant.get('/mpki/api/v2/profile')).json()
    const place = 'attributes.extensions.san'
    for (const [names, field] of [
      [{ registered_ids: san.registered_ids }, `${place}.registered_ids.0`],
      [{ directory_name: san.directory_name }, `${place}.directory_name`],
      [{ other_names: { guid: [guid] } }, `${place}.other_names.guid.0`],
      [
        { other_names: { raw_other_names: san.other_names.raw_other_names } },
        `${place}.other_names.raw_other_names.0.values.0.value`,
      ],
    ] as const) {
      const answer = await issue(names, server.id)
      assert.deepEqual(
        [answer.status, answer.code, answer.field],
        [400, 'invalid_request', field],
        answer.text,
      )
    }
  })

  test('what is wrong with them is told by the member, and forms that nobody documents are refused', async () => {
    const place = 'attributes.extensions.san'
    for (const [names, field] of [
      [{ registered_ids: ['1.2', 'x'] }, `${place}.registered_ids.1`],
      [{ directory_name: 'CN=crane' }, `${place}.directory_name`],
      [{ directory_name: { country: 'Holland' } }, `${place}.directory_name.country`],
      [{ directory_name: { unique_identifier: '1' } }, `${place}.directory_name.unique_identifier`],
      [{ other_names: 'x' }, `${place}.other_names`],
      [{ other_names: { guid: 'x' } }, `${place}.other_names.guid`],
      [{ other_names: { raw_other_names: [{ values: [] }] } }, `${place}.other_names.raw_other_names.0.oid`],
      [
        { other_names: { raw_other_names: [{ oid: kind, values: [{ label: 'x' }] }] } },
        `${place}.other_names.raw_other_names.0.values.0.value`,
      ],
      [
        { other_names: { raw_other_names: [{ oid: '1.3.6.1.5.5.7.8.9', values: [{ value: 'a@b.c' }] }] } },
        `${place}.other_names.raw_other_names.0.values.0.value`,
      ],
    ] as const) {
      const answer = await issue(names)
      assert.deepEqual([answer.status, answer.field], [400, field], answer.text)
    }
    for (const nothing of [
      {},
      { other_names: {} },
      { directory_name: {} },
      { registered_ids: [] },
      { other_names: null },
    ]) {
      assert.equal((await issue(nothing)).status, 201, JSON.stringify(nothing))
    }
  })

  test('a profile may ask for them', async () => {
    const asking = await tenant.postProfile({
      enrollment_method: 'rest_api',
      authentication_method: 'third_party_app',
      certificate: { extensions: { san: { attributes: [{ type: 'other_names', mandatory: true }] } } },
    })
    assert.equal((await issue({}, asking)).field, 'attributes.extensions.san.other_names')
    assert.equal((await issue({ other_names: { guid: [guid] } }, asking)).status, 201)
  })
})
