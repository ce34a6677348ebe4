import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/
const date = /^\d{4}-\d\d-\d\d$/

describe('order info of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let organization: number
  before(async () => {
    service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organization = await testOrganization(tenant, ['ov', 'ev'])
  })

  const place = async (product: string, certificate: object = {}, rest: object = {}): Promise<number> => {
    const answer = await tenant.post(
      `/order/certificate/${product}`,
      await orderBody(organization, certificate, rest),
    )
    assert.equal(answer.status, 201, answer.text)
    return answer.json().id
  }

  const info = async (reference: number | string, query = '') => {
    const answer = await tenant.get(`/order/certificate/${reference}${query}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.json()
  }

  test('trap 12, 15, 19: an issued order has every member that clients read', async () => {
    const order = await info(
      await place(
        'private_ssl_plus',
        { common_name: 'www.shop.example.com', server_platform: { id: 45 }, organization_units: ['IT'] },
        { comments: 'please', alternative_order_id: 'info-1', additional_emails: ['it@shop.example'] },
      ),
    )
    const { certificate, user, requests } = order
    assert.equal(order.status, 'issued')
    assert.match(certificate.thumbprint, /^[0-9A-F]{40}$/)
    assert.match(certificate.serial_number, /^[0-9A-F]{32}$/)
    assert.equal(certificate.common_name, 'www.shop.example.com')
    assert.deepEqual(certificate.dns_names, ['www.shop.example.com'])
    for (const name of ['date_created', 'date_issued']) assert.match(certificate[name], dateTime)
    for (const name of ['valid_from', 'valid_till']) assert.match(certificate[name], date)
    assert.ok(certificate.days_remaining > 300)
    assert.match(certificate.csr, /^-----BEGIN CERTIFICATE REQUEST-----/)
    assert.equal(certificate.key_size, 256)
    assert.equal(certificate.signature_hash, 'sha256')
    assert.deepEqual(certificate.organization, { id: organization })
    assert.deepEqual(certificate.organization_units, ['IT'])
    assert.deepEqual([certificate.server_platform.id, certificate.server_platform.name], [45, 'nginx'])
    assert.match(certificate.ca_cert.id, /^[0-9A-F]{16}$/)
    const { intermediates: chain } = (await tenant.get(`/certificate/${certificate.id}/chain`)).json()
    assert.equal(certificate.ca_cert.name, chain[1].subject_common_name)
    assert.equal(certificate.user_id, tenant.administrator.id)
    assert.equal(order.organization.id, organization)
    assert.deepEqual(order.organization, {
      id: organization,
      name: 'Example Shop Ltd',
      display_name: 'Example Shop Ltd',
      is_active: true,
      city: 'Graz',
      state: 'Styria',
      country: 'at',
      telephone: '+43 1 5550100',
    })
    assert.deepEqual(order.container, { id: tenant.rootContainer.id, name: 'Example', is_active: true })
    assert.deepEqual(order.product, {
      name_id: 'private_ssl_plus',
      name: 'Private SSL',
      type: 'ssl_certificate',
      validation_type: 'private_ssl',
      validation_name: 'Private SSL',
      validation_description: 'Private SSL Organization Validation',
      csr_required: true,
    })
    assert.equal(order.organization_contact.email, 'ada@shop.example')
    assert.deepEqual(order.technical_contact, order.organization_contact)
    assert.deepEqual(user, {
      id: tenant.administrator.id,
      first_name: tenant.administrator.firstName,
      last_name: 'Administrator',
      email: 'ada@example.test',
    })
    assert.equal(requests.length, 1)
    assert.match(requests[0].date, dateTime)
    assert.equal(requests[0].type, 'new_request')
    assert.equal(requests[0].status, 'approved')
    assert.equal(order.has_pending_request, false)
    assert.equal(order.alternative_order_id, 'info-1')
    assert.deepEqual(order.additional_emails, ['it@shop.example'])
    assert.equal(order.renewed_order_id, 0)
    assert.deepEqual([order.is_renewal, order.is_renewed], [false, false])
    assert.deepEqual([order.auto_renew, order.auto_reissue], [0, 0])
    assert.deepEqual([order.validity_years, order.order_validity], [1, { years: 1 }])
    for (const name of ['order_valid_from', 'order_valid_till']) assert.match(order[name], date)
    assert.equal(order.cs_provisioning_method, 'none')
    assert.deepEqual([order.send_minus_90, order.send_plus_7], [true, true])
    assert.equal(order.payment_method, 'balance')
    assert.deepEqual(order.user_assignments, [])
    assert.deepEqual([order.allow_duplicates, order.disable_ct], [true, true])
    assert.equal(order.api_key.key_type, 'api_key')
    assert.equal(order.price, 0)
  })

  test('trap 8: an order that is issued at once answers with its chain, and polling shows it issued', async () => {
    const body = await orderBody(organization)
    const placed = (await tenant.post('/order/certificate/private_ssl_plus', body)).json()
    assert.equal(placed.certificate_chain.length, 3)
    const order = await info(placed.id)
    assert.deepEqual([order.status, order.certificate.id], ['issued', placed.certificate_id])
  })

  test('an order that waits has no member that only certificates have', async () => {
    const order = await info(await place('private_ssl_plus', {}, { skip_approval: false }))
    assert.equal(order.status, 'needs_approval')
    for (const name of [
      'thumbprint',
      'serial_number',
      'valid_from',
      'valid_till',
      'date_issued',
      'days_remaining',
    ]) {
      assert.equal(name in order.certificate, false, name)
    }
    for (const name of ['order_valid_till', 'order_valid_from']) assert.equal(name in order, false, name)
    assert.equal(order.has_pending_request, true)
    assert.equal(order.requests[0].status, 'pending')
    assert.equal(order.certificate.key_size, 256)
  })

  test('an order is found by id, and by serial number and thumbprint in any spelling', async () => {
    const order = await info(await place('private_ssl_plus'))
    const { serial_number: serial, thumbprint } = order.certificate
    const colons = serial.match(/../g).join(':')
    for (const reference of [serial, serial.toLowerCase(), colons, thumbprint, thumbprint.toLowerCase()]) {
      assert.equal((await info(reference)).id, order.id, reference)
    }
    assert.equal((await info(`${order.id}/`)).id, order.id)
  })

  test('an order of nobody, of others, and one with a slip in its path is not found', async () => {
    const id = await place('private_ssl_plus')
    const other = await service.tenant('bob@example.test')
    for (const [caller, url, code] of [
      [tenant, `/order/certificate/${2 ** 30}`, 'not_found|order'],
      [tenant, '/order/certificate/ABCDEF', 'not_found|order'],
      [other, `/order/certificate/${id}`, 'not_found|order'],
      [tenant, `/order/certificate${id}`, 'not_found|route'],
    ] as const) {
      const answer = await caller.get(url)
      assert.deepEqual([answer.status, ...answer.codes()], [404, code], url)
    }
  })

  test('notes, custom fields and contacts of an order are shown with it', async () => {
    const field = (
      await tenant.post('/account/metadata', { label: 'Cost centre', is_required: false, is_active: true })
    ).json().id
    const contact = { first_name: 'Cy', last_name: 'Dee', email: 'cy@shop.example', telephone: 1234567 }
    const id = await place(
      'private_ssl_plus',
      {},
      { custom_fields: [{ metadata_id: field, value: '4711' }], technical_contact: contact },
    )
    await tenant.post(`/order/certificate/${id}/note`, { text: 'remember' })
    const order = await info(id)
    assert.deepEqual(order.custom_fields, [{ metadata_id: field, label: 'Cost centre', value: '4711' }])
    assert.equal(order.notes[0].text, 'remember')
    assert.deepEqual(order.technical_contact, { ...contact, telephone: '1234567' })
    assert.equal(order.organization_contact.email, 'ada@shop.example')
  })

  test('an order that ended is expired, and another one of that age in a state of its own keeps it', async () => {
    const issued = await place('private_ssl_plus', {}, { order_validity: { days: 10 } })
    const waiting = await place(
      'private_ssl_plus',
      {},
      { skip_approval: false, order_validity: { days: 10 } },
    )
    service.advance(11 * 86_400_000)
    const order = await info(issued)
    assert.equal(order.status, 'expired')
    assert.equal(order.certificate.days_remaining < 0, true)
    assert.equal((await info(waiting)).status, 'needs_approval')
  })

  test('a plan of years says so by a text, and an order of one certificate says nothing', async () => {
    const plan = await info(
      await place('private_ssl_plus', { cert_validity: { days: 90 } }, { order_validity: { years: 2 } }),
    )
    assert.equal(plan.is_multi_year_plan, '1')
    assert.deepEqual(plan.certificate.cert_validity, { days: 90 })
    const single = await info(await place('private_ssl_plus', {}, { order_validity: { days: 30 } }))
    assert.equal('is_multi_year_plan' in single, false)
  })

  test('CAA of a waiting public order is told by domain where it is asked for', async () => {
    await testDomain(tenant, organization, 'proven.example.com')
    const names = { common_name: 'proven.example.com', dns_names: ['proven.example.com', 'open.example.com'] }
    const id = await place('ssl_multi_domain', names, { dcv_method: 'dns-txt-token' })
    const order = await info(id, '?include_caa_status=true')
    assert.equal(order.status, 'pending')
    assert.deepEqual(Object.keys(order.caa_status_message).toSorted(), [
      'open.example.com',
      'proven.example.com',
    ])
    assert.equal(
      order.caa_status_message['open.example.com'],
      'The CAA records allow this authority to issue.',
    )
    assert.equal('caa_status_message' in (await info(id)), false)
    assert.equal(order.dcv_method, 'dns-txt-token')
    assert.equal(typeof order.dcv_random_value, 'string')
    await tenant.setPolicy({ caaRequired: true })
    const required = await info(id, '?include_caa_status=True')
    await tenant.setPolicy({ caaRequired: false })
    assert.match(required.caa_status_message['open.example.com'], /^A CAA record/)
    const answered = await tenant.get(`/order/certificate/${id}?include_caa_status=maybe`)
    assert.deepEqual(answered.codes(), ['invalid_value:include_caa_status'])
  })

  test('a domain-validated order has no organization, and its contacts are none', async () => {
    const body = await orderBody(
      undefined,
      { common_name: 'dv.example.com' },
      { dcv_method: 'dns-txt-token' },
    )
    const { id } = (await tenant.post('/order/certificate/ssl_dv_geotrust', body)).json()
    const order = await info(id)
    for (const name of ['organization', 'organization_contact', 'technical_contact']) {
      assert.equal(name in order, false, name)
    }
    assert.equal('organization' in order.certificate, false)
  })

  test('order info comes as XML, too', async () => {
    const id = await place('private_ssl_plus')
    const answer = await tenant.get(`/order/certificate/${id}`, { headers: { accept: 'application/xml' } })
    assert.equal(answer.headers['content-type'], 'application/xml')
    assert.match(answer.text, new RegExp(`<response><id>${id}</id>`))
    assert.match(answer.text, /<dns_names><dns_name>/)
  })
})
