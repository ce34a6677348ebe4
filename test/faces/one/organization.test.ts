import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { inventory } from '../../../src/core/lifecycle/inventory.ts'
import { lastFirst } from '../../support/stores.ts'
import { certificatesIn, csrPem, freshCsrPem, rsaKeys } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'

describe('business units, seats and profiles', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let other: TestTenant
  let unit: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    other = await service.tenant('eve@example.test')
    unit = (await tenant.get(`${tlm}/business-unit`)).json().items[0].id
  })
  const ica = () => tenant.id('authority', tenant.made.authorities.issuing.id)
  const profileBody = (more: object = {}) => ({
    account_id: tenant.accountUuid,
    business_unit_id: unit,
    name: 'Quay devices',
    template_id: tenant.id('template', 3),
    ica: { id: ica() },
    enrollment_method: 'rest_api',
    authentication_method: 'third_party_app',
    renewal_window_days: 14,
    seat_id_mapping: 'common_name',
    ...more,
  })

  test('a new account has one business unit, in the documented form', async () => {
    const list = (await tenant.get(`${tlm}/business-unit`)).json()
    assert.deepEqual([list.total, list.offset, list.limit, list.items.length], [1, 0, 20, 1])
    const [item] = list.items
    assert.equal(item.active, true)
    assert.match(item.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.deepEqual(item.account, { id: tenant.accountUuid, name: 'Harbour' })
    const details = (await tenant.get(`${tlm}/business-unit/${item.id}`)).json()
    assert.equal(details.admins[0].email, 'ada@example.test')
    assert.ok(details.available_seats_stats.length > 0)
  })

  test('a business unit is made once, is no_access for others, and goes only without profiles', async () => {
    const body = {
      name: 'Second',
      account: { id: tenant.accountUuid },
      licensed_seats: [{ seat_type: { id: 'SERVER_SEAT' }, count: 1 }],
    }
    const made = await tenant.post(`${tlm}/business-unit`, body)
    assert.equal(made.status, 201, made.text)
    const again = await tenant.post(`${tlm}/business-unit`, { ...body, name: 'SECOND' })
    assert.deepEqual([again.status, again.code], [409, 'duplicate_error'])
    const url = `${tlm}/business-unit/${made.json().id}`
    const messages = new Set<string>()
    for (const answer of [
      await other.get(url),
      await other.delete(url),
      await other.get(`${tlm}/business-unit/${other.id('seat', 1)}`),
    ]) {
      assert.deepEqual([answer.status, answer.code], [403, 'no_access'])
      messages.add(answer.json().message)
    }
    assert.equal(messages.size, 1)
    assert.equal((await tenant.delete(`${tlm}/business-unit/${unit}`)).status, 409)
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await tenant.get(url)).status, 403)
    assert.equal((await tenant.post(`${tlm}/business-unit`, body)).status, 201)
  })

  test('a unit without a seat left refuses another one, and an issue that needs one', async () => {
    const second = (await tenant.get(`${tlm}/business-unit?sort=name:desc`)).json().items[0].id
    const seat = { business_unit_id: second, seat_type: { id: 'SERVER_SEAT' }, seat_id: 'one' }
    assert.equal((await tenant.post(`${tlm}/seat`, seat)).status, 201)
    const full = await tenant.post(`${tlm}/seat`, { ...seat, seat_id: 'two' })
    assert.deepEqual([full.status, full.code, full.field], [400, 'invalid_request', 'seat'])
    const profile = (
      await tenant.post(
        `${tlm}/profile`,
        profileBody({ business_unit_id: second, template_id: tenant.id('template', 1) }),
      )
    ).json()
    const issue = (seatId: string) =>
      tenant.post(`${tlm}/certificate`, {
        profile: { id: profile.id },
        seat: { seat_id: seatId },
        csr: csrPem(),
        attributes: { subject: { common_name: 'a.example' } },
      })
    assert.equal((await issue('one')).status, 201)
    assert.equal((await issue('two')).status, 400)
    const signed = await service.engine.query('SELECT id FROM certificate')
    assert.equal((await issue('two')).status, 400)
    assert.equal((await service.engine.query('SELECT id FROM certificate')).length, signed.length)
    const found = await tenant.get(`${tlm}/certificate-search?business_unit_name=second`)
    assert.equal(found.json().total, 1)
  })

  test('a certificate behind a thousand others of its seat still counts', async () => {
    const body = profileBody({ duplicate_cert_policy: false })
    const profile = (await tenant.post(`${tlm}/profile`, body)).json().id
    const issue = () =>
      tenant.post(`${tlm}/certificate`, {
        profile: { id: profile },
        seat: { seat_id: 'crowded' },
        csr: freshCsrPem(),
        attributes: { subject: { common_name: 'crowded' } },
      })
    const first = (await issue()).json()
    const url = `${tlm}/certificate/${first.serial_number}`
    assert.equal((await tenant.put(`${url}/revoke`, { revocation_reason: 'superseded' })).status, 204)
    await service.engine.store.write(function* (transaction) {
      const items = transaction.collection(inventory)
      const [revoked] = yield* items.withValue(tenant.accountId, 'serial_number', first.serial_number, 1)
      assert.ok(revoked)
      for (let count = 0; count < 1_000; count++) {
        yield* items.insert({ ...revoked, id: yield* items.nextId(), thumbprint: String(count) })
      }
    })
    const second = await issue()
    assert.equal(second.status, 201, second.text)
    const again = await issue()
    assert.deepEqual([again.status, again.code], [409, 'duplicate_error'])
    const seat = `${tlm}/seat/crowded?seat_type_id=DEVICE_SEAT&business_unit_id=${unit}`
    assert.equal((await tenant.delete(seat)).status, 204)
    const { status } = (await tenant.get(`${tlm}/certificate/${second.json().serial_number}`)).json()
    assert.equal(status, 'revoked')
  })

  test('a seat that is absent is 404, then made with 201, duplicate 409, changed, and found by its exact id', async () => {
    const seatId = 'crane 3/a.b@harbour.example'
    const url = `${tlm}/seat/${encodeURIComponent(seatId)}?seat_type_id=DEVICE_SEAT&business_unit_id=${unit}`
    assert.equal((await tenant.get(url)).status, 404)
    const body = {
      business_unit_id: unit,
      seat_type: { id: 'DEVICE_SEAT' },
      seat_id: seatId,
      seat_name: 'crane 3',
      email: 'ops@harbour.example',
      phone: '',
    }
    const made = await tenant.post(`${tlm}/seat`, body)
    assert.equal(made.status, 201)
    assert.equal(made.json().seat_id, seatId)
    const again = await tenant.post(`${tlm}/seat`, body)
    assert.deepEqual([again.status, again.code], [409, 'duplicate_error'])
    const shown = await tenant.get(url)
    assert.equal(shown.json().seat_name, 'crane 3')
    const version = { headers: { 'if-match': String(shown.headers.etag) } }
    assert.equal((await tenant.put(url, { seat_name: 'crane three' }, version)).status, 204)
    const stale = await tenant.put(url, { seat_name: 'x' }, version)
    assert.deepEqual([stale.status, stale.code], [409, 'version_conflict'])
    assert.equal((await tenant.get(url)).json().seat_name, 'crane three')
    assert.equal((await other.get(url)).status, 403)
    assert.equal((await other.get(url.replace(/&business.*/, ''))).status, 404)
  })

  test('a seat needs its type in the query, and its unit where the account has several', async () => {
    const missing = await tenant.get(`${tlm}/seat/x`)
    assert.deepEqual(
      [missing.status, missing.code, missing.field],
      [400, 'invalid_input_field', 'seat_type_id'],
    )
    const several = await tenant.get(`${tlm}/seat/x?seat_type_id=USER_SEAT`)
    assert.deepEqual(
      [several.status, several.code, several.field],
      [400, 'invalid_input_field', 'business_unit_id'],
    )
    assert.equal((await tenant.get(`${tlm}/seat/x?seat_type_id=KING`)).status, 400)
  })

  test('a seat that is changed without its type is that of a user', async () => {
    const seat = { business_unit_id: unit, seat_id: 'eve@harbour.example', email: 'eve@harbour.example' }
    assert.equal((await tenant.post(`${tlm}/seat`, seat)).status, 201)
    const url = `${tlm}/seat/${seat.seat_id}`
    const change = { business_unit_id: unit, seat_name: 'Eve' }
    assert.equal((await tenant.put(url, change)).status, 204)
    const shown = await tenant.get(`${url}?seat_type_id=USER_SEAT&business_unit_id=${unit}`)
    assert.deepEqual([shown.json().seat_name, shown.json().email], ['Eve', seat.email])
    assert.equal((await tenant.put(`${tlm}/seat/crane-none`, change)).status, 404)
    assert.equal((await tenant.post(`${tlm}/seat`, { business_unit_id: unit })).field, 'seat_id')
  })

  test('deleting a seat revokes its certificates and frees its id for a new seat', async () => {
    const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
    const made = await tenant.post(`${tlm}/certificate`, {
      profile: { id: profile.id },
      seat: { seat_id: 'gone' },
      csr: csrPem(),
      attributes: { subject: { common_name: 'gone.example' } },
    })
    const serial = made.json().serial_number
    const url = `${tlm}/seat/gone?seat_type_id=SERVER_SEAT&business_unit_id=${unit}`
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await tenant.get(url)).status, 404)
    assert.equal((await tenant.delete(url)).status, 404)
    const { status, revocation } = (await tenant.get(`${tlm}/certificate/${serial}`)).json()
    assert.deepEqual([status, revocation.reason], ['revoked', 'cessation_of_operation'])
    assert.equal(
      (
        await tenant.post(`${tlm}/seat`, {
          business_unit_id: unit,
          seat_type: { id: 'SERVER_SEAT' },
          seat_id: 'gone',
        })
      ).status,
      201,
    )
    const list = (await tenant.get(`${tlm}/seat?seat_type=SERVER_SEAT&active=false`)).json()
    assert.deepEqual(
      list.items.map((seat: { identifier: string }) => seat.identifier),
      ['gone'],
    )
  })

  test('the types of seats are listed', async () => {
    const types = (await tenant.get(`${tlm}/seat-types`)).json()
    assert.ok(types.some((type: { id: string }) => type.id === 'SERVER_SEAT'))
  })

  test('profiles have what clients read before they issue, in three versions of the API', async () => {
    const [first, second] = (await tenant.get('/mpki/api/v2/profile?limit=2')).json()
    for (const version of ['v1', 'v2', 'v3']) {
      const profile = (await tenant.get(`/mpki/api/${version}/profile/${first.id}`)).json()
      assert.equal(profile.status, 'Active')
      assert.equal(profile.signature_algorithm, 'SHA256_WITH_ECDSA')
      assert.deepEqual(profile.private_key_attributes, { key_size: 'P-256' })
      assert.equal(profile.enrollment_method, 'rest_api')
      assert.equal(profile.authentication_method, 'third_party_app')
      assert.equal(profile.business_unit_id, unit)
      assert.match(profile.certificate.issuer.serial_number, /^\d+$/)
      assert.match(profile.certificate.issuer.subject_dn, /^CN=Harbour Issuing CA,O=Harbour$/)
      assert.equal(profile.certificate.issuer.root, false)
      const [above, ...more] = profile.certificate.issuer.chain
      assert.deepEqual([above.subject_dn, above.root], ['CN=Harbour Root CA,O=Harbour', true])
      assert.match(above.serial_number, /^\d+$/)
      assert.equal(new X509Certificate(Buffer.from(above.certificate, 'base64')).ca, true)
      assert.deepEqual(more, [])
      assert.deepEqual(profile.certificate.subject.attributes, [
        {
          type: 'common_name',
          mandatory: true,
          multiple: false,
          sources: [{ mandatory: true, source: 'REST_REQUEST' }],
        },
      ])
    }
    assert.equal(second.signature_algorithm, 'SHA256_WITH_RSA')
    assert.deepEqual(second.private_key_attributes, { key_size: '2048' })
    assert.equal((await tenant.get('/mpki/api/v1/profiles')).status, 404)
  })

  test('a profile is made, changed by the version it has, and suspended', async () => {
    const made = await tenant.post(
      `${tlm}/profile`,
      profileBody({ allowed_key_sizes: ['2048', 'P-256'], duplicate_cert_policy: false }),
    )
    assert.equal(made.status, 201, made.text)
    const { id } = made.json()
    const url = `${tlm}/profile/${id}`
    const version = { headers: { 'if-match': String((await tenant.get(url)).headers.etag) } }
    assert.equal(
      (await tenant.put(url, { name: 'Renamed', account_id: tenant.accountUuid }, version)).status,
      204,
    )
    assert.equal((await tenant.put(url, { name: 'Lost' }, version)).status, 409)
    assert.equal((await tenant.get(url)).json().name, 'Renamed')
    const issue = () =>
      tenant.post(`${tlm}/certificate`, {
        profile: { id },
        seat: { seat_id: 'crane-4' },
        csr: csrPem(),
        attributes: { subject: { common_name: 'crane-4' } },
      })
    assert.equal((await issue()).status, 201)
    const duplicate = await issue()
    assert.deepEqual([duplicate.status, duplicate.code], [409, 'duplicate_error'])
    assert.equal((await tenant.put(url, { status: 'Suspended' })).status, 204)
    const suspended = await issue()
    assert.deepEqual([suspended.status, suspended.field], [400, 'profile.id'])
  })

  test('a profile that names no keys takes RSA and elliptic ones', async () => {
    const made = await tenant.post(`${tlm}/profile`, profileBody())
    assert.equal(made.status, 201, made.text)
    for (const keys of [rsaKeys, undefined]) {
      const issued = await tenant.post(`${tlm}/certificate`, {
        profile: { id: made.json().id },
        seat: { seat_id: 'crane-5' },
        csr: csrPem(keys),
        attributes: { subject: { common_name: 'crane-5' } },
      })
      assert.equal(issued.status, 201, issued.text)
    }
  })

  test('a profile of another method is refused for issuing, one bound to a key is 403 for others', async () => {
    const scep = (
      await tenant.post(
        `${tlm}/profile`,
        profileBody({ enrollment_method: 'scep', authentication_method: 'enrollment_code' }),
      )
    ).json()
    const body = { seat: { seat_id: 'x' }, csr: csrPem(), attributes: { subject: { common_name: 'x' } } }
    const refused = await tenant.post(`${tlm}/certificate`, { ...body, profile: { id: scep.id } })
    assert.deepEqual([refused.status, refused.field], [400, 'profile.id'])
    const program = await tenant.program('bound', ['EM_EPKI_USER_&_CERT_MANAGER'])
    const stranger = await tenant.program('stranger', ['EM_EPKI_USER_&_CERT_MANAGER'])
    const me = (await program.get('/account/api/v1/user/me')).json().id
    const [token] = (await tenant.get(`/account/api/v1/api-access-token?user_id=${me}`)).json()
    const bound = (
      await tenant.post(
        `${tlm}/profile`,
        profileBody({ api_token_binding_enabled: true, api_token_id: token.id }),
      )
    ).json()
    assert.equal(bound.api_token_id, token.id)
    const toNone = await tenant.post(`${tlm}/profile`, profileBody({ api_token_binding_enabled: true }))
    assert.deepEqual([toNone.status, toNone.field], [400, 'api_token_id'])
    assert.equal(
      (await program.post(`${tlm}/certificate`, { ...body, profile: { id: bound.id } })).status,
      201,
    )
    assert.equal(
      (await stranger.post(`${tlm}/certificate`, { ...body, profile: { id: bound.id } })).status,
      403,
    )
    assert.equal((await stranger.get(`${tlm}/profile/${bound.id}`)).status, 403)
    const seen = (await stranger.get('/mpki/api/v2/profile')).json()
    assert.equal(
      seen.some((profile: { id: string }) => profile.id === bound.id),
      false,
    )
    const idsOf = async (by: TestTenant, query: string): Promise<readonly string[]> =>
      (await by.get(`/mpki/api/v2/profile?${query}`)).json().map(({ id }: { id: string }) => id)
    const all = await idsOf(tenant, '')
    const others = all.filter((id) => id !== bound.id)
    assert.deepEqual(await idsOf(tenant, `limit=1&api_token_id=${token.id}`), [bound.id])
    assert.deepEqual(await idsOf(tenant, `offset=1&api_token_id=${token.id}`), [])
    for (const [place, id] of others.entries()) {
      assert.deepEqual(await idsOf(stranger, `limit=1&offset=${place}`), [id], 'no page has a gap')
    }
    assert.equal((await tenant.get(`${tlm}/profile/${bound.id}`)).status, 200)
    assert.equal(
      (await tenant.post(`${tlm}/certificate`, { ...body, profile: { id: bound.id } })).status,
      403,
      'whoever manages profiles sees it, and may not use it either',
    )
  })

  test('user principal names are certified for user seats, and for no others', async () => {
    const made = await tenant.post(`${tlm}/profile`, profileBody({ template_id: tenant.id('template', 4) }))
    const issue = (profile: string, name: unknown) =>
      tenant.post(`${tlm}/certificate`, {
        profile: { id: profile },
        seat: { seat_id: 'ada' },
        csr: csrPem(),
        attributes: {
          subject: { common_name: 'Ada' },
          extensions: { san: { user_principal_names: name } },
        },
      })
    const answer = await issue(made.json().id, ['ada@corp.example'])
    assert.equal(answer.status, 201, answer.text)
    const [leaf] = certificatesIn(answer.json().certificate)
    assert.ok(leaf?.raw.includes(Buffer.from('ada@corp.example')))
    for (const wrong of ['ada', '@corp', 'ada@', 'a@b@c', 'x'.repeat(256)]) {
      assert.equal((await issue(made.json().id, [wrong])).status, 400, wrong.slice(0, 20))
    }
    const [server] = (await tenant.get('/mpki/api/v2/profile')).json()
    const refused = await issue(server.id, ['ada@corp.example'])
    assert.equal(refused.field, 'attributes.extensions.san.user_principal_names.0')
  })

  test('what a new profile lacks or has wrong is named', async () => {
    for (const [more, status, field] of [
      [{ name: undefined }, 400, 'name'],
      [{ ica: {} }, 400, 'ica.id'],
      [{ ica: { id: other.id('authority', other.made.authorities.issuing.id) } }, 400, 'ica.id'],
      [{ template_id: tenant.id('template', 99) }, 400, 'template_id'],
      [{ enrollment_method: 'pigeon' }, 400, 'enrollment_method'],
      [{ allowed_key_sizes: ['1024'] }, 400, 'allowed_key_sizes'],
      [{ renewal_window_days: -1 }, 400, 'renewal_window_days'],
      [{ business_unit_id: 'x' }, 403, undefined],
      [{ account_id: other.accountUuid }, 403, undefined],
    ] as const) {
      const answer = await tenant.post(`${tlm}/profile`, profileBody(more))
      assert.deepEqual([answer.status, answer.field], [status, field], JSON.stringify(more))
    }
  })
})
