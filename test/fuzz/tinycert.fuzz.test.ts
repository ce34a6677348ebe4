import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { tinycertCodes } from '../../src/faces/tinycert/codes.ts'
import { endpoints } from '../../src/faces/tinycert/endpoints/endpoints.ts'
import { member, query } from '../faces/tinycert/client.ts'
import { type Answer, TestService } from '../faces/tinycert/service.ts'
import '../support/seed.ts'

// 10,000 cases in all. Each must end in a success or a refusal with a code; a case that fails is shrunk and printed
// with its seed.
const service = await TestService.start(
  { after },
  { rates: { authorities: undefined, certificates: undefined } },
)
const alice = await service.connected('alice@example.test')
const bob = await service.connected('bob@example.test')
const ca = await alice.createAuthority()
const certificate = await alice.createCertificate(ca, { 'SANs[0][DNS]': 'a.example.test' })

const codes: readonly string[] = tinycertCodes

/** Success or a typed refusal in the form that was asked for. */
function assertTyped(answer: Answer, path: string): void {
  assert.ok(
    answer.status === 200 || (answer.status >= 400 && answer.status < 500),
    `${answer.status} ${answer.text}`,
  )
  let document: unknown
  if (String(answer.headers['content-type']).startsWith('application/xml')) {
    assert.equal(XMLValidator.validate(answer.text), true, answer.text)
    document = member(new XMLParser().parse(answer.text), 'error')
  } else {
    assert.equal(answer.headers['content-type'], 'application/json', path)
    document = answer.json()
  }
  if (answer.status === 200) return
  const code = member(document, 'code')
  assert.ok(typeof code === 'string' && codes.includes(code), answer.text)
  assert.notEqual(code, 'UnknownError')
}

const path = fc
  .tuple(fc.constantFrom(...endpoints.keys()), fc.constantFrom('', '', '.json', '.xml'))
  .map((parts) => parts.join(''))

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '',
    '0',
    '1',
    ca,
    certificate,
    '15',
    'NL',
    'us',
    'cert',
    'key.dec',
    'sha256',
    'good',
    'hold',
    'revoked',
  ),
  fc.constantFrom(
    '*.example.test',
    'xn--a',
    '::1',
    '1.2.3.4',
    'a@b.test',
    'example.com',
    '\u202e',
    '%00',
    '../..',
  ),
  fc.string({ unit: fc.constantFrom('a', '.', '-', '*'), maxLength: 5_000 }),
)

const name = fc.oneof(
  fc.constantFrom(
    'ca_id',
    'cert_id',
    'what',
    'status',
    'C',
    'CN',
    'O',
    'OU',
    'L',
    'ST',
    'hash_method',
    'email',
    'passphrase',
  ),
  fc
    .tuple(fc.nat({ max: 12 }), fc.constantFrom('DNS', 'IP', 'email', 'URI', 'dns', '__proto__', ''))
    .map(([index, type]) => `SANs[${index}][${type}]`),
  fc.constantFrom(
    'SANs',
    'SANs[]',
    'SANs[0]',
    'SANs[0][DNS][x]',
    '__proto__',
    'constructor[prototype]',
    'digest[0]',
    '][',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

test('arbitrary bytes as a body get a typed refusal', async () => {
  await fc.assert(
    fc.asyncProperty(path, fc.uint8Array({ maxLength: 2_000 }), async (endpoint, bytes) => {
      assertTyped(await service.send(endpoint, Buffer.from(bytes)), endpoint)
    }),
    { numRuns: 2_000 },
  )
})

test('form-like bytes get a typed refusal', async () => {
  const token = fc.constantFrom(
    '&',
    '=',
    '%',
    '+',
    '[',
    ']',
    '%5B',
    '%5D',
    '%00',
    '%ff',
    '%',
    'a',
    'token',
    'digest',
    'SANs',
    '0',
    'DNS',
  )
  await fc.assert(
    fc.asyncProperty(path, fc.array(token, { maxLength: 300 }), async (endpoint, parts) => {
      assertTyped(await service.send(endpoint, parts.join('')), endpoint)
    }),
    { numRuns: 2_000 },
  )
})

test('well-signed requests with arbitrary parameters succeed or get a typed refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Deleting the CA would leave nothing to try the rest on.
      path.filter((endpoint) => !/^(ca\/delete|disconnect)/.test(endpoint)),
      fc.array(fc.tuple(name, text), { maxLength: 12 }),
      fc.constantFrom(alice, bob),
      async (endpoint, parameters, tenant) => {
        const body = query({ ...Object.fromEntries(parameters), token: tenant.token })
        assertTyped(await tenant.signed(endpoint, body), endpoint)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('requests that are valid but for one parameter succeed or get a typed refusal', async () => {
  const valid = [
    ['ca/details', { ca_id: ca }],
    ['ca/get', { ca_id: ca, what: 'cert' }],
    ['ca/new', { C: 'NL', O: 'Example', hash_method: 'sha256' }],
    ['cert/list', { ca_id: ca, what: '1' }],
    ['cert/details', { cert_id: certificate }],
    ['cert/get', { cert_id: certificate, what: 'csr' }],
    ['cert/status', { cert_id: certificate, status: 'good' }],
    ['cert/new', { ca_id: ca, C: 'NL', CN: 'a.example.test', O: 'Example' }],
  ] as const
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...valid),
      name,
      text,
      async ([endpoint, parameters], changed, value) => {
        const body = query({ ...parameters, [changed]: value, token: alice.token })
        assertTyped(await alice.signed(endpoint, body), endpoint)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('arbitrary paths, methods and headers get a typed refusal', async () => {
  const segment = fc.string({
    unit: fc.constantFrom('a', '.a', '/', '_', '-', '~', 'connect', 'ca', 'cert', '.xml'),
    maxLength: 30,
  })
  const header = fc.string({
    unit: fc.constantFrom('a', ';', ',', '=', 'q', '/', 'ja', '*', ' ', '"'),
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(
      segment,
      fc.constantFrom('POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'),
      header,
      header,
      async (endpoint, method, language, type) => {
        const headers = { 'accept-language': language, 'content-type': `application/${type}` }
        assertTyped(await service.send(endpoint, 'token=x', headers, method), endpoint)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('after all of it the service still issues', async () => {
  await alice.connect()
  await alice.createCertificate(ca)
})
