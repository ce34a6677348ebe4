import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { httpStatusOf, type TinycertCode } from '../../../src/faces/tinycert/codes.ts'
import { member, type Parameters, query } from './client.ts'
import { type Answer, TestService } from './service.ts'

const service = await TestService.start({ after })
const alice = await service.connected('alice@example.test')
const bob = await service.connected('bob@example.test')
const ca = await alice.createAuthority()
const certificate = await alice.createCertificate(ca)

function assertError(answer: Answer, code: TinycertCode, named?: string): void {
  const document = answer.json()
  assert.equal(member(document, 'code'), code, answer.text)
  assert.equal(answer.status, httpStatusOf[code], answer.text)
  assert.deepEqual(Object.keys(Object(document)), ['code', 'text'])
  if (named !== undefined) assert.ok(answer.text.includes(named), `${answer.text} does not name ${named}`)
}

/** Parameters that succeed, in the order in which absent ones are reported. */
const valid: readonly (readonly [string, Parameters])[] = [
  ['disconnect', {}],
  ['ca/list', {}],
  ['ca/details', { ca_id: ca }],
  ['ca/get', { ca_id: ca, what: 'cert' }],
  ['ca/delete', { ca_id: ca }],
  ['ca/new', { C: 'NL', O: 'Example', hash_method: 'sha256' }],
  ['cert/list', { ca_id: ca, what: '15' }],
  ['cert/details', { cert_id: certificate }],
  ['cert/get', { cert_id: certificate, what: 'cert' }],
  ['cert/reissue', { cert_id: certificate }],
  ['cert/status', { cert_id: certificate, status: 'good' }],
  ['cert/new', { ca_id: ca, C: 'NL', CN: 'a.example.test', O: 'Example' }],
]

test('each required parameter that is absent is MissingParameter, by name', async () => {
  for (const [endpoint, parameters] of valid) {
    for (const name of Object.keys(parameters)) {
      const { [name]: _, ...rest } = parameters
      assertError(await alice.call(endpoint, rest), 'MissingParameter', name)
    }
    assertError(await alice.signed(endpoint, query(parameters)), 'MissingParameter', 'token')
  }
  for (const name of ['email', 'passphrase']) {
    const { [name]: _, ...rest } = { email: 'a@example.test', passphrase: 'b' } as Record<string, string>
    assertError(await alice.signed('connect', query(rest)), 'MissingParameter', name)
  }
})

test('each required parameter that is empty is InputFailure, by name', async () => {
  for (const [endpoint, parameters] of valid) {
    for (const name of Object.keys(parameters)) {
      assertError(await alice.call(endpoint, { ...parameters, [name]: '' }), 'InputFailure', name)
    }
  }
  assertError(await alice.signed('connect', query({ email: '', passphrase: 'b' })), 'InputFailure', 'email')
  assertError(
    await alice.signed('connect', query({ email: 'a@example.test', passphrase: '' })),
    'InputFailure',
    'passphrase',
  )
})

test('each required parameter with brackets is InputFailure or missing, by name', async () => {
  for (const [endpoint, parameters] of valid) {
    for (const name of Object.keys(parameters)) {
      const { [name]: value = '', ...rest } = parameters
      assertError(await alice.call(endpoint, { ...rest, [`${name}[x]`]: value }), 'InputFailure', name)
    }
  }
})

test('each required parameter that is repeated is InputFailure, by name', async () => {
  for (const [endpoint, parameters] of valid) {
    for (const [name, value] of Object.entries({ ...parameters, token: alice.token })) {
      const text = `${query({ token: alice.token, ...parameters })}&${query({ [name]: value })}`
      assertError(await alice.signed(endpoint, text), 'InputFailure', name)
    }
  }
})

