import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { containers } from '../../../src/core/identity/container.ts'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { prefixes } from '../../../src/faces/one/api.ts'
import { hexIdOf, type IdKind, uuidOf } from '../../../src/faces/one/ids.ts'
import type { Route } from '../../../src/faces/one/route.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

// Every route of the table, asked by those who do not see the objects it is about. The table is the face's own, so
// that a route which is added is asked, too.
const service = await TestService.start(lastFirst({ after }))
const tenant = await service.tenant()
const stranger = await service.tenant('stranger@example.test')
const operator = await service.tenant('operator@example.test')
await service.engine.store.write(function* (transaction) {
  const { issuing } = operator.made.authorities
  yield* transaction.runtime.setSetting('operator-authority', String(issuing.id))
})
const objects = await objectsOf(tenant)
const absent = 2 ** 31 - 2

/** What the parameter of a path is the id of. */
const byPath: readonly (readonly [
  start: string,
  kind: IdKind | 'code' | 'seat-id' | 'serial' | undefined,
])[] = [
  ['/v1/organization/', 'organization'],
  ['/v1/certificate/escrow/', 'serial'],
  ['/v1/certificate/:serial', 'serial'],
  ['/v1/certificate-pickup/', 'request'],
  ['/v1/certificate-owners/', 'owner'],
  ['/v1/certificate-by-id/', 'certificate'],
  ['/v1/certificate-search/', 'certificate'],
  ['/v1/certificate/:id', 'certificate'],
  ['/v1/enrollment/certificate/', 'certificate'],
  ['/v1/enrollment/:code/status', 'enrollment'],
  ['/v1/enrollment/:code', 'code'],
  ['/v1/enrollment-details/', 'enrollment'],
  ['/v1/manual-enrollment/renew/', 'certificate'],
  ['/v1/seat/', 'seat-id'],
  ['/v1/business-unit/', 'business-unit'],
  ['/v1/profile/', 'profile'],
  ['/v2/profile/', 'profile'],
  ['/v3/profile/', 'profile'],
  ['/v1/user/', 'user'],
  ['/v1/api-access-token/', 'token'],
  ['/v1/client-auth-certificate/', 'client-certificate'],
  ['/v1/account/', 'account'],
  ['/v1/ca/', 'authority'],
  ['/v1/crl/', 'authority'],
  ['/v1/ocsp-responder/', 'authority'],
  ['/v1/key-pair/', 'authority'],
  ['/v1/template/', undefined],
  ['/v1/audit-log/', undefined],
]

function kindOf({ path }: Pick<Route, 'path'>) {
  const found = byPath.find(([start]) => path.startsWith(start))
  assert.ok(found, `say what ${path} is about`)
  return found[1]
}

interface Asked {
  readonly route: Route
  readonly own: string
  /** The same path with an id that nothing has. */
  readonly lost: string
}

/** Every route about an object, with the ids of ours. */
function asked(): readonly Asked[] {
  return routes.flatMap((route) => {
    const kind = route.path.includes(':') ? kindOf(route) : undefined
    if (kind === undefined) return []
    const name = objects.get(kind)
    assert.ok(name, kind)
    const query = kind === 'seat-id' ? '?seat_type_id=DEVICE_SEAT' : kind === 'code' ? '?seat_id=pump' : ''
    const pathWith = (id: string) =>
      `${prefixes[route.api]}${route.path.replace(/:\w+/, encodeURIComponent(id))}${query}`
    return [{ route, own: pathWith(name), lost: pathWith(absentOf(kind)) }]
  })
}

function absentOf(kind: IdKind | 'code' | 'seat-id' | 'serial'): string {
  if (kind === 'serial') return 'AB12'
  return kind === 'code' || kind === 'seat-id' ? 'nobody' : uuidOf(kind, absent)
}

