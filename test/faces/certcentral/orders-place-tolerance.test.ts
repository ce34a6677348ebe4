import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { csrPem, orderBody, silentNetwork, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

describe('what clients send in orders', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let organizationId: number
  let pem: string
  before(async () => {
    const service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organizationId = await testOrganization(tenant, ['ov'])
    pem = await csrPem()
  })

  const path = '/order/certificate/private_ssl_multi_domain'
  const post = async (certificate: object, rest: object) =>
    tenant.post(path, await orderBody(organizationId, certificate, rest))
  const info = async (id: number) => (await tenant.get(`/order/certificate/${id}`)).json()
  const years = (validity: object) => ({ order_validity: undefined, ...validity })

  for (const [title, certificate, rest] of [
    ['an organization id as text', {}, { organization: { id: '1' } }],
    ['an organization as a bare id', {}, { organization: 1 }],
    ['a server platform as a bare number', { server_platform: 2 }, {}],
    ['a server platform with a text id', { server_platform: { id: '45', name: '' } }, {}],
    ['a server platform that is not listed', { server_platform: { id: 10 } }, {}],
    ['the profile option of a sample', { profile_option: 'some profile' }, {}],
    ["the profile option of a client's sample", { profile_option: 'some_ssl_profile' }, {}],
    ['organization units with an empty text', { organization_units: [''] }, {}],
    ['organization units that are null', { organization_units: null }, {}],
    ['a container 0', {}, { container: { id: 0 } }],
    ['a renewed order 0', {}, { renewal_of_order_id: 0 }],
    ['an empty expiration date', {}, { custom_expiration_date: '' }],
    ['echoed members of the server', { id: 0, status: '' }, { id: 0, name: '', status: 'issued', price: -5 }],
    ['contacts that are empty', {}, { organization_contact: {}, technical_contact: { first_name: '' } }],
    ['a telephone that is a number', {}, { organization_contact: { first_name: 'A', telephone: 4316 } }],
    ['flags as texts of Python', {}, { skip_approval: 'True', disable_renewal_notifications: 'False' }],
    ['an automatic renewal as a flag', {}, { auto_renew: true }],
    ['an unknown member', { unknown: {} }, { unknown: [1] }],
    ['a signature hash in capitals', { signature_hash: 'SHA256' }, {}],
    ['an absent signature hash', { signature_hash: undefined }, {}],
    ['a member named as a prototype', {}, JSON.parse('{"__proto__":{"status":"x"},"constructor":{"a":1}}')],
  ] as const) {
    test(`${title} is taken`, async () => {
      const answer = await post(certificate, rest)
      assert.equal(answer.status, 201, answer.text)
      assert.equal(answer.json().certificate_chain.length, 3)
      assert.equal((await info(answer.json().id)).price, 0)
    })
  }

  for (const [title, rest, expected] of [
    ['years of an order', { order_validity: { years: 2 } }, { years: 2 }],
    ['years as text', { order_validity: { years: '1' } }, { years: 1 }],
    ['the older years', years({ validity_years: 1 }), { years: 1 }],
    ['the older years as text', years({ validity_years: '3' }), { years: 3 }],
    ['older years of 0 beside the newer member', { validity_years: 0 }, { years: 1 }],
    ['days of an order', { order_validity: { days: 30 } }, { days: 30 }],
    ['the older days', years({ validity_days: 45 }), { days: 45 }],
    [
      'a date',
      { order_validity: { custom_expiration_date: '2027-01-31' } },
      { custom_expiration_date: '2027-01-31' },
    ],
    [
      'a date with a time',
      years({ custom_expiration_date: '2027-01-31T10:00:00Z' }),
      { custom_expiration_date: '2027-01-31' },
    ],
    [
      'a date before days and years',
      { order_validity: { years: 1, days: 9, custom_expiration_date: '2027-01-31' } },
      { custom_expiration_date: '2027-01-31' },
    ],
  ] as const) {
    test(`the validity is read from ${title}`, async () => {
      const answer = await post({}, rest)
      assert.equal(answer.status, 201, answer.text)
      assert.deepEqual((await info(answer.json().id)).order_validity, expected)
    })
  }

  test('V2 an order of several years has a certificate as long as its product, and a plan beyond it', async () => {
    const answer = await post({}, { order_validity: { years: 3 } })
    const shown = await info(answer.json().id)
    assert.equal(shown.order_valid_till, '2029-11-22')
    assert.equal(shown.certificate.valid_till, '2029-11-21')
    const certificate = { cert_validity: { days: 10 } }
    const short = await info((await post(certificate, { order_validity: { years: 1 } })).json().id)
    assert.equal(short.certificate.valid_till, '2026-12-02')
    assert.equal(short.is_multi_year_plan, '1')
  })

  for (const [title, form] of [
    ['without line breaks', (text: string) => text.replaceAll('\n', '')],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['as base64 alone', (text: string) => text.replaceAll(/-----[^-]+-----|\n/g, '')],
    [
      'as base64 for URLs without padding',
      (text: string) =>
        text
          .replaceAll(/-----[^-]+-----|\n|=/g, '')
          .replaceAll('+', '-')
          .replaceAll('/', '_'),
    ],
    ['with written-out line feeds', (text: string) => text.replaceAll('\n', '\\n')],
  ] as const) {
    test(`a CSR ${title} is taken`, async () => {
      const answer = await post({ csr: form(pem) }, {})
      assert.equal(answer.status, 201, answer.text)
      assert.equal((await info(answer.json().id)).certificate.csr.replaceAll('\r\n', '\n'), pem)
    })
  }

  test('people are read from both places, users by their ids', async () => {
    const { administrator } = tenant
    const organization = {
      id: organizationId,
      contacts: [
        { contact_type: 'organization_contact', user_id: administrator.id },
        {
          contact_type: 'technical_contact',
          first_name: 'Ben',
          last_name: 'Ochs',
          email: 'ben@shop.example',
        },
      ],
    }
    const shown = await info((await post({}, { organization })).json().id)
    assert.equal(shown.organization_contact.email, administrator.email)
    assert.equal(shown.technical_contact.email, 'ben@shop.example')
    const older = { technical_contact: { first_name: 'Cy', last_name: 'Ode', email: 'cy@shop.example' } }
    assert.equal((await info((await post({}, older)).json().id)).technical_contact.first_name, 'Cy')
  })

  test('what an order says beside its certificate is kept', async () => {
    const answer = await post(
      { dns_names: ['b.example.com', 'B.example.com', '10.0.0.1'], server_platform: { id: 45 } },
      {
        comments: 'größe <b>',
        additional_emails: ['x@shop.example'],
        locale: 'JA',
        disable_renewal_notifications: 1,
        custom_renewal_message: 'soon',
        auto_reissue: 1,
        disable_ct: 1,
        payment_method: 'balance',
      },
    )
    assert.equal(answer.status, 201, answer.text)
    const shown = await info(answer.json().id)
    assert.deepEqual(shown.certificate.dns_names, ['www.shop.example.com', 'b.example.com', '10.0.0.1'])
    assert.equal(shown.certificate.server_platform.id, 45)
    assert.equal(shown.comments, 'größe <b>')
    assert.deepEqual(shown.additional_emails, ['x@shop.example'])
    assert.equal(shown.locale, 'ja')
    assert.equal(shown.disable_renewal_notifications, true)
    assert.equal(shown.custom_renewal_message, 'soon')
    assert.equal(shown.auto_reissue, 1)
    assert.equal(shown.disable_ct, true)
  })

  test('P13 members that are the server’s change nothing', async () => {
    const answer = await post(
      { serial_number: '01', issuer: 'x', id: 77 },
      { id: 99, status: 'revoked', account_id: 5, user: { id: 9 }, price: 7, date_created: '2001-01-01' },
    )
    const shown = await info(answer.json().id)
    assert.notEqual(shown.id, 99)
    assert.equal(shown.status, 'issued')
    assert.equal(shown.user.id, tenant.administrator.id)
    assert.equal(shown.price, 0)
  })

  test('an order as XML is an order', async () => {
    const xml = `<request><certificate><common_name>xml.example.com</common_name><csr>${pem}</csr>
      <dns_names><dns_name>xml2.example.com</dns_name></dns_names></certificate>
      <organization><id>${organizationId}</id></organization><validity_years>1</validity_years>
      <skip_approval>true</skip_approval></request>`
    const answer = await tenant.post(path, xml, { headers: { 'content-type': 'application/xml' } })
    assert.equal(answer.status, 201, answer.text)
    const names = (await info(answer.json().id)).certificate.dns_names
    assert.deepEqual(names, ['xml.example.com', 'xml2.example.com'])
  })

  test('a type hint stands for the product, and its absence for an organization-validated one', async () => {
    for (const [hint, names, product] of [
      [{ product: { type_hint: 'private' } }, {}, 'private_ssl_plus'],
      [{ product: { type_hint: 'OV' } }, { dns_names: ['a.example.com'] }, 'ssl_multi_domain'],
      [{}, {}, 'ssl_plus'],
      [{ product: null }, { common_name: '*.shop.example.com' }, 'ssl_wildcard'],
    ] as const) {
      const answer = await tenant.post('/order/certificate/ssl', await orderBody(organizationId, names, hint))
      assert.equal(answer.status, 201, answer.text)
      assert.equal((await info(answer.json().id)).product.name_id, product)
    }
  })
})