test('values that are not valid are InputFailure, by name', async () => {
  const base = (endpoint: string): Parameters => valid.find(([each]) => each === endpoint)?.[1] ?? {}
  const long = (length: number) => 'x'.repeat(length)
  const cases: readonly (readonly [string, Parameters, string?])[] = [
    ...['us', 'USA', 'UK', 'N', '??', 'N L', 'nl'].flatMap((C) => [
      ['ca/new', { C }] as const,
      ['cert/new', { C }] as const,
    ]),
    ['ca/new', { hash_method: 'md5' }],
    ['ca/new', { hash_method: 'SHA256' }],
    ['ca/new', { hash_method: 'sha1' }],
    ['ca/new', { O: long(62) }],
    ['ca/new', { O: 'a\u0000b' }],
    ['ca/new', { O: 'a\u0007b' }],
    ['ca/new', { L: long(129) }],
    ['ca/new', { ST: 'a\nb' }],
    ['ca/get', { what: 'key' }],
    ['ca/get', { what: 'CERT' }],
    ...['abc', '-1', '1.5', '1e2', ' 1', '0x1', "1' OR '1", long(500)].flatMap((id) => [
      ['ca/details', { ca_id: id }] as const,
      ['cert/details', { cert_id: id }] as const,
    ]),
    ...['0', '16', '-1', 'all', '2.0', '00016', '1e1', '1000000000', long(300)].map(
      (what) => ['cert/list', { what }] as const,
    ),
    ['cert/get', { what: 'key' }],
    ['cert/get', { what: 'CERT' }],
    ['cert/get', { what: '__proto__' }],
    ['cert/get', { what: 'constructor' }],
    ['cert/status', { status: 'Good' }],
    ['cert/status', { status: 'suspended' }],
    ['cert/new', { O: long(65) }],
    ['cert/new', { OU: long(65) }],
    ['cert/new', { CN: long(65) }],
    ['cert/new', { CN: 'a\u0000b' }],
    ['cert/new', { CN: 'a\u001bb' }],
    ['cert/new', { 'OU[0]': 'x' }, 'OU'],
    ['cert/new', { SANs: '' }],
    ['cert/new', { SANs: 'a.example.test' }],
    ['cert/new', { 'SANs[0]': 'a.example.test' }],
    ['cert/new', { 'SANs[]': 'a.example.test' }],
    ['cert/new', { 'SANs[0][DNS]': '' }],
    ['cert/new', { 'SANs[0][dns]': 'a.example.test' }],
    ['cert/new', { 'SANs[0][Email]': 'a@example.test' }],
    ['cert/new', { 'SANs[0][RID]': '1.2.3' }],
    ['cert/new', { 'SANs[x][DNS]': 'a.example.test' }, 'SANs[x]'],
    ['cert/new', { 'SANs[0][DNS]': 'a..example.test' }],
    ['cert/new', { 'SANs[0][DNS]': 'a.*.example.test' }],
    ['cert/new', { 'SANs[0][DNS]': 'a_b.example.test' }],
    ['cert/new', { 'SANs[0][DNS]': '127.0.0.1' }],
    ['cert/new', { 'SANs[0][DNS]': `${long(64)}.test` }],
    ['cert/new', { 'SANs[0][IP]': '127.0.0.256' }],
    ['cert/new', { 'SANs[0][IP]': 'localhost' }],
    ['cert/new', { 'SANs[0][email]': 'alice' }],
    ['cert/new', { 'SANs[0][URI]': 'a\u0001b' }],
    ['cert/new', { 'SANs[2][DNS]': 'ok.example.test', 'SANs[7][IP]': 'x' }, 'SANs[7][IP]'],
  ]
  for (const [endpoint, change, named] of cases) {
    const [name = ''] = Object.keys(change)
    assertError(await alice.call(endpoint, { ...base(endpoint), ...change }), 'InputFailure', named ?? name)
  }
})

test('an optional parameter that is empty counts as not given', async () => {
  const id = await alice.createCertificate(ca, { OU: '', L: '', ST: '' })
  assert.equal(member(await alice.expect('cert/details', { cert_id: id }), 'OU'), '')
})

test('unknown parameters are ignored', async () => {
  const id = await alice.createCertificate(ca, { price: '0', status: 'revoked', 'x[y][z]': '1' })
  assert.equal(member(await alice.expect('cert/details', { cert_id: id }), 'status'), 'good')
  const made = await alice.call('ca/new', { C: 'NL', O: 'Example', hash_method: 'sha256', SANs: '' })
  assert.equal(made.status, 200)
})

test('two hundred and fifty alternative names are accepted and one more is refused', async () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`SANs[${index}][DNS]`, `h${index}.test`]))
  await alice.createCertificate(ca, names(250))
  const parameters = { ca_id: ca, C: 'NL', CN: 'a', O: 'Example', ...names(251) }
  assertError(await alice.call('cert/new', parameters), 'InputFailure', 'SANs')
})

test('P12 P19 identifiers of nothing are NotFound, of another account AccessDenied', async () => {
  for (const [endpoint, parameters] of valid) {
    for (const name of ['ca_id', 'cert_id'].filter((each) => each in parameters)) {
      for (const id of ['0', '2147483647', '2147483648', '99999999999999999999']) {
        assertError(await alice.call(endpoint, { ...parameters, [name]: id }), 'NotFound')
      }
      assertError(await bob.call(endpoint, parameters), 'AccessDenied')
    }
  }
})

test('the certificate of a CA is no certificate of this API', async () => {
  const fresh = await service.connected('fresh@example.test')
  const authority = await fresh.createAuthority()
  const first = Number(await fresh.createCertificate(authority))
  for (const id of [first - 1, first + 1]) {
    assertError(await fresh.call('cert/details', { cert_id: String(id) }), 'NotFound')
  }
})