async function objectsOf(of: TestTenant): Promise<ReadonlyMap<string, string>> {
  const made = async (path: string, body: unknown) => {
    const answer = await of.post(path, body)
    assert.ok(answer.status < 300, answer.text)
    return answer.json()
  }
  const tlm = prefixes.mpki
  const manual = await of.postProfile({
    enrollment_method: 'rest_api',
    authentication_method: 'manual_approval',
  })
  const coded = await of.postProfile({ enrollment_method: 'scep', authentication_method: 'enrollment_code' })
  const direct = await of.postProfile({
    enrollment_method: 'rest_api',
    authentication_method: 'third_party_app',
  })
  const request = (profile: string) => ({
    profile: { id: profile },
    seat: { seat_id: 'pump' },
    csr: csrPem(),
    attributes: { subject: { common_name: 'pump' } },
  })
  const { serial_number } = await made(`${tlm}/v1/certificate`, request(direct))
  const { items } = (await of.get(`${tlm}/v1/certificate-search?serial_number=${serial_number}`)).json()
  const enrollment = await made(`${tlm}/v1/enrollment`, { profile: coded, seat: { seat_id: 'pump' } })
  const [unit] = (await of.get(`${tlm}/v1/business-unit`)).json().items
  const owner = await made(`${tlm}/v1/certificate-owners`, {
    account_id: of.accountUuid,
    name: 'Ada',
    email: 'ada@example.test',
  })
  const user = await made('/account/api/v1/user', { user_type: 'service', friendly_name: 'bot' })
  const clientCertificate = await made('/account/api/v1/client-auth-certificate', {
    user_id: user.id,
    name: 'bot',
    csr: csrPem(),
  })
  return new Map<IdKind | 'code' | 'seat-id' | 'serial', string>([
    ['account', of.accountUuid],
    ['user', user.id],
    ['token', user.token.id],
    ['client-certificate', clientCertificate.id],
    ['business-unit', unit.id],
    ['profile', direct],
    ['certificate', items[0].id],
    ['serial', serial_number],
    ['request', (await made(`${tlm}/v1/certificate`, request(manual))).request_id],
    ['enrollment', enrollment.id],
    ['code', enrollment.enrollment_code],
    ['seat-id', 'pump'],
    ['owner', owner.id],
    ['organization', uuidOf('organization', await organizationOf(of))],
    ['authority', hexIdOf('authority', of.made.authorities.issuing.id)],
  ])
}

async function organizationOf({ service, made }: TestTenant): Promise<number> {
  return await service.engine.store.write(function* (transaction) {
    const id = yield* transaction.collection(organizations).nextId()
    yield* transaction.collection(organizations).insert({
      id,
      accountId: made.account.id,
      containerId: made.rootContainer.id,
      ...{ name: 'Harbour Works', assumedName: '', isActive: true, telephone: '' },
      ...{ address: 'Kade 1', address2: '', zip: '2611', city: 'Delft', state: 'ZH', country: 'nl' },
      ...{ contact: null, contacts: [], validations: [] },
      createdAt: service.engine.clock.now(),
    })
    return id
  })
}

const tables = [
  ...['business_unit', 'certificate_owner', 'certificate_profile', 'enrollment', 'inventory_certificate'],
  ...['organization', 'seat', 'service_user', 'client_certificate', 'account_user'],
]

/** Everything that the account keeps. */
async function everything(): Promise<readonly unknown[]> {
  const { accountId } = tenant
  const own = `WHERE account_id = ${accountId} ORDER BY id`
  return Promise.all([
    ...tables.map((table) => service.engine.query(`SELECT document FROM ${table} ${own}`)),
    service.engine.query(`SELECT id, status FROM authority ${own}`),
    service.engine.query(`SELECT id, public_id, name, end_date, revoked_at FROM api_key ${own}`),
  ])
}

const bodies: readonly object[] = [
  {},
  {
    name: 'Mallory',
    friendly_name: 'mallory',
    new_status: 'rejected',
    revocation_reason: 'key_compromise',
    csr: csrPem(),
    tags: ['mine'],
    seat_type: { id: 'DEVICE_SEAT' },
    email: 'mallory@example.test',
    phone: '',
    seat_name: 'mine',
  },
]

const isRead = ({ method }: Route) => method === 'GET'

// First: later the stranger's own audit log tells of the ids that he tried.
test('P12 (ONE) lists show nothing of another account', async () => {
  const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  assert.ok(lists.length > 15)
  const ours = [...objects.values()].filter((value) => value.length > 8)
  for (const { api, path } of lists) {
    const { text } = await stranger.get(
      `${prefixes[api]}${path}?account_id=${stranger.accountUuid}&limit=1000`,
    )
    assert.deepEqual(
      ours.filter((value) => text.includes(value)),
      [],
      path,
    )
    const named = await stranger.get(`${prefixes[api]}${path}?account_id=${tenant.accountUuid}`)
    assert.deepEqual(
      ours.filter((value) => named.text.includes(value)),
      [],
      path,
    )
  }
})

