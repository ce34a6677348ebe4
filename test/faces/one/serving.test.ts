import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type HttpOptions, httpRequest } from '../../support/http.ts'
import { chancery, freePort, logLine, startServer } from '../../support/process.ts'
import { lastFirst } from '../../support/stores.ts'
import { csrPem } from './requests.ts'

test('the program serves the DigiCert ONE APIs, over HTTP and to client certificates on a listener of their own', async (context) => {
  const scope = lastFirst(context)
  const clientauth = await freePort()
  const server = await startServer(scope, { args: ['--clientauth-listen', `127.0.0.1:${clientauth}`] })
  const made = await chancery([
    'account',
    'create',
    '--email',
    'ada@harbour.example',
    '--name',
    'Harbour',
    '--json',
    '--data',
    server.dataFolder,
  ])
  assert.equal(made.status, 0, made.stderr)
  const { api_key: key } = JSON.parse(made.stdout)
  const call = async (url: string, options: HttpOptions = {}) =>
    httpRequest(url.startsWith('https:') ? url : server.http + url, {
      ...options,
      headers: {
        'x-api-key': key,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
    })

  const hello = await call('/mpki/api/v1/hello')
  assert.equal(hello.text, 'Hello from DigiCert ONE - Trust Lifecycle Manager REST API!')
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared member by member
  const json = (answer: { json(): unknown }) => answer.json() as any
  const profiles = json(await call('/mpki/api/v2/profile'))
  assert.deepEqual(
    profiles.map((each: { private_key_attributes: object }) => each.private_key_attributes),
    [{ key_size: 'P-256' }, { key_size: '2048' }],
  )

  const body = JSON.stringify({
    profile: { id: profiles[0].id },
    seat: { seat_id: 'pump' },
    csr: csrPem(),
    attributes: { subject: { common_name: 'pump.harbour.example' } },
  })
  const issued = await call('/mpki/api/v1/certificate', { body })
  assert.equal(issued.status, 201, issued.text)
  assert.match(String(issued.headers['ratelimit-policy']), /"w1";q=100;w=5, "w2";q=1000;w=180/)
  const serial = json(issued).serial_number
  assert.equal(json(await call(`/mpki/api/v1/certificate/${serial}`)).status, 'issued')

  const large = await call('/mpki/api/v1/certificate', { body: JSON.stringify({ csr: 'x'.repeat(100_000) }) })
  assert.equal(large.status, 413)
  assert.equal(json(large).errors[0].code, 'request_too_large')
  assert.equal(json(large).request_id, large.headers['x-request-id'])
  const coded = await call('/mpki/api/v1/certificate', { body, headers: { 'content-encoding': 'gzip' } })
  assert.deepEqual([coded.status, json(coded).errors[0].code], [415, 'unsupported_media_type'])

  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await call('/account/api/v1/client-auth-certificate', {
    body: JSON.stringify({ user_id: 'me', name: 'laptop', csr: csrPem(keys) }),
  })
  assert.equal(certificate.status, 201, certificate.text)
  const me = await httpRequest(`https://127.0.0.1:${clientauth}/account/api/v1/user/me`, {
    cert: json(certificate).certificate,
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  })
  assert.deepEqual([me.status, json(me).email], [200, 'ada@harbour.example'])
  await assert.rejects(
    httpRequest(`https://127.0.0.1:${clientauth}/account/api/v1/user/me`, { headers: { 'x-api-key': key } }),
  )

  const stranger = await call('/mpki/api/v1/hello', {
    headers: { 'x-api-key': 'none', 'x-dc-transactionid': 'quay-4710' },
  })
  assert.equal(stranger.status, 401)

  const maintenance = async (...command: string[]) => {
    const done = await chancery(['maintenance', ...command, '--data', server.dataFolder])
    assert.equal(done.status, 0, done.stderr)
  }
  await maintenance('on', '--for', '10m', '--message', 'new quay')
  const named = { headers: { 'x-dc-transactionid': 'quay-4711' } }
  let closed = await call('/mpki/api/v1/hello', named)
  for (let times = 0; closed.status === 200 && times < 300; times++) {
    await delay(200)
    closed = await call('/mpki/api/v1/hello', named)
  }
  assert.deepEqual([closed.status, json(closed).code], [503, 'service_unavailable'])
  assert.match(json(closed).message, / The operator says: new quay$/)
  assert.match(String(closed.headers['retry-after']), /^[1-9]\d*$/)
  assert.equal(closed.headers['x-dc-transactionid'], 'quay-4711')
  const health = await call('/certificate-authority/api/v1/health')
  assert.deepEqual([health.status, json(health)], [200, { status: 'UP' }])
  assert.equal((await call('/mpki/api/v1/health/extensive')).text, 'UP')
  await maintenance('off')

  const explained = await chancery(['explain', 'version_conflict', '--face', 'one', '--lang', 'ja'])
  assert.match(explained.stdout, /If-Match/)
  const page = await call('/docs/errors/one/invalid_api_key')
  assert.equal(page.status, 200)
  assert.equal(await server.stop(), 0)
  const told = server
    .output()
    .split('\n')
    .map(logLine)
    .find((line) => line?.transactionId === 'quay-4710')
  assert.deepEqual([told?.requestId, told?.status], [json(stranger).request_id, 401])
})
