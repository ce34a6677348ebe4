import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { codes } from '../../src/faces/certcentral/codes.ts'
import type { Route } from '../../src/faces/certcentral/route.ts'
import { routes } from '../../src/faces/certcentral/routes.ts'
import { Shop } from '../faces/certcentral/issued-orders.ts'
import { csrPem, orderBody } from '../faces/certcentral/ordering.ts'
import type { Answer } from '../faces/certcentral/service.ts'
import '../support/seed.ts'

// 10,000 cases in all. Each must end in a success or a refusal with a code of the table; a case that fails is shrunk
// and printed with its seed.
const shop = await Shop.open({ after })
const { tenant, organizationId } = shop
const order = await shop.order()
const csr = await csrPem()

const callsOut = /sendemail|resend|emails|challenge|test-endpoint|dcv|create-email|seal/
const known = new Set(Object.keys(codes).map((key) => key.replace(/\|.*/, '')))

/** Success, or a typed refusal that is not our fault. */
function assertTyped(answer: Answer, what: string): void {
  const { status, text } = answer
  if (status === 200 || status === 201 || status === 204) return
  // What is to be mailed or called waits for a network, which this machine does not have.
  if (status === 503 && callsOut.test(what)) return
  assert.ok(status >= 400 && status < 500, `${what}: ${status} ${text}`)
  assert.equal(answer.headers['content-type'], 'application/json', what)
  const answered = answer.codes()
  assert.ok(answered.length > 0, `${what}: ${text}`)
  for (const code of answered) assert.ok(known.has(code.split(/[|:]/)[0] ?? ''), `${what}: ${text}`)
}

const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom('a', '.', '-', '*', '%', '/'), maxLength: 3_000 }),
  fc.constantFrom(
    ...['', '0', '1', '-1', '2147483648', '1e9', 'true', 'null', '__proto__', '../..', "'; --", '%', '_'],
    ...[
      '*.example.com',
      'xn--a',
      '::1',
      '10.0.0.1',
      'shop.example.com',
      'a@shop.example.com',
      '\u202e',
      '\0',
    ],
    ...['canceled', 'approved', 'dns-txt-token', 'email', 'sha256', '2027-02-30', '>2026-01-01', 'a...b'],
  ),
)

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 1.5, 1e308, 2 ** 31, {}, [], [[]], [null], {
    id: null,
  }),
  fc.constantFrom<unknown>(
    { id: 1 },
    [{ id: 1 }],
    { years: 1 },
    { days: -5 },
    ['a.internal'],
    order.id,
    organizationId,
  ),
  fc.array(oddText, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom('id', 'name', 'type', 'value', '__proto__', 'constructor'), oddText, {
    maxKeys: 3,
  }),
)

/** What takes away key, user, organization or policy would leave nothing to try the rest on. */
function leavesTheGround({ method, path }: Route): boolean {
  if (method === 'GET') return true
  return method !== 'DELETE' && !/^\/(account|user|key)(\/|$)|activate$/.test(path)
}

/** Paths with every parameter filled: by an id that is there, or by anything. */
const request = fc
  .tuple(
    fc.constantFrom(...routes.filter(leavesTheGround)),
    fc.array(fc.oneof(fc.constantFrom(String(order.id), String(order.certificateId), '1', '2'), oddText), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([route, values]) => {
    let place = 0
    const path = route.path.replace(/:\w+/g, () =>
      encodeURIComponent(values[place++] ?? '1').replaceAll('.', '%2E'),
    )
    return { method: route.method, path }
  })

const memberName = fc.constantFrom(
  ...[
    'name',
    'status',
    'certificate',
    'organization',
    'validations',
    'dcv_method',
    'comments',
    'skip_approval',
  ],
  ...[
    'custom_fields',
    'order_validity',
    'container',
    'text',
    'email',
    'username',
    'access_roles',
    'endpoint',
  ],
  ...['secret', 'events', 'amount', 'label', 'metadata_id', 'csr', 'id', '__proto__', 'prices', 'dns_names'],
)

test('arbitrary octets as a body get a typed refusal', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.uint8Array({ maxLength: 1_000 }), async ({ method, path }, bytes) => {
      assertTyped(await shop.service.call(tenant.key, method, path, { body: bytes }), `${method} ${path}`)
    }),
    { numRuns: 1_500 },
  )
})

