import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { certificatesIn, csrPem, freshCsrPem, rsaKeys } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000

describe('certificates of Trust Lifecycle Manager', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let profiles: { id: string; name: string }[]
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    profiles = (await tenant.get('/mpki/api/v2/profile')).json()
  })

  let count = 0
  const body = (more: object = {}) => {
    const name = `pump-${++count}.harbour.example`
    return {
      profile: { id: profiles[0]?.id },
      seat: { seat_id: `${name}_abcdef` },
      csr: csrPem(),
      delivery_format: 'x509',
      attributes: { subject: { common_name: name }, extensions: { san: { dns_names: [name] } } },
      ...more,
    }
  }
  const issue = async (more: object = {}) => {
    const answer = await tenant.post(`${tlm}/certificate`, body(more))
    assert.equal(answer.status, 201, answer.text)
    return answer.json()
  }
  const certificate = (serial: string, rest = '') => `${tlm}/certificate/${serial}${rest}`

  test('hello is the exact greeting and an invalid key is 401 there', async () => {
    const hello = await tenant.get(`${tlm}/hello`)
    assert.equal(hello.status, 200)
    assert.equal(hello.text, 'Hello from DigiCert ONE - Trust Lifecycle Manager REST API!')
    assert.equal((await service.call('nothing', 'GET', `${tlm}/hello`)).status, 401)
    const health = await service.send({ url: `${tlm}/health/extensive` })
    assert.deepEqual([health.status, health.text], [200, 'UP'])
  })

  test('a certificate is issued with 201, its serial number in even upper-case hex, its format as asked for', async () => {
    const answer = await tenant.post(
      `${tlm}/certificate`,
      body({ serial_no: 1, thumbprint_256: {}, tags: null, validity: { unit: 'days', duration: 90 } }),
    )
    assert.equal(answer.status, 201)
    const { serial_number, delivery_format, certificate: pem } = answer.json()
    assert.match(serial_number, /^([0-9A-F]{2}){1,20}$/)
    assert.equal(delivery_format, 'x509')
    assert.match(answer.text, /"serial_number":"/)
    const [leaf, ...others] = certificatesIn(pem)
    assert.equal(others.length, 0)
    assert.equal(leaf?.serialNumber, serial_number)
    assert.equal(leaf?.subject, `CN=pump-${count}.harbour.example`)
    const days = (Date.parse(String(leaf?.validTo)) - Date.parse(String(leaf?.validFrom)) + 1_000) / day
    assert.equal(days, 90)
  })

  test('with chain the leaf comes first and its issuers follow', async () => {
    for (const include of [true, 'true']) {
      const { certificate: pem } = await issue({ include_ca_chain: include, delivery_format: 'X509' })
      const [leaf, issuing, root] = certificatesIn(pem)
      assert.ok(leaf && issuing && root)
      assert.ok(leaf.verify(issuing.publicKey) && issuing.verify(root.publicKey))
    }
  })

  test('a CSR is taken in four spellings', async () => {
    const pem = csrPem()
    const base64 = pem.replaceAll(/-----[^-]+-----|\n/g, '')
    for (const csr of [
      pem,
      pem.replaceAll('\n', '\r\n'),
      pem.replaceAll('\n', ''),
      base64,
      pem.replaceAll('\n', '\\n'),
    ]) {
      await issue({ csr })
    }
  })

  test('a certificate and its chain are delivered as PKCS#7', async () => {
    const { certificate: pem, delivery_format } = await issue({
      delivery_format: 'PKCS7',
      include_ca_chain: true,
    })
    assert.match(pem, /^-----BEGIN PKCS7-----/)
    assert.equal(delivery_format, 'PKCS7')
    assert.equal((await issue({ delivery_format: 'PEM' })).delivery_format, 'PEM')
  })

  test('details have the documented members, and none that are undefined', async () => {
    const { serial_number } = await issue({ tags: ['quay'] })
    for (const serial of [serial_number, serial_number.toLowerCase(), serial_number.match(/../g).join(':')]) {
      const answer = await tenant.get(certificate(serial))
      assert.equal(answer.status, 200, serial)
      const details = answer.json()
      assert.equal(details.status, 'issued')
      assert.equal(details.serial_number, serial_number)
      assert.equal(details.profile.name, 'Server P-256')
      assert.equal(details.seat.seat_id, `pump-${count}.harbour.example_abcdef`)
      assert.deepEqual(details.seat_type, { id: 'SERVER_SEAT' })
      assert.equal(details.account.id, tenant.accountUuid)
      assert.equal(details.key_size, 'P-256')
      assert.equal(details.signature_algorithm, 'SHA256_WITH_ECDSA')
      assert.deepEqual(details.subject, { common_name: `pump-${count}.harbour.example` })
      assert.equal(details.expires_in_days, 364)
      assert.match(details.valid_from, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      assert.match(details.thumbprint, /^[0-9A-F]{64}$/)
      assert.deepEqual(details.tags, ['quay'])
      assert.equal(details.revocation, undefined)
      const leaf = new X509Certificate(Buffer.from(details.certificate, 'base64'))
      assert.equal(leaf.fingerprint256.replaceAll(':', ''), details.thumbprint)
      assert.deepEqual((await tenant.get(`${tlm}/certificate-search/${details.id}`)).json(), details)
      assert.deepEqual((await tenant.get(`${tlm}/certificate-by-id/${details.id}`)).json(), details)
      assert.equal(
        (await tenant.get(`${certificate(serial)}?thumbprint_sha256=${details.thumbprint.toLowerCase()}`))
          .status,
        200,
      )
      assert.equal(
        (await tenant.get(`${certificate(serial)}?thumbprint_sha256=${'0'.repeat(64)}`)).status,
        404,
      )
    }
  })

  test('a seat that is not there is made, and used again', async () => {
    const seat = { seat_id: 'crane 3@harbour.example', email: 'ops@harbour.example' }
    await issue({ seat })
    await issue({ seat })
    const shown = await tenant.get(`${tlm}/seat/${encodeURIComponent(seat.seat_id)}?seat_type_id=SERVER_SEAT`)
    assert.equal(shown.status, 200, shown.text)
    assert.equal(shown.json().email, 'ops@harbour.example')
    const found = await tenant.get(`${tlm}/certificate-search?seat_id=${encodeURIComponent(seat.seat_id)}`)
    assert.equal(found.json().total, 2)
  })

  test('every member of a subject that is a list certifies all its values, and a text twice is refused', async () => {
    const lists = {
      organization_units: ['Quay', 'Cranes'],
      title: ['Dr', 'Captain'],
      given_name: ['Ada', 'Eve'],
      surname: ['Harbour', 'Quay'],
      unstructured_address: ['Some', 'unstructured', 'address'],
      unstructured_name: ['some large and', 'unstructured name'],
      street_address: ['Kade 1', 'Kade 2'],
      description: ['some', 'description'],
      domain_component: ['example', 'harbour'],
    }
    const { serial_number } = await issue({
      attributes: { subject: { common_name: 'lists.harbour.example', ...lists } },
    })
    const { subject } = (await tenant.get(certificate(serial_number))).json()
    const sorted = (table: object) =>
      Object.entries(table).map(([name, values]) => [name, [...values].sort()] as const)
    for (const [name, values] of sorted(lists)) assert.deepEqual([...subject[name]].sort(), values, name)
    const twice = await tenant.post(
      `${tlm}/certificate`,
      body({ attributes: { subject: { common_name: 'a.example', locality: ['Delft', 'Gouda'] } } }),
    )
    assert.deepEqual([twice.status, twice.field], [400, 'attributes.subject.locality'])
  })

  test('the id of a seat that is repeated as its mail address is not taken for one', async () => {
    await issue({ seat: { seat_id: 'crane-9', email: 'crane-9' } })
    const shown = await tenant.get(`${tlm}/seat/crane-9?seat_type_id=SERVER_SEAT`)
    assert.equal(shown.json().email, '')
  })

  test('revoking answers 204, again the exact message in errors, and shows in details', async () => {
    const { serial_number } = await issue()
    const url = certificate(serial_number, '/revoke')
    const first = await tenant.put(url, { revocation_reason: 'key_compromise' })
    assert.deepEqual([first.status, first.text], [204, ''])
    const second = await tenant.put(url, { revocation_reason: 'key_compromise' })
    assert.equal(second.status, 400)
    assert.deepEqual(second.json().errors, [
      { code: 'invalid_request', message: 'Certificate already has been revoked' },
    ])
    assert.equal(second.json().message, 'Certificate already has been revoked')
    const details = (await tenant.get(certificate(serial_number))).json()
    assert.equal(details.status, 'revoked')
    assert.deepEqual(Object.keys(details.revocation), ['reason', 'revocation_date', 'comments'])
    assert.equal(details.revocation.reason, 'key_compromise')
  })

  test('every documented reason revokes, under both spellings of the member', async () => {
    for (const reason of [
      'unspecified',
      'ca_compromise',
      'affiliation_changed',
      'superseded',
      'cessation_of_operation',
      'privilege_withdrawn',
      'aa_compromise',
      'KEY_COMPROMISE',
    ]) {
      const { serial_number } = await issue()
      const answer = await tenant.put(certificate(serial_number, '/revoke'), { reason, comment: 'because' })
      assert.equal(answer.status, 204, reason)
      const { revocation } = (await tenant.get(certificate(serial_number))).json()
      assert.deepEqual([revocation.reason, revocation.comments], [reason.toLowerCase(), 'because'])
    }
    const { serial_number } = await issue()
    const answer = await tenant.put(certificate(serial_number, '/revoke'), { revocation_reason: 'boredom' })
    assert.deepEqual([answer.status, answer.field], [400, 'revocation_reason'])
    assert.equal((await tenant.get(certificate(serial_number))).json().status, 'issued')
  })

  test('a certificate is suspended, resumed, and refuses to be resumed when it is not suspended', async () => {
    const { serial_number } = await issue()
    const url = certificate(serial_number, '/revoke')
    const early = await tenant.delete(url)
    assert.deepEqual([early.status, early.code], [400, 'invalid_request'])
    assert.equal((await tenant.put(url, { revocation_reason: 'certificate_hold' })).status, 204)
    assert.equal((await tenant.get(certificate(serial_number))).json().status, 'suspended')
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await tenant.get(certificate(serial_number))).json().status, 'issued')
    assert.equal((await tenant.put(url, { revocation_reason: 'certificate_hold' })).status, 204)
    assert.equal((await tenant.put(url, { revocation_reason: 'superseded' })).status, 204)
    assert.equal((await tenant.delete(url)).status, 400)
  })

  test('values for custom extensions that say nothing are taken', async () => {
    for (const custom_values of [{}, [], null, '']) {
      const subject = { common_name: 'a.example' }
      const answer = await tenant.post(`${tlm}/certificate`, body({ attributes: { subject, custom_values } }))
      assert.equal(answer.status, 201, answer.text)
    }
  })

  test('extensions that say nothing are taken', async () => {
    for (const extensions of [
      { issuer_alt_name: {}, security_identifier: null, lei: '', lei_role: [] },
      { security_identifier: { additional_values: [] }, lei: { value: '', critical: false } },
    ]) {
      const subject = { common_name: 'a.example' }
      const answer = await tenant.post(`${tlm}/certificate`, body({ attributes: { subject, extensions } }))
      assert.equal(answer.status, 201, answer.text)
    }
  })

  test('what the request lacks or has wrong is 400 and named, and nothing is issued', async () => {
    const before = (await tenant.get(`${tlm}/certificate-search`)).json().total
    const subject = { common_name: 'a.example' }
    const manyNames = Array.from({ length: 251 }, (_, number) => `n${number}.example`)
    for (const [more, field] of [
      [{ profile: undefined }, 'profile'],
      [{ profile: {} }, 'profile.id'],
      [{ csr: undefined }, 'csr'],
      [{ csr: 'nonsense' }, 'csr'],
      [{ csr: csrPem(rsaKeys) }, 'csr'],
      [{ delivery_format: 'jks' }, 'delivery_format'],
      [{ delivery_format: 'pkcs12' }, 'delivery_format'],
      [{ include_ca_chain: 'maybe' }, 'include_ca_chain'],
      [{ validity: { unit: 'weeks', duration: 1 } }, 'validity.unit'],
      [{ validity: { unit: 'days', duration: 0 } }, 'validity.duration'],
      [{ validity: { unit: 'days' } }, 'validity.duration'],
      [{ validity: { duration_unit: 'days' } }, 'validity.duration_value'],
      [{ validity: { years: 1 } }, 'validity.years'],
      [{ validity: { unit: 'years', duration: 90 } }, 'validity'],
      [{ attributes: {} }, 'attributes.subject.common_name'],
      [{ attributes: { subject: { common_name: 'x'.repeat(65) } } }, 'attributes.subject.common_name'],
      [{ attributes: { subject: { ...subject, country: 'uk' } } }, 'attributes.subject.country'],
      [
        { attributes: { subject: { ...subject, unique_identifier: 'x' } } },
        'attributes.subject.unique_identifier',
      ],
      [
        { attributes: { subject, extensions: { san: { dns_names: ['a.example', 'b_.example'] } } } },
        'attributes.extensions.san.dns_names.1',
      ],
      [
        { attributes: { subject, extensions: { san: { emails: ['a@a.example'] } } } },
        'attributes.extensions.san.emails.0',
      ],
      [
        { attributes: { subject, extensions: { san: { directory_name: 'CN=x' } } } },
        'attributes.extensions.san.directory_name',
      ],
      [
        { attributes: { subject, extensions: { san: { dns_names: manyNames } } } },
        'attributes.extensions.san',
      ],
      [{ attributes: { subject, custom_values: { user_id: 7 } } }, 'attributes.custom_values'],
      [{ attributes: { subject, custom_values: 'x' } }, 'attributes.custom_values'],
      [
        { attributes: { subject, extensions: { lei: { value: '529900T8BM49AURSDO55', critical: false } } } },
        'attributes.extensions.lei',
      ],
      [{ attributes: { subject, extensions: { lei_role: 'Director' } } }, 'attributes.extensions.lei_role'],
      [
        { attributes: { subject, extensions: { issuer_alt_name: { directory_name: { value: 'CN=x' } } } } },
        'attributes.extensions.issuer_alt_name',
      ],
      [
        {
          attributes: {
            subject,
            extensions: { security_identifier: { additional_values: [{ oid: '1.2.3', value: 'S-1' }] } },
          },
        },
        'attributes.extensions.security_identifier',
      ],
      [{ tags: ['x'.repeat(65)] }, 'tags.0'],
      [{ cert_owner_ids: ['x'] }, 'cert_owner_ids'],
      [{ seat: { seat_id: 'x', email: 'nobody' } }, 'seat.email'],
    ] as const) {
      const answer = await tenant.post(`${tlm}/certificate`, body(more))
      assert.deepEqual(
        [answer.status, answer.code, answer.field],
        [400, 'invalid_request', field],
        JSON.stringify(more).slice(0, 200),
      )
    }
    assert.equal((await tenant.get(`${tlm}/certificate-search`)).json().total, before)
  })

  test('an unknown profile is 403, and one of another account alike', async () => {
    const other = await service.tenant('eve@example.test')
    const [foreign] = (await other.get('/mpki/api/v2/profile')).json()
    const messages = new Set<string>()
    for (const id of [foreign.id, '3f0c4a51-9f5e-4b0b-8a51-77f0a1c2d3e4', 'x']) {
      const answer = await tenant.post(`${tlm}/certificate`, body({ profile: { id } }))
      assert.deepEqual([answer.status, answer.code], [403, 'access_denied'])
      messages.add(answer.json().message)
      assert.equal((await tenant.get(`/mpki/api/v2/profile/${id}`)).status, 403)
    }
    assert.equal(messages.size, 1)
  })

  test('P6 P12 (ONE) a certificate of another account is 404 for every call, and in no list', async () => {
    const other = await service.tenant('mallory@example.test')
    const { serial_number } = await issue()
    const { id } = (await tenant.get(certificate(serial_number))).json()
    for (const answer of [
      await other.get(certificate(serial_number)),
      await other.get(certificate(serial_number, '/additional-formats')),
      await other.get(`${tlm}/certificate-by-id/${id}`),
      await other.put(certificate(serial_number, '/revoke'), { revocation_reason: 'superseded' }),
      await other.delete(certificate(serial_number, '/revoke')),
      await other.post(certificate(serial_number, '/renew'), { csr: csrPem() }),
      await other.post(`${tlm}/certificate-pickup/${id}`),
      await other.get(certificate('00FF')),
      await other.get(certificate('xyz')),
    ]) {
      assert.deepEqual([answer.status, answer.code], [404, 'resource_not_found'])
    }
    assert.deepEqual((await other.get(`${tlm}/certificate-search`)).json().items, [])
    assert.equal((await tenant.get(certificate(serial_number))).json().status, 'issued')
  })

  test('P17 (ONE) an issue repeated with its idempotency key gives the first certificate', async () => {
    const request = body({ csr: freshCsrPem() })
    const headers = { 'idempotency-key': 'issue-1' }
    const both = await Promise.all([0, 1].map(() => tenant.post(`${tlm}/certificate`, request, { headers })))
    assert.deepEqual(
      both.map(({ status }) => status),
      [201, 201],
    )
    assert.equal(both[0]?.text, both[1]?.text)
    const changed = await tenant.post(`${tlm}/certificate`, { ...request, tags: ['x'] }, { headers })
    assert.deepEqual([changed.status, changed.code], [409, 'idempotency_conflict'])
    const found = await tenant.get(
      `${tlm}/certificate-search?common_name=${request.attributes.subject.common_name}`,
    )
    assert.equal(found.json().total, 1)
  })

  test('P13 (ONE) server-owned members of an issue request are never stored', async () => {
    const made = await issue({
      status: 'revoked',
      account_id: tenant.accountUuid,
      issuer: { id: 'x' },
      serial_number: '01',
      is_admin: true,
      notes: 'n',
    })
    const details = (await tenant.get(certificate(made.serial_number))).json()
    assert.equal(details.status, 'issued')
    assert.notEqual(details.serial_number, '01')
    assert.equal(details.notes, '')
  })

  test('a certificate is picked up by its id, with a body or without', async () => {
    const { serial_number, certificate: pem } = await issue()
    const { id } = (await tenant.get(certificate(serial_number))).json()
    for (const request of [undefined, {}, { profile: { id: profiles[0]?.id } }]) {
      const answer = await tenant.post(`${tlm}/certificate-pickup/${id}`, request)
      assert.equal(answer.status, 200)
      assert.deepEqual(answer.json(), {
        serial_number,
        delivery_format: 'x509',
        certificate: pem,
        status: 'ISSUED',
      })
    }
    const other = await tenant.post(`${tlm}/certificate-pickup/${id}`, { profile: { id: profiles[1]?.id } })
    assert.equal(other.status, 404)
    assert.equal((await tenant.post(`${tlm}/certificate-pickup/unknown`)).status, 404)
  })

  test('the second profile takes RSA keys', async () => {
    const { serial_number } = await issue({ profile: { id: profiles[1]?.id }, csr: csrPem(rsaKeys) })
    assert.equal((await tenant.get(certificate(serial_number))).json().key_size, '2048')
  })

  test('additional formats have PKCS#7 and the chain, leaf first', async () => {
    const { serial_number } = await issue()
    const formats = (await tenant.get(certificate(serial_number, '/additional-formats'))).json()
    assert.match(formats.pkcs7, /^-----BEGIN PKCS7-----/)
    const chain = formats.x509_cert_chain.map(
      (each: { cert_blob: string }) => new X509Certificate(Buffer.from(each.cert_blob, 'base64')),
    )
    assert.equal(chain.length, 3)
    assert.equal(chain[0].serialNumber, serial_number)
    assert.ok(chain[0].verify(chain[1].publicKey))
  })
})

