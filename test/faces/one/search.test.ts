import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { deleteAuthority } from '../../../src/core/authorities/delete-authority.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const day = 86_400_000

describe('certificate search', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  const serials: string[] = []
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
    for (let number = 0; number < 6; number++) {
      const answer = await tenant.post(`${tlm}/certificate`, {
        profile: { id: profile.id },
        seat: { seat_id: `pump-${number % 2}` },
        csr: csrPem(),
        attributes: { subject: { common_name: `host-${number}.harbour.example` } },
        validity: { unit: 'days', duration: 10 * (number + 1) },
        tags: number === 0 ? ['Quay', 'north'] : [],
      })
      serials.push(answer.json().serial_number)
    }
    const [, revoked = '', suspended = ''] = serials
    await tenant.put(`${tlm}/certificate/${revoked}/revoke`, { revocation_reason: 'superseded' })
    await tenant.put(`${tlm}/certificate/${suspended}/revoke`, { revocation_reason: 'certificate_hold' })
    service.advance(15 * day)
  })
  const found = async (query: string) => {
    const answer = await tenant.get(`${tlm}/certificate-search?${query}`)
    assert.equal(answer.status, 200, answer.text)
    return answer
      .json()
      .items.map((item: { serial_number: string }) => serials.indexOf(item.serial_number))
      .sort()
  }
  const date = (days: number) =>
    new Date(service.engine.clock.now() - 15 * day + days * day).toISOString().slice(0, 10)

  test('without filters it has everything, page by page, and items even where there are none', async () => {
    const first = (await tenant.get(`${tlm}/certificate-search?limit=4`)).json()
    assert.deepEqual([first.total, first.items.length, first.has_more], [6, 4, true])
    const second = (await tenant.get(`${tlm}/certificate-search?limit=4&offset=4`)).json()
    assert.deepEqual([second.items.length, second.has_more], [2, false])
    const beyond = (await tenant.get(`${tlm}/certificate-search?offset=100`)).json()
    assert.deepEqual([beyond.total, beyond.items], [6, []])
    assert.equal((await tenant.get(`${tlm}/certificate`)).json().total, 6)
    const inHeader = (await tenant.get(`${tlm}/certificate-search`, { headers: { limit: '1' } })).json()
    assert.equal(inHeader.limit, 20)
  })

  test('with the page in the body it has the same, under the same limits', async () => {
    const page = (
      await tenant.post(`${tlm}/certificate/search`, { offset: 4, limit: 4, division_id: 'any' })
    ).json()
    assert.deepEqual([page.total, page.offset, page.items.length], [6, 4, 2])
    const usual = await tenant.post(`${tlm}/certificate/search`, {})
    assert.deepEqual([usual.status, usual.json().limit], [200, 20])
    const wide = await tenant.post(`${tlm}/certificate/search`, { limit: 101 })
    assert.deepEqual([wide.status, wide.code], [400, 'pagination_limit_exceeded'])
    const before = await tenant.post(`${tlm}/certificate/search`, { offset: -1 })
    assert.deepEqual([before.status, before.field], [400, 'offset'])
  })

  test('each filter narrows it', async () => {
    const [{ id: profileId }] = (await tenant.get('/mpki/api/v2/profile')).json()
    const profile = (await tenant.get(`/mpki/api/v2/profile/${profileId}`)).json()
    const details = (await tenant.get(`${tlm}/certificate/${serials[3]}`)).json()
    const authority = (await tenant.get(`/certificate-authority/api/v1/ca/${details.ica.id}`)).json()
    const root = (await tenant.get(`/certificate-authority/api/v1/ca/${authority.issuer_id}`)).json()
    const inColons = authority.serial_number.replace(/(..)(?!$)/g, '$1:')
    const everything = [0, 1, 2, 3, 4, 5]
    for (const [query, expected] of [
      ['status=ISSUED', [3, 4, 5]],
      ['status=issued', [3, 4, 5]],
      ['status=REVOKED', [1]],
      ['status=SUSPENDED', [2]],
      ['status=EXPIRED', [0]],
      [`serial_number=${serials[3]?.toLowerCase()}`, [3]],
      ['serial_number=zz', []],
      [`thumbprint=${details.thumbprint}`, [3]],
      ['common_name=HOST-4', [4]],
      ['common_name=harbour.example', everything],
      ['seat_id=pump-0', [0, 2, 4]],
      ['seat_id=absent', []],
      ['seat_type_id=SERVER_SEAT', everything],
      ['seat_type_id=UNMANAGED_SEAT', []],
      ['tags=quay', [0]],
      ['tags=quay&tags=north', [0]],
      ['tags=quay&tags=south', []],
      [`profile_id=${profile.id}`, everything],
      ['profile_id=x', []],
      [`issuing_ca_id=${details.ica.id}`, everything],
      [`issuing_ca_id=${tenant.id('authority', 999)}`, []],
      ['issuing_ca_name=Issuing', everything],
      [`issuing_ca_serial_number=${authority.serial_number.toLowerCase()}`, everything],
      [`issuing_ca_serial_number=${inColons}`, everything],
      [`issuing_ca_serial_number=${profile.certificate.issuer.serial_number}`, everything],
      [`issuing_ca_serial_number=${root.serial_number}`, []],
      [`issuing_ca_serial_number=${serials[3]}`, []],
      ['issuing_ca_serial_number=zz', []],
      [`issuing_ca_serial_number=${authority.serial_number}&status=REVOKED`, [1]],
      [`business_unit_id=${details.business_unit.id}`, everything],
      ['business_unit_name=HARBOUR', everything],
      [`account_id=${tenant.accountUuid}`, everything],
      [`valid_to=${date(30)}_${date(50)}`, [2, 3, 4]],
      [`valid_to=_${date(20)}`, [0, 1]],
      [`valid_to=${date(55)}_`, [5]],
      [`valid_from=${date(0)}`, everything],
      [`valid_from=${date(1)}_`, []],
      ['no_such filter=1&limit =3', everything],
    ] as const) {
      assert.deepEqual(await found(query), expected, query)
    }
  })

  test('P19 (ONE) filters are data: a wildcard, quotes and patterns find nothing they do not equal', async () => {
    for (const text of ['%', '_ost', "' or 1=1 --", '.*', '*', '\\', 'x'.repeat(2_000)]) {
      for (const name of ['common_name', 'tags', 'seat_id', 'issuing_ca_name', 'custom_attributes']) {
        assert.deepEqual(
          await found(`${name}=${encodeURIComponent(text)}`),
          [],
          `${name}=${text.slice(0, 20)}`,
        )
      }
    }
  })

  test('a filter of another form is 400 naming it', async () => {
    for (const [query, field] of [
      ['status=lost', 'status'],
      ['valid_to=soon', 'valid_to'],
      ['valid_from=_', 'valid_from'],
      ['valid_from=2026-02-30', 'valid_from'],
      ['valid_to=2026-04-01_2026-04-31T00:00:00Z', 'valid_to'],
      ['seat_type_id=KING', 'seat_type_id'],
    ] as const) {
      const answer = await tenant.get(`${tlm}/certificate-search?${query}`)
      assert.deepEqual([answer.status, answer.code, answer.field], [400, 'invalid_input_field', field])
    }
  })

  test('it is sorted as asked for', async () => {
    const names = async (sort: string) =>
      (await tenant.get(`${tlm}/certificate-search?${sort}`))
        .json()
        .items.map((item: { common_name: string }) => item.common_name.charAt(5))
    assert.equal((await names('sort=common_name:desc')).join(''), '543210')
    assert.equal((await names('sort=valid_to')).join(''), '012345')
    assert.equal((await names('sort=nothing')).join(''), '012345')
    // One is revoked, one on hold; the others are issued until they have ended, too.
    assert.equal((await names('sort=status&sort=common_name:desc')).join(''), '543012')
    assert.equal((await names('sort=status:desc&sort=common_name')).join(''), '210345')
    assert.equal((await names('sort=nothing&sort=valid_to:desc')).join(''), '543210')
  })

  test('the summary needs the account, has issued ones by default, and up to 1000 of them', async () => {
    const missing = await tenant.get(`${tlm}/certificate-search/summary`)
    assert.deepEqual([missing.status, missing.field], [400, 'account_id'])
    const summary = (
      await tenant.get(
        `${tlm}/certificate-search/summary?account_id=${tenant.accountUuid}&issuer_type=private_ca`,
      )
    ).json()
    assert.deepEqual([summary.total, summary.limit], [3, 100])
    assert.deepEqual(Object.keys(summary.items[0]), [
      'id',
      'ca_cert_id',
      'status',
      'serial_number',
      'thumbprint',
    ])
    const revoked = await tenant.get(
      `${tlm}/certificate-search/summary?account_id=${tenant.accountUuid}&status=revoked&limit=1000`,
    )
    assert.equal(revoked.json().total, 1)
    const deep = await tenant.get(
      `${tlm}/certificate-search/summary?account_id=${tenant.accountUuid}&limit=1001`,
    )
    assert.equal(deep.code, 'pagination_limit_exceeded')
  })
})