test('arbitrary members for any route succeed or get a typed refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      request,
      fc.dictionary(memberName, oddValue, { maxKeys: 6 }),
      async ({ method, path }, body) => {
        assertTyped(await shop.service.call(tenant.key, method, path, { body }), `${method} ${path}`)
      },
    ),
    { numRuns: 3_500 },
  )
})

test('arbitrary queries of lists get bounded pages or a typed refusal', async () => {
  const lists = routes.filter(({ method, answers }) => method === 'GET' && answers === 'list')
  const parameter = fc.constantFrom(
    ...[
      'limit',
      'offset',
      'sort',
      'filters[status]',
      'filters[search]',
      'filters[common_name]',
      'container_id',
    ],
    ...[
      'filters[date_created]',
      'filters[valid_till]',
      'filters[id]',
      'filters[x',
      'filters[]',
      'filters[a][b]',
    ],
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lists),
      fc.array(fc.tuple(parameter, oddText), { maxLength: 4 }),
      async ({ path }, parameters) => {
        const query = parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
        const address = `${path.replace(/:\w+/g, '1')}?${query}`
        assertTyped(await tenant.get(address), address)
      },
    ),
    { numRuns: 1_500 },
  )
})

type Json = { [name: string]: unknown }

/** Places of a body, as the names on the way to them. */
function placesOf(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way]
  return [way, ...Object.entries(value).flatMap(([name, member]) => placesOf(member, [...way, name]))]
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by
  const members = Array.isArray(value) ? [...value] : { ...(value as Json) }
  return Object.assign(members, { [name]: replaced((members as Json)[name], rest, by) })
}

test('bodies that are valid but for one member succeed or get a typed refusal', async () => {
  const content = { common_name: 'fuzz.internal', dns_names: ['fuzz.internal'], csr }
  const organization = (await tenant.get(`/organization/${organizationId}`)).json()
  const bodies: readonly (readonly [method: string, path: string, body: unknown])[] = [
    ['POST', '/order/certificate/private_ssl_multi_domain', await orderBody(organizationId, content)],
    [
      'POST',
      '/order/certificate/ssl_basic',
      await orderBody(organizationId, { ...content, common_name: 'shop.example.com', dns_names: [] }),
    ],
    [
      'POST',
      '/order/certificate/ssl',
      { ...(await orderBody(organizationId, content)), product: { type_hint: 'private' } },
    ],
    ['POST', `/order/certificate/${order.id}/reissue`, { certificate: content, skip_approval: true }],
    ['POST', `/order/certificate/${order.id}/duplicate`, { certificate: content, skip_approval: true }],
    ['PUT', `/certificate/${order.certificateId}/archive`, {}],
    ['POST', '/organization', organization],
    [
      'POST',
      '/domain',
      {
        name: 'fuzz.example.com',
        organization: { id: organizationId },
        validations: [{ type: 'ov' }],
        dcv_method: 'dns-txt-token',
      },
    ],
    [
      'POST',
      '/webhook',
      { endpoint: 'https://hooks.example.com/', secret: 's'.repeat(32), events: ['certificate_issued'] },
    ],
    ['POST', '/account/metadata', { label: 'Fuzz', is_required: false, is_active: false, data_type: 'text' }],
  ]
  const changed = fc.constantFrom(...bodies).chain(([method, path, body]) =>
    fc.record({
      method: fc.constant(method),
      path: fc.constant(path),
      body: fc
        .tuple(fc.constantFrom(...placesOf(body)), oddValue)
        .map(([place, value]) => replaced(body, place, value)),
    }),
  )
  await fc.assert(
    fc.asyncProperty(changed, async ({ method, path, body }) => {
      assertTyped(
        await shop.service.call(tenant.key, method, path, { body: JSON.stringify(body) }),
        `${method} ${path}`,
      )
    }),
    { numRuns: 3_500 },
  )
})

test('after all of it orders are issued and downloaded', async () => {
  const placed = await shop.order()
  const file = await tenant.get(`/certificate/${placed.certificateId}/download/format/pem_all`)
  assert.equal(file.status, 200)
})
