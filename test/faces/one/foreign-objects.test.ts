import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { prefixes } from '../../../src/faces/one/api.ts'
import { takesBody } from '../../../src/faces/one/route.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { bodies, isRead, openEveryRoute } from './every-route.ts'
import { csrPem } from './requests.ts'

const { service, tenant, stranger, objects, asked, everything } = await openEveryRoute({ after })

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

test('P12 (ONE) another account in the query or the body is 403 on every route', async () => {
  const before = await everything()
  const taken: string[] = []
  for (const route of routes.filter(({ access }) => access !== 'anyone')) {
    const url = `${prefixes[route.api]}${route.path.replaceAll(/:\w+/g, 'x')}`
    const id = stranger.accountUuid
    const answers = [await service.call(tenant.key, route.method, `${url}?account=${id}`, { body: {} })]
    if (takesBody(route) && route.body !== 'any') {
      for (const body of [{ account_id: id }, { account: { id } }]) {
        answers.push(await service.call(tenant.key, route.method, url, { body }))
      }
    }
    for (const { status, code, text } of answers) {
      if (status !== 403 || code !== 'access_denied') taken.push(`${route.method} ${url}: ${text}`)
    }
  }
  assert.deepEqual(taken, [])
  assert.deepEqual(await everything(), before)
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