test('certificates of a CA that was deleted are found by its serial number as by its id', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
  const made = await tenant.post(`${tlm}/certificate`, {
    profile: { id: profile.id },
    seat: { seat_id: 'pump' },
    csr: csrPem(),
    attributes: { subject: { common_name: 'pump.harbour.example' } },
  })
  assert.equal(made.status, 201, made.text)
  const { issuing } = tenant.made.authorities
  const id = tenant.id('authority', issuing.id)
  const { serial_number } = (await tenant.get(`/certificate-authority/api/v1/ca/${id}`)).json()
  const decimal = BigInt(`0x${serial_number}`).toString()
  const total = async (query: string) => (await tenant.get(`${tlm}/certificate-search?${query}`)).json().total
  const filters = [
    `issuing_ca_id=${id}`,
    `issuing_ca_serial_number=${serial_number}`,
    `issuing_ca_serial_number=${decimal}`,
  ]
  for (const filter of filters) assert.equal(await total(filter), 1, filter)
  await deleteAuthority(service.engine, tenant.accountId, issuing.id, testCaller)
  for (const filter of filters) assert.equal(await total(filter), 1, filter)
  const stranger = await service.tenant('eve@example.test')
  assert.equal((await stranger.get(`${tlm}/certificate-search?${filters[1]}`)).json().total, 0)
  for (const past of ['9'.repeat(50), 'F'.repeat(41)]) {
    assert.equal(await total(`issuing_ca_serial_number=${past}`), 0)
  }
})