test('P11 a digest that is wrong, missing, short or repeated gets one generic refusal', async () => {
  const text = query({ token: alice.token })
  const wrong = '0'.repeat(64)
  const answers = await Promise.all([
    service.send('ca/list', text),
    service.send('ca/list', `${text}&digest=`),
    service.send('ca/list', `${text}&digest=${wrong}`),
    service.send('ca/list', `${text}&digest=${wrong.slice(1)}`),
    service.send('ca/list', `${text}&digest=${wrong}0`),
    service.send('ca/list', `${text}&digest=${'x'.repeat(64)}`),
    service.send('ca/list', `${text}&digest=${wrong}&digest=${wrong}`),
    bob.signed('ca/list', text),
  ])
  for (const answer of answers) {
    assertError(answer, 'SignatureFailure')
    assert.equal(answer.text, answers[0]?.text)
  }
})

test('at /connect a malformed digest is SignatureFailure and a wrong one ApiKeyMismatch', async () => {
  const { email, passphrase } = alice.credentials
  const text = query({ email, passphrase })
  assertError(await service.send('connect', text), 'SignatureFailure')
  assertError(await service.send('connect', `${text}&digest=12`), 'SignatureFailure')
  assertError(await service.send('connect', `${text}&digest=${'0'.repeat(64)}`), 'ApiKeyMismatch')
  assertError(await bob.signed('connect', text), 'ApiKeyMismatch')
})

test('checks come in the order of the contract: each request breaks all later ones too', async () => {
  const key = alice.credentials.apiKey
  assert.ok(key !== '')
  const unsigned = (endpoint: string, text: string) => service.send(endpoint, text)
  // /connect: presence, digest form, account, digest, passphrase.
  assertError(await unsigned('connect', 'email=nobody%40example.test'), 'MissingParameter', 'passphrase')
  assertError(
    await unsigned('connect', query({ email: 'nobody@example.test', passphrase: 'x' })),
    'SignatureFailure',
  )
  const nobody = `${query({ email: 'nobody@example.test', passphrase: 'x' })}&digest=${'0'.repeat(64)}`
  assertError(await unsigned('connect', nobody), 'AccountNotFound')
  const mismatch = `${query({ email: alice.credentials.email, passphrase: 'x' })}&digest=${'0'.repeat(64)}`
  assertError(await unsigned('connect', mismatch), 'ApiKeyMismatch')
  assertError(
    await alice.signed('connect', query({ email: alice.credentials.email, passphrase: 'x' })),
    'PassphraseFailure',
  )
  // The others: token there, token known, digest, presence, values, object, owner.
  assertError(await unsigned('cert/new', 'C=us'), 'MissingParameter', 'token')
  assertError(await unsigned('cert/new', `C=us&token=${'0'.repeat(64)}`), 'InvalidToken')
  assertError(await unsigned('cert/new', `C=us&token=${bob.token}`), 'SignatureFailure')
  assertError(await bob.call('cert/new', { C: 'us', ca_id: 'x' }), 'MissingParameter', 'CN')
  const both = { ca_id: ca, C: 'NL', CN: 'a', O: 'o', 'SANs[0][IP]': 'x' }
  assertError(await bob.call('cert/new', { ...both, ca_id: '2147483647' }), 'InputFailure', 'SANs[0][IP]')
  assertError(await bob.call('cert/new', both), 'InputFailure', 'SANs[0][IP]')
  assertError(await bob.call('cert/new', { ...both, 'SANs[0][IP]': '::1' }), 'AccessDenied')
  assertError(await bob.call('cert/get', { cert_id: certificate, what: 'x' }), 'InputFailure', 'what')
  assertError(await bob.call('cert/status', { cert_id: certificate, status: 'obsolete' }), 'AccessDenied')
  assertError(await bob.call('cert/list', { ca_id: ca, what: '99' }), 'InputFailure', 'what')
})

test('a body that cannot be read is refused before anything else is looked at', async () => {
  assertError(await service.send('ca/list', 'token=%zz'), 'InputFailure', 'token')
  assertError(await service.send('ca/list', 'token=%ff'), 'InputFailure', 'token')
  assertError(await service.send('ca/list', 'a[b][c][d]=1'), 'InputFailure', 'a[b][c][d]')
  const pairs = Array.from({ length: 1_001 }, (_, index) => `p${index}=1`).join('&')
  assertError(await service.send('ca/list', pairs), 'InputFailure', '1,000')
})

test('P18 names of inherited members are plain data', async () => {
  const hostile = '__proto__[token]=x&constructor[prototype][admin]=1&toString=1'
  assertError(await service.send('ca/list', hostile), 'MissingParameter', 'token')
  const text = `${query({ token: alice.token })}&${hostile}`
  assert.equal((await alice.signed('ca/list', text)).status, 200)
  assert.equal(Reflect.get({}, 'admin'), undefined)
  assertError(
    await alice.call('cert/new', { ca_id: ca, C: 'NL', CN: 'a', O: 'o', 'SANs[0][__proto__]': 'x' }),
    'InputFailure',
  )
  assertError(await service.send('__proto__', ''), 'NotFound')
  assertError(await service.send('constructor', ''), 'NotFound')
})