describe('renewal', () => {
  test('a certificate is renewed in its window only, with its subject and names, over another key', async (context) => {
    const service = await TestService.start(lastFirst(context))
    const tenant = await service.tenant()
    const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
    const name = 'pump.harbour.example'
    const made = await tenant.post(`${tlm}/certificate`, {
      profile: { id: profile.id },
      seat: { seat_id: name },
      csr: csrPem(),
      attributes: {
        subject: { common_name: name, organization_name: 'Harbour' },
        extensions: { san: { dns_names: [name], ip_addresses: ['10.1.2.3'] } },
      },
      validity: { unit: 'days', duration: 60 },
    })
    const { serial_number } = made.json()
    const url = `${tlm}/certificate/${serial_number}/renew`
    const early = await tenant.post(url, { csr: freshCsrPem() })
    assert.deepEqual([early.status, early.code], [400, 'invalid_request'])
    service.advance(30 * day)
    const headers = { 'idempotency-key': 'renew-1' }
    const request = {
      csr: freshCsrPem(),
      validity: { unit: 'days', duration: 60 },
      renewal_comment: 'in time',
    }
    const renewed = await tenant.post(url, request, { headers })
    assert.equal(renewed.status, 200, renewed.text)
    assert.notEqual(renewed.json().serial_number, serial_number)
    assert.equal((await tenant.post(url, request, { headers })).text, renewed.text)
    const [before, after] = [made, renewed].map((answer) => certificatesIn(answer.json().certificate)[0])
    assert.equal(after?.subject, before?.subject)
    assert.equal(after?.subjectAltName, before?.subjectAltName)
    const details = (await tenant.get(`${tlm}/certificate/${renewed.json().serial_number}`)).json()
    assert.equal(details.notes, 'in time')
    assert.equal(details.seat.seat_id, name)
    assert.equal((await tenant.get(`${tlm}/certificate/${serial_number}`)).json().status, 'issued')
    assert.equal(
      (await tenant.put(`${tlm}/certificate/${serial_number}/revoke`, { revocation_reason: 'superseded' }))
        .status,
      204,
    )
    assert.equal((await tenant.post(url, { csr: freshCsrPem() })).status, 409)
  })
})
