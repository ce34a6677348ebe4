import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { prefixes } from '../../../src/faces/one/api.ts'
import type { Route } from '../../../src/faces/one/route.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

/** Members that bodies of this face know, so that wrong values reach whoever reads them. */
const members = [
  ...[
    'account_id',
    'account',
    'user_type',
    'friendly_name',
    'email',
    'end_date',
    'roles',
    'account_ids',
    'user_id',
  ],
  ...[
    'name',
    'status',
    'csr',
    'enabled',
    'profile',
    'seat',
    'validity',
    'delivery_format',
    'include_ca_chain',
  ],
  ...['attributes', 'tags', 'cert_owner_ids', 'custom_attributes', 'revocation_reason', 'reason', 'comment'],
  ...['business_unit_id', 'template_id', 'ica', 'enrollment_method', 'authentication_method'],
  ...['renewal_window_days', 'seat_id_mapping', 'allowed_key_sizes', 'certificate', 'seat_type', 'seat_id'],
  ...[
    'licensed_seats',
    'enrollment_code',
    'expiry_date',
    'new_status',
    'certificate_ids',
    'issuer',
    'subject',
  ],
  ...[
    'extensions',
    'cert_type',
    'key',
    'ca',
    'distribution_url',
    'update_period_hours',
    'url',
    'thumbprint_sha256',
  ],
]

const wrongValues: readonly unknown[] = [
  '',
  ' ',
  0,
  -1,
  1e308,
  true,
  [],
  [[]],
  [null],
  [{}],
  {},
  { id: {} },
  { id: 'x' },
  { toString: 1, valueOf: 1, length: 1 },
  { unit: 'days', duration: 1e15 },
  { subject: { common_name: ['a', 'b'] }, extensions: { san: { dns_names: 'x'.repeat(300) } } },
  '\u0000',
  '\ud800',
  "'; drop table certificate; --",
  '../../../etc/passwd',
  'x'.repeat(20_000),
  '2026-99-99',
]

const wrongPaths = [
  'x',
  '0',
  '%00',
  '%25',
  '..%2f',
  "'",
  '%F0%9F%92%A9',
  'F'.repeat(40),
  'a'.repeat(4_000),
  '%ff',
]
const wrongQueries = [
  'limit=&offset=&sort=',
  'sort=id:desc&sort=__proto__:asc',
  'offset=99999999999999&limit=99999999999',
  'account={"id":{}}&account.id=1',
  'valid_from=_&valid_to=9999-99-99_',
  'seat_type_id=USER_SEAT&business_unit_id=x&user_id=%00',
  `${'a=1&'.repeat(500)}`,
  'status=%00&action=%25&from=0&to=1',
]

describe('hostile input at the DigiCert ONE face', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
  })
  const url = ({ api, path }: Route, value: string) => prefixes[api] + path.replaceAll(/:\w+/g, value)

  async function refuses(route: Route, path: string, body?: unknown): Promise<void> {
    const answer = await service.call(tenant.key, route.method, path, body === undefined ? {} : { body })
    const what = `${route.method} ${path.slice(0, 120)} ${JSON.stringify(body)?.slice(0, 200)}: ${answer.text.slice(0, 200)}`
    assert.ok(answer.status < 500, what)
    if (answer.status >= 400) assert.equal(typeof answer.json().errors?.[0]?.code, 'string', what)
  }

  test('P19 (ONE) no path, query or body of any route leads to a 5xx, and every refusal is JSON', async () => {
    for (const route of routes) {
      for (const value of wrongPaths) await refuses(route, url(route, value))
      for (const query of wrongQueries) await refuses(route, `${url(route, 'x')}?${query}`)
      if (route.method === 'GET' || route.method === 'DELETE') continue
      for (const value of wrongValues) {
        await refuses(route, url(route, 'x'), value)
        await refuses(route, url(route, 'x'), Object.fromEntries(members.map((name) => [name, value])))
      }
    }
  })

  test('P18 P19 (ONE) one wrong member of a sound issue request never leads to a 5xx', async () => {
    const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
    const name = 'a.example'
    const sound = {
      profile: { id: profile.id },
      seat: { seat_id: name },
      csr: csrPem(),
      validity: { unit: 'days', duration: 9 },
      attributes: {
        subject: { common_name: name, organization_units: ['x'] },
        extensions: { san: { dns_names: [name] } },
      },
      custom_attributes: [{ id: 'a', value: 'b' }],
      tags: ['t'],
    }
    const places = [
      ['profile'],
      ['profile', 'id'],
      ['seat'],
      ['seat', 'seat_id'],
      ['csr'],
      ['validity'],
      ['validity', 'unit'],
      ['validity', 'duration'],
      ['attributes'],
      ['attributes', 'subject'],
      ['attributes', 'subject', 'common_name'],
      ['attributes', 'subject', 'country'],
      ['attributes', 'subject', 'domain_component'],
      ['attributes', 'extensions'],
      ['attributes', 'extensions', 'san'],
      ['attributes', 'extensions', 'san', 'dns_names'],
      ['attributes', 'extensions', 'san', 'uris'],
      ['attributes', 'extensions', 'san', 'user_principal_names'],
      ['custom_attributes'],
      ['tags'],
    ]
    const route = routes.find(
      ({ api, method, path }) => api === 'mpki' && method === 'POST' && path === '/v1/certificate',
    )
    assert.ok(route)
    for (const place of places) {
      for (const value of wrongValues) {
        // biome-ignore lint/suspicious/noExplicitAny: a member of any depth is replaced
        const body: any = structuredClone(sound)
        const last = place.at(-1) ?? ''
        place.slice(0, -1).reduce((object, member) => object[member], body)[last] = value
        await refuses(route, '/mpki/api/v1/certificate', body)
      }
    }
  })
})
