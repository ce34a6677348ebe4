import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { exchangeRaw, httpRequest } from '../../support/http.ts'
import { openssl, opensslMissing } from '../../support/openssl.ts'
import { createDatabase, postgresMissing } from '../../support/postgres.ts'
import { chancery, type RunningServer, startServer } from '../../support/process.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'
import { credentialsOf, member, query, sign, TinycertClient } from './client.ts'

// The program itself with two request loops: what one loop did, the other has to know.
const configuration = join(temporaryFolder({ after }, 'configuration'), 'config.yaml')
writeFileSync(configuration, 'rates:\n  tinycert:\n    authorities: 3/10m\n    certificates: 6/10m\n')
const authority = { C: 'NL', O: 'Example', hash_method: 'sha256' }

async function connected(
  server: RunningServer,
  email: string,
  location: readonly string[] = [],
): Promise<TinycertClient> {
  const create = ['account', 'create', '--email', email, '--data', server.dataFolder, '--json', ...location]
  const { status, stdout, stderr } = await chancery(create)
  assert.equal(status, 0, stderr)
  const client = new TinycertClient(`${server.http}/api/v1`, credentialsOf(stdout))
  await client.connect()
  return client
}

for (const [store, skip, locate] of [
  ['SQLite', false, async () => []],
  ['PostgreSQL', postgresMissing, async (scope: Scope) => ['--database-url', await createDatabase(scope)]],
] as const) {
  test(`on ${store} a session works on every request loop and after a restart, and ends on all`, {
    skip,
  }, async (context) => {
    const location = await locate(context)
    const options = { processes: 2, args: ['--config', configuration, ...location] }
    const first = await startServer(context, options)
    const client = await connected(first, 'loops@example.test', location)
    const list = () => Promise.all(Array.from({ length: 12 }, () => client.call('ca/list')))
    assert.deepEqual(new Set((await list()).map(({ status }) => status)), new Set([200]))
    assert.equal(await first.stop(), 0)
    const { dataFolder, ports } = first
    const second = await startServer(context, { ...options, dataFolder, ports })
    assert.deepEqual(new Set((await list()).map(({ status }) => status)), new Set([200]))
    await client.expect('disconnect')
    assert.deepEqual(
      new Set((await list()).map((answer) => member(answer.json(), 'code'))),
      new Set(['InvalidToken']),
    )
    await second.stop()
  })

  test(`X7 on ${store} limits are exact over all request loops; other accounts are unaffected`, {
    skip,
  }, async (context) => {
    const location = await locate(context)
    const server = await startServer(context, {
      processes: 2,
      args: ['--config', configuration, ...location],
    })
    const client = await connected(server, 'fast@example.test', location)
    const other = await connected(server, 'slow@example.test', location)
    const ca_id = String(await client.expectId('ca/new', authority))
    const certificate = { ca_id, C: 'NL', CN: 'a.example.test', O: 'Example' }
    const made = await Promise.all(Array.from({ length: 16 }, () => client.call('cert/new', certificate)))
    assert.equal(made.filter(({ status }) => status === 200).length, 6)
    for (const answer of made.filter(({ status }) => status !== 200)) {
      assert.equal(answer.status, 429, answer.text)
      assert.equal(member(answer.json(), 'code'), 'RateLimitExceeded')
      const seconds = Number(answer.headers['retry-after'])
      assert.ok(seconds >= 1 && seconds <= 600, String(answer.headers['retry-after']))
    }
    const authorities = await Promise.all(Array.from({ length: 6 }, () => client.call('ca/new', authority)))
    assert.equal(authorities.filter(({ status }) => status === 200).length, 2)
    await other.expectId('ca/new', authority)
    await server.stop()
  })
}

const server = await startServer({ after }, { processes: 2, args: ['--config', configuration] })

test('X5 200 parallel logins with a wrong passphrase leave issuing and status untouched', {
  skip: opensslMissing,
}, async () => {
  const client = await connected(server, 'victim@example.test')
  const issuer = await connected(server, 'issuer@example.test')
  const ca_id = String(await issuer.expectId('ca/new', authority))
  const issue = async () => {
    const parameters = { ca_id, C: 'NL', CN: 'a.example.test', O: 'Example' }
    const cert_id = String(await issuer.expectId('cert/new', parameters))
    return String(member(await issuer.expect('cert/get', { cert_id, what: 'chain' }), 'pem'))
  }
  const ask = (chain: string) => ocspAnswer(chain, `${server.http}/ocsp/${ca_id}`)
  const issueAndAsk = async () => ask(await issue())
  const first = await issue()
  // The CA's OCSP signer is made in the background.
  for (let tries = 0; tries < 120 && (await ask(first)) === 'trylater'; tries++) await delay(1_000)
  const text = query({ email: 'victim@example.test', passphrase: 'a wrong passphrase' })
  const logins = Promise.all(Array.from({ length: 200 }, () => client.send('connect', text)))
  assert.equal(await issueAndAsk(), 'good')
  assert.equal(await issueAndAsk(), 'good')
  const answers = await logins
  for (const answer of answers) {
    const code = member(answer.json(), 'code')
    assert.ok(code === 'PassphraseFailure' || code === 'RateLimitExceeded', answer.text)
    if (code === 'RateLimitExceeded') assert.ok(Number(answer.headers['retry-after']) >= 1)
  }
  const refused = answers.filter(({ status }) => status === 429).length
  assert.ok(refused > 150, String(refused))
})

test('X3 a compressed body is refused with 415 in the form of this API', async () => {
  const body = Buffer.from(sign('token=x', 'key'))
  for (const [coding, compressed] of [
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
  ] as const) {
    const answer = await httpRequest(`${server.http}/api/v1/ca/list`, {
      body: compressed,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': coding },
    })
    assert.equal(answer.status, 415, coding)
    assert.equal(member(answer.json(), 'code'), 'InputFailure')
  }
})

test('the first line of an answer is its only status line, also when the client expects 100', async () => {
  const head = [
    'POST /api/v1//connect HTTP/1.1',
    'Host: localhost',
    'Expect: 100-continue',
    'Content-Type: application/x-www-form-urlencoded',
    'Content-Length: 3',
    'Connection: close',
  ]
  const { answer } = await exchangeRaw(server.http, `${head.join('\r\n')}\r\n\r\na=1`)
  const [first, body] = answer.split('\r\n\r\n')
  assert.match(first ?? '', /^HTTP\/1\.1 400 /)
  assert.match(body ?? '', /^\{"code":"MissingParameter"/)
})

/** What openssl says of the first certificate of a chain, asking for it below the second. */
async function ocspAnswer(chain: string, url: string): Promise<string | undefined> {
  const [leaf = '', issuer = ''] = chain.split(/(?<=-----END CERTIFICATE-----\n)/)
  const command = ['ocsp', '-issuer', 'ca.pem', '-cert', 'cert.pem', '-CAfile', 'ca.pem', '-url', url]
  const { text, stderr } = await openssl(command, { files: { 'ca.pem': issuer, 'cert.pem': leaf } })
  return /cert\.pem: (\w+)|Responder Error: (\w+)/
    .exec(text + stderr)
    ?.slice(1)
    .find(Boolean)
}
