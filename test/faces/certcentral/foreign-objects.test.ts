import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Route } from '../../../src/faces/certcentral/route.ts'
import { routes } from '../../../src/faces/certcentral/routes.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'
import type { TestTenant } from './service.ts'

// Every route whose path names an object, asked by people who do not see that object. The table is the face's own,
// so that a route which is added is asked, too.
const shop = await Shop.open({ after })
const { service, tenant, organizationId } = shop
const stranger = await service.tenant('stranger@example.test')
const divided = await otherDivision(tenant)
const objects = await objectsOf(tenant)

/** What the parameter of a path is the id of; undefined: of nothing that belongs to anybody. */
function objectOf({ path }: Pick<Route, 'path'>, parameter: string): string | undefined {
  if (parameter in named) return named[parameter as keyof typeof named]
  return byPath.find(([start]) => path.startsWith(start))?.[1]
}

const named = {
  ...{ order_id: 'order', certificate_id: 'certificate', certificate_identifier: 'certificate' },
  ...{ request_id: 'request', container_id: 'container', user_id: 'user', metadata_id: 'metadata' },
  ...{ note_id: 'note', serial: 'serial' },
  ...{ name_id: undefined, format: undefined, platform_id: undefined, template_id: undefined },
  ...{ domain: undefined, username: undefined, token: undefined, alternative_order_id: undefined },
} as const

const byPath = [
  ['/certificate/intermediates', undefined],
  ['/ca-cert', undefined],
  ['/certificate', 'certificate'],
  ['/domain', 'domain'],
  ['/organization', 'organization'],
  ['/container', 'container'],
  ['/user', 'user'],
  ['/key', 'key'],
  ['/account/metadata', 'metadata'],
  // A number of days, where one is made.
  ['/account/auth-key', undefined],
  ['/account/subaccount', 'subaccount'],
  ['/webhook/event-logs', 'delivery'],
  ['/webhook', 'webhook'],
  ['/finance/receipt', 'receipt'],
] as const

/** Kinds that belong to the whole account, so that its divisions may see them. */
const accountWide: ReadonlySet<string> = new Set([
  'metadata',
  'webhook',
  'delivery',
  'subaccount',
  'receipt',
  'key',
])

interface Asked {
  readonly route: Route
  readonly kind: string
  readonly path: string
}

/** Every route about an object, with the ids of ours. */
function asked(): readonly Asked[] {
  return routes.flatMap((route) => {
    const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const [kind] = parameters.map((name) => objectOf(route, name))
    if (kind === undefined) return []
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
      const value = objects.get(objectOf(route, name) ?? name)
      return String(value ?? '1')
    })
    return [{ route, kind, path }]
  })
}

async function otherDivision(of: TestTenant): Promise<TestTenant> {
  const made = await of.post(`/container/${of.rootContainer.id}/children`, { name: 'Other', template_id: 1 })
  return of.as('administrator', { containerId: made.json().id })
}

async function objectsOf(of: TestTenant): Promise<ReadonlyMap<string, unknown>> {
  const order = await shop.order()
  const waiting = await shop.waiting()
  const id = async (method: 'post', path: string, body: unknown, member = 'id'): Promise<unknown> => {
    const answer = await of[method](path, body)
    assert.ok(answer.status < 300, answer.text)
    return answer.json()[member]
  }
  const domains = (await of.get('/domain')).json().domains
  const keys = (await of.get('/key')).json().api_keys
  return new Map<string, unknown>([
    ['format', 'pem_all'],
    ['platform_id', '2'],
    ['order', order.id],
    ['certificate', order.certificateId],
    ['serial', (await shop.info(order.id)).certificate.serial_number],
    ['request', waiting.requestId],
    ['organization', organizationId],
    ['container', of.rootContainer.id],
    ['user', of.administrator.id],
    ['domain', domains[0].id],
    ['key', keys[0].id],
    ['note', await id('post', `/order/certificate/${order.id}/note`, { text: 'ours' })],
    [
      'metadata',
      await id('post', '/account/metadata', { label: 'Ours', is_required: false, is_active: true }),
    ],
    [
      'webhook',
      await id(
        'post',
        '/webhook',
        { endpoint: 'https://hooks.example.com/', secret: 's'.repeat(32), events: ['certificate_issued'] },
        'webhook_id',
      ),
    ],
  ])
}

const tables = [
  ...['certificate_order', 'order_certificate', 'order_request', 'organization', 'domain', 'container'],
  ...['account_user', 'custom_field', 'account_policy', 'webhook'],
]

/** Everything that the account keeps. */
async function everything(): Promise<readonly unknown[]> {
  const kept = tables.map((table) =>
    service.engine.query(`SELECT document FROM ${table} WHERE account_id = ${tenant.accountId} ORDER BY id`),
  )
  return Promise.all(kept)
}

async function ask(by: TestTenant, { route, path }: Asked, body: unknown) {
  return service.call(by.key, route.method, path, route.method === 'GET' ? {} : { body })
}

test('P6 P12 whoever asks for an object of another account by its id is told that there is none, on every route', async () => {
  const before = await everything()
  const found: string[] = []
  for (const each of asked()) {
    for (const body of [{}, { status: 'approved', name: 'x', certificate: { csr: await csrPem() } }]) {
      const { status, text } = await ask(stranger, each, body)
      if (status !== 404) found.push(`${each.route.method} ${each.path}: ${status} ${text}`)
    }
  }
  assert.deepEqual(found, [])
  assert.deepEqual(await everything(), before)
})

test('the same paths are found by whoever they belong to', async () => {
  const own = asked().filter(({ route, kind }) => route.method === 'GET' && objects.has(kind))
  assert.ok(own.length > 30, String(own.length))
  const lost: string[] = []
  for (const each of own) {
    const { status, text } = await ask(tenant, each, {})
    // The root container has no parent, this order no signature units, and this machine no mail.
    if (/parent$|signature-unit$|resend-create-email$/.test(each.path)) continue
    if (status !== 200) lost.push(`${each.path}: ${status} ${text}`)
  }
  assert.deepEqual(lost, [])
})

test('P12 an administrator of one division reaches nothing of another one, on every route', async () => {
  const before = await everything()
  const found: string[] = []
  for (const each of asked().filter(({ kind }) => !accountWide.has(kind))) {
    const { status, text } = await ask(divided, each, {})
    const isRefused = status === 404 || text.includes('access_denied|missing_permission')
    if (!isRefused) found.push(`${each.route.method} ${each.path}: ${status} ${text}`)
  }
  assert.deepEqual(found, [])
  assert.deepEqual(await everything(), before)
})

test('P12 lists show nothing of another account, nor of another division', async () => {
  const lists = routes.filter(
    ({ method, path, answers }) => method === 'GET' && answers === 'list' && !path.includes(':'),
  )
  assert.ok(lists.length > 5)
  for (const { path } of lists) {
    for (const by of [stranger, divided]) {
      const { status, text } = await by.get(path)
      if (status !== 200) continue
      assert.ok(!text.includes('shop.example.com'), `${path}: ${text}`)
      assert.ok(!text.includes('Example Shop Ltd'), `${path}: ${text}`)
    }
  }
})
