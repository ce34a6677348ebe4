import assert from 'node:assert/strict'
import { organizations } from '../../../src/core/organizations/organization.ts'
import { prefixes } from '../../../src/faces/one/api.ts'
import { hexIdOf, type IdKind, uuidOf } from '../../../src/faces/one/ids.ts'
import type { Route } from '../../../src/faces/one/route.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { lastFirst } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

/** A tenant with one object of every kind, and a stranger who sees none of them. */
export interface EveryRoute {
  readonly service: TestService
  readonly tenant: TestTenant
  readonly stranger: TestTenant
  /** The names of the tenant's objects in paths, by what they are. */
  readonly objects: ReadonlyMap<string, string>
  /** Every route of the face that is about an object: the table is its own, so one that is added is asked, too. */
  readonly asked: () => readonly Asked[]
  /** Everything that the tenant keeps. */
  readonly everything: () => Promise<readonly unknown[]>
}

export async function openEveryRoute(scope: Pick<Scope, 'after'>): Promise<EveryRoute> {
  const service = await TestService.start(lastFirst(scope))
  const tenant = await service.tenant()
  const stranger = await service.tenant('stranger@example.test')
  const operator = await service.tenant('operator@example.test')
  await service.engine.store.write(function* (transaction) {
    const { issuing } = operator.made.authorities
    yield* transaction.runtime.setSetting('operator-authority', String(issuing.id))
  })
  const objects = await objectsOf(tenant)
  return {
    service,
    tenant,
    stranger,
    objects,
    asked: () => askedAbout(objects),
    everything: () => everythingOf(tenant),
  }
}

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

export interface Asked {
  readonly route: Route
  readonly own: string
  /** The same path with an id that nothing has. */
  readonly lost: string
}

/** Every route about an object, with the ids of these. */
function askedAbout(objects: ReadonlyMap<string, string>): readonly Asked[] {
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
async function everythingOf({ service, accountId }: TestTenant): Promise<readonly unknown[]> {
  const own = `WHERE account_id = ${accountId} ORDER BY id`
  return Promise.all([
    ...tables.map((table) => service.engine.query(`SELECT document FROM ${table} ${own}`)),
    service.engine.query(`SELECT id, status FROM authority ${own}`),
    service.engine.query(`SELECT id, public_id, name, end_date, revoked_at FROM api_key ${own}`),
  ])
}

/** Bodies that say nothing, and as much as routes may look at. */
export const bodies: readonly object[] = [
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

export const isRead = ({ method }: Route) => method === 'GET'
