import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { ensureTlsCertificate } from '../../../src/core/authorities/tls-certificate.ts'
import { createTenant } from '../../../src/core/identity/create-tenant.ts'
import { prefixes } from '../../../src/faces/one/api.ts'
import { PkijsPkcs12Builder } from '../../../src/keys/pkcs12.ts'
import { watchClientIssuers } from '../../../src/server/client-issuers.ts'
import { readConfiguration } from '../../../src/server/configuration/configuration.ts'
import { createMutualListener } from '../../../src/server/http/listener.ts'
import { createLog } from '../../../src/server/logging.ts'
import { oneFace } from '../../../src/server/one-face.ts'
import { httpRequest } from '../../support/http.ts'
import { testCaller } from '../../support/installation.ts'
import { openssl } from '../../support/openssl.ts'
import { testRandom } from '../../support/sealer.ts'
import { lastFirst } from '../../support/stores.ts'
import { temporaryFolder } from '../../support/tmp.ts'
import { csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const am = '/account/api/v1'
const day = 86_400_000

describe('login with a client certificate', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let address: string
  before(async () => {
    service = await TestService.start(scope)
    const { engine } = service
    const operator = await createTenant(
      engine,
      { email: 'operator@example.test', name: 'Operator' },
      testCaller,
    )
    await engine.store.write(function* (transaction) {
      yield* transaction.runtime.setSetting('operator-authority', String(operator.authorities.issuing.id))
    })
    tenant = await service.tenant()
    const tls = await ensureTlsCertificate(engine, ['localhost', '127.0.0.1'])
    const watch = await watchClientIssuers(engine)
    scope.after(() => watch.stop())
    const settings = readConfiguration({ data: temporaryFolder(scope) }, {})
    const log = createLog('error')
    const face = oneFace(
      { ...engine, settings: { ...engine.settings } },
      settings,
      new PkijsPkcs12Builder(testRandom),
    )
    const listener = createMutualListener(
      { settings, log, faces: [face], processes: 1 },
      { certificatePem: tls.chain, privateKeyPem: tls.key },
      watch.issuers,
    )
    scope.after(() => listener.close())
    await listener.listen({ host: '127.0.0.1', port: 0 })
    address = `https://127.0.0.1:${(listener.app.server.address() as AddressInfo).port}`
  })

  interface Shown {
    readonly id: string
    readonly cert: string
    readonly key: string
  }

  /** A client certificate over a key of the test's own. */
  async function shown(name: string, more: object = {}): Promise<Shown> {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const answer = await tenant.post(`${am}/client-auth-certificate`, {
      user_id: 'me',
      name,
      csr: csrPem(keys),
      ...more,
    })
    assert.equal(answer.status, 201, answer.text)
    const { id, certificate } = answer.json()
    return { id, cert: certificate, key: pkcs8(keys.privateKey) }
  }
  const call = (credentials: Partial<Shown>, headers: Record<string, string> = {}) => {
    const { cert, key } = credentials
    return httpRequest(`${address}${prefixes.account}/v1/user/me`, {
      // The clock of the service stands still, so its own certificate may lie in the future.
      headers,
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    })
  }

  test('a certificate alone logs its owner in, and is named in what it may', async () => {
    const answer = await call(await shown('laptop'))
    assert.equal(answer.status, 200, answer.text)
    assert.equal((answer.json() as { email: string }).email, 'ada@example.test')
  })

  test('PKCS#12 is delivered once with its password, and opens to a certificate that works', async () => {
    const answer = await tenant.post(`${am}/client-auth-certificate`, { user_id: 'me', name: 'desktop' })
    assert.equal(answer.status, 201, answer.text)
    const { id, pkcs12, pkcs12_password: password } = answer.json()
    const opened = await openssl(['pkcs12', '-nodes', '-passin', `pass:${password}`], {
      input: Buffer.from(pkcs12, 'base64'),
    })
    const pem = opened.text
    const key = pem.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/)?.[0]
    const cert = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/)?.[0]
    assert.ok(key && cert)
    assert.equal((await call({ cert, key })).status, 200)
    const details = await tenant.get(`${am}/client-auth-certificate/${id}`)
    assert.equal(details.text.includes('pkcs12'), false)
    const spkiDer = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
    const digest = createHash('sha256').update(spkiDer).digest()
    assert.equal(await service.engine.store.read((view) => view.keys.bySpkiDigest(digest)), undefined)
  })

  test('a certificate that names no user is of whoever asks, as is the list', async () => {
    const answer = await tenant.post(`${am}/client-auth-certificate`, { name: 'kiosk', csr: csrPem() })
    assert.equal(answer.status, 201, answer.text)
    const { id, user_id } = answer.json()
    assert.equal(user_id, (await tenant.get(`${am}/user/me`)).json().id)
    const listed = (await tenant.get(`${am}/client-auth-certificate`)).json()
    assert.ok(listed.some((each: { id: string }) => each.id === id))
  })

  test('no certificate, and one of another issuer, end the connection', async () => {
    await assert.rejects(call({}))
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const [profile] = (await tenant.get('/mpki/api/v2/profile')).json()
    const foreign = await tenant.post('/mpki/api/v1/certificate', {
      profile: { id: profile.id },
      seat: { seat_id: 'x' },
      csr: csrPem(keys),
      attributes: { subject: { common_name: 'a.example' } },
    })
    await assert.rejects(call({ cert: foreign.json().certificate, key: pkcs8(keys.privateKey) }))
  })

  test('one that is switched off is 401 in JSON until it is on again, one that is revoked for ever', async () => {
    const credentials = await shown('tablet')
    const url = `${am}/client-auth-certificate/${credentials.id}`
    assert.equal((await tenant.put(`${url}/enable`, { enabled: false })).status, 204)
    const answer = await call(credentials)
    assert.equal(answer.status, 401)
    assert.equal((answer.json() as { errors: { code: string }[] }).errors[0]?.code, 'invalid_api_key')
    assert.equal((await tenant.put(`${url}/enable`)).status, 204)
    assert.equal((await call(credentials)).status, 200)
    assert.equal((await tenant.delete(url)).status, 204)
    assert.equal((await call(credentials)).status, 401)
    assert.equal((await tenant.get(url)).json().status, 'disabled')
    assert.equal((await tenant.put(`${url}/enable`)).status, 409)
    assert.equal((await call(credentials)).status, 401)
  })

  test('a key may come with it, of the same account only', async () => {
    const credentials = await shown('both')
    assert.equal((await call(credentials, { 'x-api-key': tenant.key })).status, 200)
    assert.equal((await call(credentials, { 'x-api-key': 'wrong' })).status, 401)
    const other = await service.tenant('eve@example.test')
    assert.equal((await call(credentials, { 'x-api-key': other.key })).status, 401)
  })

  test('it works until 23:59:59 UTC of its last day, and of that of its owner', async () => {
    const start = service.engine.clock.now()
    const today = new Date(start).toISOString().slice(0, 10)
    const tomorrow = new Date(start + day).toISOString().slice(0, 10)
    const credentials = await shown('short', { end_date: today })
    const program = await tenant.program('dated', [], { end_date: today })
    const userId = (await program.get(`${am}/user/me`)).json().id
    const late = await tenant.post(`${am}/client-auth-certificate`, {
      user_id: userId,
      name: 'late',
      end_date: tomorrow,
    })
    assert.deepEqual([late.status, late.field], [400, 'end_date'])
    const owned = await shown('owned', { user_id: userId })
    const far = new Date(start + 2_000 * day).toISOString().slice(0, 10)
    const own = await tenant.post(`${am}/client-auth-certificate`, { name: 'far', end_date: far })
    assert.deepEqual([own.status, own.field], [400, 'end_date'])
    const lasting = await tenant.program('lasting', [], { end_date: far })
    const yearly = await shown('yearly', { user_id: (await lasting.get(`${am}/user/me`)).json().id })
    const inAYear = new Date(start + 365 * day).toISOString().slice(0, 10)
    assert.equal((await tenant.get(`${am}/client-auth-certificate/${yearly.id}`)).json().end_date, inAYear)
    service.engine.clock.time = Date.parse(`${today}T23:59:59.999Z`)
    assert.equal((await call(credentials)).status, 200)
    assert.equal((await call(owned)).status, 200)
    service.engine.clock.time = Date.parse(`${tomorrow}T00:00:00.000Z`)
    assert.equal((await call(credentials)).status, 401)
    assert.equal((await call(owned)).status, 401)
    service.engine.clock.time = start
  })

  test('a name that is taken is 409, and certificates of others are 404', async () => {
    const credentials = await shown('unique')
    const again = await tenant.post(`${am}/client-auth-certificate`, {
      user_id: 'me',
      name: 'UNIQUE',
      csr: csrPem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    })
    assert.deepEqual([again.status, again.code], [409, 'duplicate_error'])
    const other = await service.tenant('mallory@example.test')
    for (const answer of [
      await other.get(`${am}/client-auth-certificate/${credentials.id}`),
      await other.put(`${am}/client-auth-certificate/${credentials.id}/enable`, { enabled: false }),
      await other.delete(`${am}/client-auth-certificate/${credentials.id}`),
    ]) {
      assert.equal(answer.status, 404)
    }
    assert.equal((await call(credentials)).status, 200)
    const clerk = await tenant.program('clerk-two', ['AM_DEFAULT_USER'])
    assert.equal((await clerk.get(`${am}/client-auth-certificate/${credentials.id}`)).status, 403)
  })
})

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
