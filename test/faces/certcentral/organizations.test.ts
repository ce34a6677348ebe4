import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { validateOrganization } from '../../../src/core/organizations/validate-organization.ts'
import { testCaller } from '../../support/installation.ts'
import { lastFirst } from '../../support/stores.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

/** What an organization is submitted with, as the API documents it. */
const example = {
  name: 'Example Shop Ltd',
  address: 'Hauptplatz 1',
  zip: 8010,
  city: 'Graz',
  state: 'Styria',
  country: 'AT',
  telephone: 4315550100,
  organization_contact: {
    first_name: 'Ada',
    last_name: 'Moser',
    email: 'ada@shop.example',
    job_title: 'Head',
    telephone: '+43 1 5550100',
    telephone_extension: 12,
  },
}

describe('organizations of the CertCentral face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
  })

  const submit = async (changes: object = {}): Promise<number> => {
    const answer = await tenant.post('/organization', { ...example, ...changes })
    assert.equal(answer.status, 201, answer.text)
    return answer.json().id
  }

  test('an organization is submitted with numbers for texts, and read as it was told', async () => {
    const id = await submit({ assumed_name: 'Shop', validations: [{ type: 'OV' }] })
    const read = await tenant.get(`/organization/${id}`)
    assert.equal(read.status, 200)
    const { date_created, validations, contacts, ...members } = read.json()
    assert.match(date_created, /\+00:00$/)
    assert.equal(contacts.length, 1)
    assert.deepEqual(
      validations.map(({ date_created: _at, ...validation }: { date_created: string }) => validation),
      [{ type: 'ov', name: 'OV', description: 'Normal Organization Validation', status: 'pending' }],
    )
    assert.deepEqual(members, {
      id,
      status: 'active',
      name: 'Example Shop Ltd',
      assumed_name: 'Shop',
      display_name: 'Example Shop Ltd (Shop)',
      is_active: true,
      address: 'Hauptplatz 1',
      zip: '8010',
      city: 'Graz',
      state: 'Styria',
      country: 'at',
      telephone: '4315550100',
      container: { id: tenant.rootContainer.id, parent_id: 0, name: 'Example', is_active: true },
      organization_contact: {
        first_name: 'Ada',
        last_name: 'Moser',
        email: 'ada@shop.example',
        telephone: '+43 1 5550100',
        telephone_extension: '12',
        job_title: 'Head',
      },
    })
  })

  test('what is required is told at once, each parameter by its dotted name', async () => {
    assert.deepEqual((await tenant.post('/organization', { name: 'x' })).codes(), [
      'required_param:address',
      'required_param:zip',
      'required_param:city',
      'required_param:state',
      'required_param:country',
      'required_param:telephone',
      'required_param:organization_contact.first_name',
      'required_param:organization_contact.last_name',
      'required_param:organization_contact.email',
    ])
    const contact = { ...example.organization_contact, email: 'nobody' }
    assert.deepEqual(
      (
        await tenant.post('/organization', { ...example, name: 'a\u0007b', organization_contact: contact })
      ).codes(),
      ['invalid_chars:name', 'email_not_valid_email_format'],
    )
  })

  for (const [limit, changes, code] of [
    ['a name of 64 characters', { name: 'n'.repeat(64) }, undefined],
    ['a name of 65 characters', { name: 'n'.repeat(65) }, 'rfc5280_org_name_too_long'],
    ['both names of 61 characters', { name: 'n'.repeat(60), assumed_name: 'a' }, undefined],
    [
      'both names of 62 characters',
      { name: 'n'.repeat(60), assumed_name: 'aa' },
      'rfc5280_org_name_too_long',
    ],
    ['an address of 64 characters', { address: '1'.repeat(64) }, undefined],
    ['an address of 65 characters', { address: '1'.repeat(65) }, 'rfc5280_address_field_too_long'],
    [
      'a second address line of 65 characters',
      { address2: '1'.repeat(65) },
      'rfc5280_address_field_too_long',
    ],
    ['a city of 65 characters', { city: 'c'.repeat(65) }, 'rfc5280_address_field_too_long'],
    ['a state of 65 characters', { state: 's'.repeat(65) }, 'rfc5280_address_field_too_long'],
    ['a postal code of 40 characters', { zip: '8'.repeat(40) }, undefined],
    ['a postal code of 41 characters', { zip: '8'.repeat(41) }, 'rfc5280_org_invalid'],
    ['a country that is none', { country: 'UK' }, 'rfc5280_org_invalid'],
    ['a country by its name', { country: 'Austria' }, 'rfc5280_org_invalid'],
    ['a name of punctuation', { name: '---' }, 'rfc5280_org_invalid'],
    ['a telephone of letters', { telephone: 'call me' }, 'rfc5280_org_invalid'],
    ['64 characters outside the BMP as a name', { name: '𠮷'.repeat(64) }, undefined],
  ] as const) {
    test(`${limit.startsWith('a country') ? 'N16 ' : ''}${limit} is ${code === undefined ? 'taken' : code}`, async () => {
      const answer = await tenant.post('/organization', { ...example, ...changes })
      assert.deepEqual(answer.codes(), code === undefined ? [] : [code])
    })
  }

  test('everything that is wrong with an organization is told at once, each code one time', async () => {
    const answer = await tenant.post('/organization', {
      ...example,
      ...{ name: 'n'.repeat(65), address: 'a'.repeat(65), city: 'c'.repeat(65), country: 'zz' },
    })
    assert.deepEqual(
      [answer.status, answer.codes()],
      [400, ['rfc5280_org_name_too_long', 'rfc5280_address_field_too_long', 'rfc5280_org_invalid']],
    )
  })

  test('a list counts, pages and filters by status and name', async () => {
    const other = await service.tenant('list@example.test')
    const post = async (name: string) =>
      (await other.post('/organization', { ...example, name })).json().id as number
    const first = await post('First Ltd')
    const second = await post('Second Ltd')
    await other.put(`/organization/${second}/deactivate`)
    const all = (await other.get('/organization?limit=1&sort=-name')).json()
    assert.deepEqual(all.page, { total: 2, limit: 1, offset: 0 })
    assert.deepEqual(all.organizations[0].name, 'Second Ltd')
    const active = (await other.get('/organization?filters[status]=active')).json()
    assert.deepEqual(
      active.organizations.map(({ id }: { id: number }) => id),
      [first],
    )
    const found = (await other.get('/organization?filters[search]=%25econ')).json()
    assert.deepEqual(
      found.organizations.map(({ id }: { id: number }) => id),
      [second],
    )
    const part = (await other.get('/organization?filters[search]=econ')).json()
    assert.deepEqual(part.page, { total: 0, limit: 1000, offset: 0 })
    const whole = (await other.get('/organization?filters[search]=Second%20Ltd')).json()
    assert.deepEqual(whole.organizations, found.organizations)
    assert.deepEqual((await other.get('/organization?filters[status]=odd')).codes(), [
      'invalid_value:filters.status',
    ])
    const csv = await other.get('/organization', { headers: { accept: 'text/csv' } })
    assert.match(csv.text, /First Ltd/)
    const bare = (await other.get('/organization?include_validation=false')).json()
    assert.equal(bare.organizations[0].validations, undefined)
  })

  test('an organization is closed, opened and changed; facts that change end its validation', async () => {
    const id = await submit({ validations: [{ type: 'ov' }] })
    assert.equal((await tenant.put(`/organization/${id}/deactivate`, 'null')).status, 204)
    assert.equal((await tenant.get(`/organization/${id}`)).json().status, 'inactive')
    const refused = await tenant.post(`/organization/${id}/validation`, { validations: [{ type: 'ov' }] })
    assert.deepEqual(refused.codes(), ['inactive_organization'])
    assert.equal((await tenant.put(`/organization/${id}/activate`)).status, 204)
    await validateOrganization(service.engine, id, { types: [] }, testCaller)
    const statusNow = async () => (await tenant.get(`/organization/${id}`)).json().validations[0].status
    assert.equal((await tenant.put(`/organization/${id}`, { telephone: '+43 1 1' })).status, 204)
    assert.equal(await statusNow(), 'active')
    assert.equal((await tenant.put(`/organization/${id}`, { name: 'Another Ltd' })).status, 204)
    assert.equal(await statusNow(), 'pending')
    const long = await tenant.put(`/organization/${id}`, { name: 'n'.repeat(65) })
    assert.deepEqual(long.codes(), ['rfc5280_org_name_too_long'])
  })

  test('V2 a validation ends by the clock, by its own end and by the rules of the day', async () => {
    const own = await TestService.start(scope)
    const one = await own.tenant()
    own.engine.clock.time = Date.parse('2026-03-01T00:00:00Z')
    const { id } = (await one.post('/organization', { ...example, validations: [{ type: 'ov' }] })).json()
    await validateOrganization(own.engine, id, { types: [] }, testCaller)
    const shown = async () => (await one.get(`/organization/${id}/validation`)).json().validations[0]
    const end = (days: number) =>
      `${new Date(Date.parse('2026-03-01T00:00:00Z') + days * dayMs).toISOString().slice(0, 19)}+00:00`
    assert.equal((await shown()).validated_until, end(825))
    own.engine.clock.time = Date.parse('2026-03-15T00:00:00Z')
    assert.equal((await shown()).validated_until, end(398))
    own.engine.clock.time = Date.parse('2026-03-01T00:00:00Z') + 398 * dayMs - 1
    assert.equal((await shown()).status, 'active')
    own.advance(1)
    assert.equal((await shown()).status, 'expired')
    const late = { types: ['ov'], until: own.engine.clock.now() + 399 * dayMs } as const
    await assert.rejects(validateOrganization(own.engine, id, late, testCaller), {
      code: 'parameter_invalid',
    })
  })

  test('EV asks for verified users, who become its approvers; OV keeps none', async () => {
    const id = await submit()
    const url = `/organization/${id}/validation`
    assert.deepEqual((await tenant.post(url, { validations: [{ type: 'ev' }] })).codes(), [
      'required_param:validations.0.verified_users',
    ])
    assert.deepEqual((await tenant.post(url, {})).codes(), ['required_param:validations'])
    assert.deepEqual((await tenant.post(url, { validations: [] })).codes(), ['required_param:validations'])
    assert.deepEqual((await tenant.post(url, { validations: 'ov' })).codes(), ['invalid_value:validations'])
    assert.deepEqual((await tenant.post(url, { validations: ['ov'] })).codes(), [
      'invalid_value:validations.0',
    ])
    const unknown = [{ type: 'ev_cs', verified_users: [{ id: 999_999 }] }]
    assert.deepEqual((await tenant.post(url, { validations: unknown })).codes(), [
      'invalid_value:validations.0.verified_users',
    ])
    const validations = [
      { type: 'ev', verified_users: [{ id: tenant.administrator.id }, { ...example.organization_contact }] },
      { type: 'ov', verified_users: [{ id: tenant.administrator.id }] },
    ]
    assert.equal((await tenant.post(url, { validations })).status, 204)
    const shown = (await tenant.get(url)).json().validations
    assert.deepEqual(
      shown.map((each: { type: string; verified_users?: unknown[] }) => [
        each.type,
        each.verified_users?.length,
      ]),
      [
        ['ev', 2],
        ['ov', undefined],
      ],
    )
    const { approvers } = (await tenant.get(`/organization/${id}/approvers`)).json()
    assert.deepEqual(approvers[0].id, tenant.administrator.id)
    assert.equal((await tenant.get(`/organization/${id}`)).json().ev_approvers.length, 1)
  })

  test('contacts are added and listed after the one it was submitted with', async () => {
    const id = await submit()
    const url = `/organization/${id}/contact`
    const person = { first_name: 'Ben', last_name: 'Ochs', email: 'ben@shop.example' }
    assert.equal((await tenant.post(url, { ...person, contact_type: 'technical_contact' })).status, 204)
    assert.equal((await tenant.post(url, { user_id: tenant.administrator.id })).status, 204)
    const { organization_contacts: contacts } = (await tenant.get(url)).json()
    assert.deepEqual(
      contacts.map((each: { contact_type: string; id?: number }) => [each.contact_type, each.id]),
      [
        ['organization_contact', undefined],
        ['technical_contact', undefined],
        ['organization_contact', tenant.administrator.id],
      ],
    )
  })

  test('P6 organizations of another account and outside the division are unknown', async () => {
    const id = await submit()
    const other = await service.tenant('other@example.test')
    for (const [method, url] of [
      ['GET', `/organization/${id}`],
      ['PUT', `/organization/${id}/activate`],
      ['DELETE', `/organization/${id}`],
      ['GET', `/organization/${id}/validation`],
    ] as const) {
      const answer = await service.call(other.key, method, url)
      assert.deepEqual([answer.status, answer.codes()], [404, ['not_found']])
    }
    const division = await tenant.post(`/container/${tenant.rootContainer.id}/children`, {
      name: 'Division',
      template_id: 1,
    })
    const inside = await tenant.as('administrator', { containerId: division.json().id })
    assert.equal((await inside.get(`/organization/${id}`)).status, 404)
    const foreign = { ...example, container: { id: tenant.rootContainer.id } }
    assert.deepEqual((await inside.post('/organization', foreign)).codes(), ['invalid_value:container.id'])
  })

  test('P14 who only orders sees organizations and submits none', async () => {
    const orderer = await tenant.as('standard')
    assert.equal((await orderer.get('/organization')).status, 200)
    assert.deepEqual((await orderer.post('/organization', example)).codes(), [
      'access_denied|missing_permission',
    ])
  })

  test('an organization that nothing names is deleted', async () => {
    const id = await submit()
    assert.equal((await tenant.delete(`/organization/${id}`)).status, 204)
    assert.equal((await tenant.get(`/organization/${id}`)).status, 404)
  })

  test('organizations that a container may order for are its own and those above, unless closed', async () => {
    const division = (
      await tenant.post(`/container/${tenant.rootContainer.id}/children`, { name: 'Shop', template_id: 1 })
    ).json().id
    const own = await submit({ name: 'Own Ltd', container: { id: `${division}` } })
    const closed = await submit({ name: 'Closed Ltd', container: division })
    await tenant.put(`/organization/${closed}/deactivate`)
    const { organizations } = (await tenant.get(`/container/${division}/order/organization`)).json()
    const ids: readonly number[] = organizations.map(({ id }: { id: number }) => id)
    assert.ok(ids.includes(own))
    assert.ok(!ids.includes(closed))
    assert.ok(ids.length > 1)
  })
})
