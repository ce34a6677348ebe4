import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { endpoints } from '../../../src/faces/tinycert/endpoints/endpoints.ts'
import { encode, member, query, sign } from './client.ts'
import { codeOf, TestService } from './service.ts'

const service = await TestService.start({ after })
const alice = await service.connected('alice@example.test')

test('there are 13 endpoints, each with and without suffix and with repeated slashes', async () => {
  assert.equal(endpoints.size, 13)
  for (const path of endpoints.keys()) {
    for (const written of [path, `${path}.json`, `/${path}`, `//${path.replace('/', '//')}`]) {
      const answer = await service.send(written, '')
      assert.equal(codeOf(answer), 'MissingParameter', written)
      assert.equal(answer.headers['content-type'], 'application/json', written)
    }
    const xml = await service.send(`${path}.xml`, '')
    assert.equal(xml.headers['content-type'], 'application/xml; charset=utf-8', path)
    assert.match(
      xml.text,
      /^<\?xml[^>]+>\n<error><code>MissingParameter<\/code><text>[^<]+<\/text><\/error>$/,
    )
  }
})

test('a path that is no endpoint is NotFound, quoted in the text', async () => {
  for (const path of [
    '',
    'ca',
    'ca/list/x',
    'CA/list',
    'connect.txt',
    'connect.xml.json',
    'ca%2Flist%00',
    'é',
  ]) {
    const answer = await service.send(path, '')
    assert.equal(answer.status, 404, path)
    assert.equal(codeOf(answer), 'NotFound', path)
  }
  const bare = await service.inject({ method: 'POST', url: '/api/v1' })
  assert.equal(bare.statusCode, 404)
})

test('any method but POST is MethodDisallowed with status 400, before the path is looked at', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const) {
    for (const path of ['connect', 'ca/list.json', 'no/such/path']) {
      const answer = await service.send(path, '', {}, method)
      assert.equal(answer.status, 400, `${method} ${path}`)
      assert.equal(codeOf(answer), 'MethodDisallowed')
    }
  }
  assert.equal((await service.send('connect', '', {}, 'HEAD')).status, 400)
  const odd = await service.inject({ method: 'GET', url: '/api/v1' })
  assert.equal(member(odd.json(), 'code'), 'MethodDisallowed')
})

test('only the media type of a form is read, whatever its parameters and letter case', async () => {
  const body = sign(query({ token: alice.token }), alice.credentials.apiKey)
  for (const type of [
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-URLEncoded ;charset="UTF-8"',
  ]) {
    assert.equal((await service.send('ca/list', body, { 'content-type': type })).status, 200, type)
  }
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'nonsense',
    'a/b/c',
  ]) {
    const answer = await service.send('ca/list', body, { 'content-type': type })
    assert.equal(answer.status, 400, type)
    assert.equal(codeOf(answer), 'InputFailure', type)
  }
})

test('X2 a body over the limit is refused with 413 and one at the limit is read', async () => {
  const base = `${query({ token: alice.token })}&padding=`
  const padded = (length: number) => {
    const room = length - base.length - '&digest='.length - 64
    return sign(base + 'x'.repeat(room), alice.credentials.apiKey)
  }
  assert.equal((await service.send('ca/list', padded(64 * 1024))).status, 200)
  const answer = await service.send('ca/list', padded(64 * 1024 + 1))
  assert.equal(answer.status, 413)
  assert.equal(codeOf(answer), 'InputFailure')
})

test('parameters in the address are not parameters', async () => {
  const body = sign(query({ token: alice.token }), alice.credentials.apiKey)
  assert.equal((await service.send('ca/list?token=x&ca_id=1', body)).status, 200)
  assert.equal(codeOf(await service.send(`ca/list?token=${alice.token}`, '')), 'MissingParameter')
})

test('answers are never stored by caches', async () => {
  assert.equal((await alice.call('ca/list')).headers['cache-control'], 'no-store')
  assert.equal((await service.send('ca/list', '')).headers['cache-control'], 'no-store')
})

test('errors are told in the language asked for, named in the header', async () => {
  const japanese = await service.send('ca/list', '', { 'accept-language': 'ja,en;q=0.5' })
  assert.match(japanese.text, /必須/)
  assert.match(japanese.text, /token/)
  assert.equal(japanese.headers['content-language'], 'ja')
  assert.equal(japanese.headers.vary, 'accept-language')
  const english = await service.send('ca/list', '', { 'accept-language': 'fr, en;q=0.1' })
  assert.match(english.text, /Parameter token is required\./)
  assert.equal(english.headers['content-language'], 'en')
  const xml = await service.send('ca/list.xml', '', { 'accept-language': 'ja' })
  assert.match(xml.text, /必須/)
})

test('XML answers are well-formed and hold what the JSON ones hold', async () => {
  const O = `Smith & <Sons> "ltd" 'x' 株式会社`
  const ca = await alice.createAuthority({ O: 'Plain' })
  const cert = await alice.createCertificate(ca, {
    O,
    CN: 'ü & co',
    'SANs[0][DNS]': 'a.test',
    'SANs[1][IP]': '::1',
  })
  const parse = async (endpoint: string, parameters: Record<string, string>): Promise<unknown> => {
    const answer = await alice.call(endpoint, parameters)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(XMLValidator.validate(answer.text), true, answer.text)
    return member(new XMLParser().parse(answer.text), 'response')
  }
  const details = await parse('cert/details.xml', { cert_id: cert })
  assert.equal(member(details, 'O'), O)
  assert.equal(member(details, 'CN'), 'ü & co')
  assert.deepEqual(member(details, 'Alt'), { DNS: 'a.test', IP: '::1' })
  assert.equal(member(details, 'id'), Number(cert))
  const list = await parse('cert/list.xml', { ca_id: ca, what: '15' })
  assert.equal(member(member(list, 'cert'), 'name'), 'ü & co')
  assert.equal(await parse('cert/status.xml', { cert_id: cert, status: 'good' }), '')
  const pem = member(await parse('cert/get.xml', { cert_id: cert, what: 'cert' }), 'pem')
  assert.match(String(pem), /BEGIN CERTIFICATE/)
})

test('clients of each encoder reach the same account, and the vendor library writes two slashes', async () => {
  const encoders: readonly ((text: string) => string)[] = [
    encode,
    (text) => encodeURIComponent(text).replace('%20', '+'),
    (text) => encode(text).replaceAll('%7E', '~'),
    (text) => encode(text).replaceAll('%2A', '*'),
    (text) => encode(text).replace(/%(2A|21|28|29)/g, (escaped) => decodeURIComponent(escaped)),
    (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  ]
  const email = 'encoder@example.test'
  const tenant = await service.createAccount(email)
  for (const write of encoders) {
    const text = `email=${write(email)}&passphrase=${write(tenant.credentials.passphrase)}`
    const answer = await tenant.signed('/connect', text)
    assert.equal(answer.status, 200, text)
  }
})

test('bodies and answers may hold any language', async () => {
  const ca = await alice.createAuthority({ O: '例え株式会社', L: 'Zürich' })
  assert.equal(member(await alice.expect('ca/details', { ca_id: ca }), 'CN'), '例え株式会社 CA')
})