test('P6 P12 (ONE) an object of another account is answered like one that is not there, on every route', async () => {
  const before = await everything()
  const found: string[] = []
  for (const { route, own, lost } of asked()) {
    let isRefused = false
    for (const body of isRead(route) ? [undefined] : bodies) {
      const options = body === undefined ? {} : { body }
      const theirs = await service.call(stranger.key, route.method, own, options)
      const nothing = await service.call(stranger.key, route.method, lost, options)
      const isAlike =
        theirs.status === nothing.status && theirs.code === nothing.code && theirs.field === nothing.field
      if (!isAlike || theirs.status < 400)
        found.push(`${route.method} ${own}: ${theirs.text} ${nothing.text}`)
      // What a body lacks may be told first, whatever the path names.
      isRefused ||= theirs.status === 403 || theirs.status === 404
    }
    if (!isRefused) found.push(`${route.method} ${own} is told of bodies alone`)
  }
  assert.deepEqual(found, [])
  assert.deepEqual(await everything(), before)
})

test('the same paths are found by those whose they are', async () => {
  const lost: string[] = []
  const reads = asked().filter(({ route }) => isRead(route))
  assert.ok(reads.length > 15, String(reads.length))
  for (const { own } of reads) {
    // Its key is not kept here, and it was issued without an enrollment.
    if (/escrow|enrollment\/certificate/.test(own)) continue
    const { status, text } = await tenant.get(own)
    if (status !== 200) lost.push(`${own}: ${text}`)
  }
  assert.deepEqual(lost, [])
})

test('P12 (ONE) ids of another account in bodies are refused, and nothing comes of them', async () => {
  const before = await everything()
  const { accountUuid } = stranger
  const id = (name: string) => objects.get(name) ?? ''
  const [unit] = (await stranger.get(`${prefixes.mpki}/v1/business-unit`)).json().items
  const profile = {
    account_id: accountUuid,
    business_unit_id: unit.id,
    name: 'Taken',
    template_id: stranger.id('template', 3),
    ica: { id: stranger.id('authority', stranger.made.authorities.issuing.id) },
    enrollment_method: 'rest_api',
    authentication_method: 'third_party_app',
    renewal_window_days: 30,
    seat_id_mapping: 'common_name',
  }
  const subject = { common_name: 'pump' }
  const issue = { seat: { seat_id: 'pump' }, csr: csrPem(), attributes: { subject } }
  const sent: readonly (readonly [path: string, body: object])[] = [
    [`${prefixes.mpki}/v1/certificate`, { ...issue, profile: { id: id('profile') } }],
    [`${prefixes.mpki}/v1/manual-enrollment`, { ...issue, profile: { id: id('profile') } }],
    [`${prefixes.mpki}/v1/enrollment`, { profile: id('profile'), seat: { seat_id: 'pump' } }],
    [
      `${prefixes.mpki}/v1/enrollment/redeem`,
      { ...issue, profile: { id: id('profile') }, enrollment_code: id('code') },
    ],
    [`${prefixes.mpki}/v1/profile`, { ...profile, business_unit_id: id('business-unit') }],
    [`${prefixes.mpki}/v1/profile`, { ...profile, ica: { id: id('authority') } }],
    [`${prefixes.mpki}/v1/profile`, { ...profile, account_id: tenant.accountUuid }],
    [`${prefixes.mpki}/v1/business-unit`, { name: 'Mine', account: { id: tenant.accountUuid } }],
    [
      `${prefixes.mpki}/v1/seat`,
      { business_unit_id: id('business-unit'), seat_id: 'x', seat_type: { id: 'DEVICE_SEAT' } },
    ],
    ['/account/api/v1/api-access-token', { user_id: id('user'), name: 'mine' }],
    ['/account/api/v1/client-auth-certificate', { user_id: id('user'), name: 'mine', csr: csrPem() }],
    ['/account/api/v1/user', { user_type: 'service', friendly_name: 'x', account_ids: [tenant.accountUuid] }],
    [
      '/certificate-authority/api/v1/certificate',
      {
        issuer: { id: id('authority') },
        template_id: stranger.id('template', 1),
        csr: csrPem(),
        extensions: { san: { dns_names: ['pump.example'] } },
        subject,
      },
    ],
    [
      '/certificate-authority/api/v1/ca',
      { name: 'Sub', cert_type: 'intermediate', issuer: { id: id('authority') } },
    ],
    ['/certificate-authority/api/v1/crl', { ca: { id: id('authority') } }],
    ['/certificate-authority/api/v1/ocsp-responder', { ca: { id: id('authority') } }],
  ]
  const taken: string[] = []
  for (const [path, body] of sent) {
    const { status, text } = await stranger.post(path, body)
    if (![400, 403, 404].includes(status)) taken.push(`${path}: ${status} ${text}`)
  }
  assert.deepEqual(taken, [])
  assert.deepEqual(await everything(), before)
})

