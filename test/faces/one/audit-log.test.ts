import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService } from './service.ts'

const day = 86_400_000

test('the audit log has what happened in the account, newest first, filtered and in pages', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const other = await service.tenant('eve@example.test')
  const program = await tenant.program('harbour-bot', ['EM_EPKI_USER_&_CERT_MANAGER'])
  service.advance(2 * day)
  const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
  const body = {
    profile: { id: profile.id },
    seat: { seat_id: 'x' },
    csr: csrPem(),
    attributes: { subject: { common_name: 'x.example' } },
  }
  assert.equal((await program.post('/mpki/api/v1/certificate', body)).status, 201)
  assert.equal((await program.post('/certificate-authority/api/v1/ca', {})).status, 403)
  const today = new Date(service.engine.clock.now()).toISOString().slice(0, 10)

  for (const api of ['/account/api/v1', '/mpki/api/v1']) {
    const log = async (query = '') => {
      const answer = await tenant.get(`${api}/audit-log?${query}`)
      assert.equal(answer.status, 200, answer.text)
      return answer.json()
    }
    const actions = async (query: string) =>
      (await log(query)).items.map((each: { action: string }) => each.action)
    assert.deepEqual(await actions(`from=${today}`), [
      'access.refused',
      'certificate.issued',
      'certificate.reserved',
    ])
    const everything = await log('limit=2')
    assert.equal(everything.items.length, 2)
    assert.ok(everything.total > 10)
    assert.deepEqual(
      await actions('action=certificate.issued&resource_type=certificate&status=success&limit=1'),
      ['certificate.issued'],
    )
    const issuedOnes = ['certificate.issued']
    assert.deepEqual(
      await actions(`from=${today}&resource_type=end_entity_certificate&action=create`),
      issuedOnes,
    )
    assert.deepEqual(
      await actions(`from=${today}&data[resource_type]=end_entity_certificate&action=create`),
      issuedOnes,
    )
    assert.deepEqual(await actions('action=revoke'), [])
    assert.ok((await actions('action=create')).includes('certificate-profile.created'))
    const [first] = (await log('action=certificate.issued')).items
    const [[name = '', value] = []] = Object.entries(JSON.parse(first.data))
    const byFact = `from=${today}&data[${name}]=${encodeURIComponent(String(value))}&action=certificate.issued`
    assert.deepEqual(await actions(byFact), issuedOnes)
    assert.deepEqual(await actions(`data[${name}]=other`), [])
    assert.deepEqual(await actions('data[__proto__]=x'), [])
    assert.deepEqual(await actions('status=failure'), ['access.refused'])
    assert.deepEqual(await actions('user_name=BOT&status=failure&status=warning'), ['access.refused'])
    assert.deepEqual(await actions('user_name=nobody'), [])
    assert.deepEqual(await actions('to=2020-01-01'), [])
    const newestFirst = (await log('')).items.map(({ id }: { id: string }) => id)
    const ids = async (query: string) => (await log(query)).items.map(({ id }: { id: string }) => id)
    assert.deepEqual(await ids('sort=timestamp:desc'), newestFirst)
    assert.deepEqual(await ids('sort=nothing'), newestFirst)
    const byStatus = (await log('sort=status:desc&sort=action')).items.map(
      ({ status, action }: { status: string; action: string }) => [status, action],
    )
    assert.deepEqual(
      byStatus,
      byStatus.toSorted(
        ([one = '', first = '']: string[], [other = '', second = '']: string[]) =>
          Number(one < other) - Number(one > other) || Number(first > second) - Number(first < second),
      ),
    )
    assert.ok(new Set(byStatus.map(([status]: string[]) => status)).size > 1)
    const [issued] = (await log('action=certificate.issued')).items
    assert.deepEqual(issued.user.name, 'harbour-bot')
    assert.equal(typeof JSON.parse(issued.data), 'object')
    assert.deepEqual((await tenant.get(`${api}/audit-log/${issued.id}`)).json(), issued)
    assert.deepEqual((await tenant.get(`${api}/audit-log/count?status=failure`)).json(), { count: 1 })
    assert.equal((await other.get(`${api}/audit-log/${issued.id}`)).status, 404)
    assert.equal((await tenant.get(`${api}/audit-log/x`)).status, 404)
    for (const [query, field] of [
      ['from=yesterday', 'from'],
      ['status=lost', 'status'],
      ['limit=0', 'limit'],
    ] as const) {
      assert.equal((await tenant.get(`${api}/audit-log?${query}`)).field, field)
    }
  }
  assert.equal((await program.get('/mpki/api/v1/audit-log')).status, 403)
})

test('events tell the business unit of their object, and are found by its name and its seat', async (context) => {
  const service = await TestService.start(lastFirst(context))
  const tenant = await service.tenant()
  const mpki = '/mpki/api/v1'
  const [unit] = (await tenant.get(`${mpki}/business-unit`)).json().items
  for (const [seat_id, type] of [
    ['crane-1', 'DEVICE_SEAT'],
    ['crane-2', 'USER_SEAT'],
  ]) {
    const made = await tenant.post(`${mpki}/seat`, {
      seat_id,
      seat_name: `${seat_id} North`,
      seat_type: { id: type },
    })
    assert.equal(made.status, 201, made.text)
  }
  const profile = await tenant.postProfile({
    enrollment_method: 'scep',
    authentication_method: 'enrollment_code',
  })
  const renamed = await tenant.put(`${mpki}/profile/${profile}`, { name: 'Cranes' })
  assert.equal(renamed.status, 204, renamed.text)
  const enrolled = await tenant.post(`${mpki}/enrollment`, { profile, seat: { seat_id: 'crane-1' } })
  assert.equal(enrolled.status, 201, enrolled.text)
  const found = async (query: string) =>
    (await tenant.get(`${mpki}/audit-log?${query}`))
      .json()
      .items.map(({ action, business_unit }: { action: string; business_unit?: object }) => [
        action,
        business_unit,
      ])
  const inUnit = { id: unit.id }
  for (const [query, events] of [
    ['resource_name=1%20NORTH', [['seat.created', inUnit]]],
    ['resource_name=cranes', [['certificate-profile.changed', inUnit]]],
    [
      'seat_id=crane-1',
      [
        ['enrollment.created', undefined],
        ['seat.created', inUnit],
      ],
    ],
    ['seat_id=crane', []],
    ['seat_id=crane-2&seat_type_id=user_seat', [['seat.created', inUnit]]],
    ['seat_type_id=SERVER_SEAT', []],
    ['resource_type=business-unit', [['business-unit.created', inUnit]]],
    ['resource_name=nobody', []],
  ] as const) {
    assert.deepEqual(await found(query), events, query)
  }
  assert.equal((await tenant.get(`${mpki}/audit-log?seat_type_id=x`)).field, 'seat_type_id')
})
