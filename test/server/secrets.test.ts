import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { credentialsOf, member, type Parameters, query, TinycertClient } from '../faces/tinycert/client.ts'
import { httpRequest } from '../support/http.ts'
import { chancery, startServer } from '../support/process.ts'

/** A secret in each form in which it could have been written. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ]
}

/** The private numbers of a key in PEM, in the forms of JSON Web Key, PEM and hex. */
function privateFormsOf(pem: string): readonly string[] {
  const { d = '', p = '' } = createPrivateKey(pem).export({ format: 'jwk' })
  const numbers = [d, p].filter((number) => number !== '')
  const hex = numbers.map((number) => Buffer.from(number, 'base64url').toString('hex'))
  const line = pem.split('\n')[2] ?? ''
  return [...numbers, ...hex, line]
}

test('P16 a full run at debug level leaves no secret in log, answers that refuse, metrics or audit', async (context) => {
  const server = await startServer(context, { processes: 2, args: ['--log-level', 'debug'] })
  const data = ['--data', server.dataFolder]
  const printed = await chancery(['account', 'create', '--email', 'p16@example.test', ...data, '--json'])
  const credentials = credentialsOf(printed.stdout)
  const client = new TinycertClient(`${server.https}/api/v1`, credentials)
  const shown: string[] = []
  const refused = async (endpoint: string, parameters: Parameters, apiKey?: string) => {
    const answer = await client.call(endpoint, parameters, apiKey === undefined ? {} : { apiKey })
    assert.notEqual(answer.status, 200, endpoint)
    shown.push(answer.text, JSON.stringify(answer.headers))
  }

  const token = await client.connect()
  const authority = { C: 'NL', O: 'Secrets', hash_method: 'sha256' }
  const ca_id = String(await client.expectId('ca/new', authority))
  const leaf = {
    ca_id,
    C: 'NL',
    O: 'Secrets',
    CN: 'secret.example.test',
    'SANs[0][DNS]': 'secret.example.test',
  }
  const cert_id = String(await client.expectId('cert/new', leaf))
  const item = async (what: string) => await client.expect('cert/get', { cert_id, what })
  const key = String(member(await item('key.dec'), 'pem'))
  const sealedKey = String(member(await item('key.enc'), 'pem'))
  const pkcs12 = String(member(await item('pkcs12'), 'pkcs12'))
  for (const endpoint of ['cert/reissue', 'cert/details']) await client.expect(endpoint, { cert_id })
  await client.expect('cert/status', { cert_id, status: 'revoked' }).catch(() => {})

  const { email, passphrase } = credentials
  for (const wrong of [
    query({ email, passphrase: `${passphrase}x` }),
    query({ email, passphrase, extra: passphrase }),
    query({ email: passphrase, passphrase: email }),
  ]) {
    shown.push((await client.send('connect', wrong)).text)
  }
  shown.push((await client.sendRaw('connect', `passphrase=${passphrase}&passphrase=${passphrase}`)).text)
  shown.push(
    (await httpRequest(`${server.http}/api/v1/connect?token=${token}&passphrase=${passphrase}`)).text,
  )
  // Whoever puts a secret into a parameter that is none reads it in his own answer, and nowhere else.
  for (const [endpoint, parameters] of [
    ['cert/get', { cert_id, what: passphrase }],
    ['cert/get', { cert_id: token, what: 'cert' }],
    ['ca/new', { C: passphrase, O: passphrase, hash_method: passphrase }],
    ['cert/new', { ...leaf, 'SANs[0][IP]': credentials.apiKey }],
  ] as const) {
    assert.equal((await client.call(endpoint, parameters)).status, 400)
  }
  await refused('ca/list', {}, `${credentials.apiKey}x`)

  const current = join(server.dataFolder, '..', 'current')
  const issued = await chancery(['issue', 'a.internal', '--out', current, ...data])
  assert.equal(issued.status, 0, issued.stderr)
  for (const command of [
    ['account', 'list'],
    ['cert', 'list'],
    ['ca', 'list'],
    ['recover'],
    ['master-key', 'rotate'],
  ]) {
    const { stdout, stderr } = await chancery([...command, ...data])
    shown.push(stdout, stderr)
  }
  await client.expect('disconnect')
  await refused('ca/list', {})
  for (const path of ['/metrics', '/readyz', '/docs'])
    shown.push((await httpRequest(`${server.http}${path}`)).text)
  process.kill((server.ready.processIds as readonly number[])[0] ?? -1, 'SIGTERM')
  assert.equal(await server.stop(), 0)

  const operator = JSON.parse(readFileSync(join(server.dataFolder, 'credentials.json'), 'utf8'))
  const secrets = new Map<string, readonly string[]>([
    ['passphrase', formsOf(passphrase)],
    ['TinyCert key', formsOf(credentials.apiKey)],
    ['API key', formsOf(String(member(JSON.parse(printed.stdout), 'api_key')).slice(27))],
    ['session token', formsOf(token)],
    ['subscriber key', privateFormsOf(key)],
    ['sealed subscriber key', [sealedKey.split('\n')[2] ?? '']],
    ['PKCS#12', [pkcs12.slice(100, 160)]],
    ['key of the command line', privateFormsOf(readFileSync(join(current, 'key.pem'), 'utf8'))],
    ['master key', [readFileSync(join(server.dataFolder, 'master.key'), 'utf8').trim().slice(-64)]],
    ["operator's passphrase", formsOf(operator.passphrase)],
    ["operator's TinyCert key", formsOf(operator.tinycert_api_key)],
    ["operator's API key", formsOf(operator.api_key.slice(27))],
  ])
  const audit = auditOf(server.dataFolder)
  assert.ok(
    audit.includes('certificate.issued') && server.output().includes('"level":"debug"'),
    'there is something to scan',
  )
  const places: readonly (readonly [string, string])[] = [
    ['log', server.output()],
    ['answers', shown.join('\n')],
    ['audit', audit],
  ]
  for (const [place, text] of places) {
    for (const [name, forms] of secrets) {
      for (const form of forms) {
        assert.ok(form.length >= 16, `${name} is long enough to be found by no accident`)
        const at = text.indexOf(form)
        assert.equal(at, -1, `${place} has the ${name}: …${text.slice(Math.max(0, at - 200), at)}<here>`)
      }
    }
  }
})

/** The bodies of every audit event. */
function auditOf(dataFolder: string): string {
  const database = new DatabaseSync(join(dataFolder, 'chancery.db'), { readOnly: true })
  try {
    return database
      .prepare('SELECT body FROM event')
      .all()
      .map(({ body }) => String(body))
      .join('\n')
  } finally {
    database.close()
  }
}