test('P12 (ONE) a key without roles is refused by every route that asks for a permission', async () => {
  const bot = await tenant.program('idle', [])
  const before = await everything()
  const passed: string[] = []
  for (const route of routes) {
    if (route.access === 'member' || route.access === 'anyone') continue
    const url = `${prefixes[route.api]}${route.path.replace(/:\w+/g, 'x')}`
    const options = isRead(route) ? {} : { body: {} }
    const { status, code } = await service.call(bot.key, route.method, url, options)
    if (status !== 403 || code !== 'access_denied') passed.push(`${route.method} ${url}: ${status} ${code}`)
  }
  assert.deepEqual(passed, [])
  assert.deepEqual(await everything(), before)
})

test('P12 (ONE) an administrator of a division reaches nothing that belongs to the whole account', async () => {
  const { rootContainer } = tenant.made
  const division = await service.engine.store.write(function* (transaction) {
    const id = yield* transaction.collection(containers).nextId()
    yield* transaction
      .collection(containers)
      .insert({ ...rootContainer, id, parentId: rootContainer.id, name: 'Other' })
    return id
  })
  const divided = await tenant.as('administrator', null, division)
  const before = await everything()
  assert.equal((await divided.get('/account/api/v1/user/me')).json().id, divided.id('user', divided.user.id))
  const passed: string[] = []
  for (const { route, own } of asked()) {
    for (const body of isRead(route) ? [undefined] : bodies) {
      const { status, text } = await service.call(divided.key, route.method, own, body && { body })
      if (status < 400) passed.push(`${route.method} ${own}: ${text}`)
    }
  }
  assert.deepEqual(passed, [])
  const user = { user_type: 'service', friendly_name: 'climber', roles: [{ role_code: 'AM_ACCOUNT_ADMIN' }] }
  assert.equal((await divided.post('/account/api/v1/user', user)).status, 403)
  assert.deepEqual(await everything(), before)
})

test('every answer but those of success names its request, on every route', async () => {
  for (const route of routes) {
    const url = `${prefixes[route.api]}${route.path.replace(/:\w+/g, 'x')}`
    if (route.access === 'anyone') continue
    // An address that shows many wrong keys within a minute is told to wait.
    service.advance(60_000)
    const answer = await service.call('nobody', route.method, url, isRead(route) ? {} : { body: {} })
    assert.deepEqual([answer.status, typeof answer.json().request_id], [401, 'string'], url)
  }
})

test('a change that was meant for another state of an object is refused, on every route that changes one', async () => {
  const before = await everything()
  const changes: Readonly<Record<string, object>> = {
    '/v1/enrollment/:code/status': { new_status: 'rejected' },
  }
  const headers = { 'if-match': '"00000000000000000000000000000000"' }
  const passed: string[] = []
  for (const { route, own } of asked()) {
    if (route.method !== 'PUT' && route.method !== 'DELETE') continue
    const body = changes[route.path] ?? { name: 'Other', seat_type: { id: 'DEVICE_SEAT' } }
    const { status, code, text } = await service.call(tenant.key, route.method, own, { headers, body })
    if (status !== 409 || code !== 'version_conflict') passed.push(`${route.method} ${own}: ${text}`)
  }
  assert.deepEqual(passed, [])
  assert.deepEqual(await everything(), before)
})

test('lists are read page by page without a gap, whatever the page', async () => {
  const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  let pagedLists = 0
  for (const { api, path } of lists) {
    const url = `${prefixes[api]}${path}?account_id=${tenant.accountUuid}`
    const whole = await tenant.get(`${url}&limit=1000`)
    if (whole.status !== 200 || !whole.text.startsWith('{"total"')) continue
    pagedLists++
    const { total, items } = whole.json()
    assert.equal(items.length, total, path)
    for (const limit of [1, 2, total + 1]) {
      const collected = []
      for (let offset = 0; offset < total; offset += limit) {
        const page = (await tenant.get(`${url}&limit=${limit}&offset=${offset}`)).json()
        assert.deepEqual([page.total, page.offset, page.limit], [total, offset, limit], path)
        assert.equal(page.has_more, offset + limit < total, path)
        collected.push(...page.items)
      }
      assert.deepEqual(collected, items, `${path} by ${limit}`)
    }
    const beyond = await tenant.get(`${url}&limit=1&offset=${total + 5}`)
    assert.deepEqual([beyond.status, beyond.json().items], [200, []], path)
    for (const wrong of ['limit=0', 'limit=x', 'offset=-1']) {
      const refused = await tenant.get(`${url}&${wrong}`)
      assert.deepEqual([refused.status, refused.field], [400, wrong.split('=')[0]], `${path} ${wrong}`)
    }
  }
  assert.ok(pagedLists >= 10, String(pagedLists))
})
