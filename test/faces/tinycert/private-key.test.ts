import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { authorityId } from '../../../src/core/brand.ts'
import { issueCertificate } from '../../../src/core/certificates/issue.ts'
import { request } from '../../support/certification-requests.ts'
import { testCaller } from '../../support/installation.ts'
import { member, query } from './client.ts'
import { type Answer, codeOf, TestService } from './service.ts'

const service = await TestService.start({ after })
const alice = await service.connected('alice@example.test')
const bob = await service.connected('bob@example.test')
const ca = await alice.createAuthority()
const certificate = await alice.createCertificate(ca)
const keyItems = ['key.dec', 'key.enc', 'pkcs12']

/** Audit rows about an object, as `action reason`. */
async function told(object: string): Promise<string[]> {
  const events = await service.engine.store.read(function* (view) {
    const bodies: string[] = []
    for (const { chain } of yield* view.audit.heads()) {
      for (const event of yield* view.audit.page(chain, 0, 10_000)) bodies.push(event.body)
    }
    return bodies
  })
  return events
    .map((body): unknown => JSON.parse(body))
    .filter((event) => member(event, 'object') === object)
    .map((event) => `${member(event, 'action')} ${member(member(event, 'detail'), 'reason') ?? ''}`.trim())
}

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status)
  assert.equal(codeOf(answer), code)
  assert.deepEqual(Object.keys(Object(answer.json())), ['code', 'text'])
  assert.doesNotMatch(answer.text, /BEGIN/)
}

test('P20 every release of a private key is told to the audit log', async () => {
  for (const what of keyItems) await alice.expect('cert/get', { cert_id: certificate, what })
  for (const what of ['cert', 'chain', 'csr']) await alice.expect('cert/get', { cert_id: certificate, what })
  const events = await told(`certificate:${certificate}`)
  assert.equal(events.filter((event) => event === 'key.released').length, 3)
})

test("P20 another account's private key is refused and told to the audit log", async () => {
  const before = (await told(`certificate:${certificate}`)).length
  for (const what of keyItems) {
    assertRefused(await bob.call('cert/get', { cert_id: certificate, what }), 403, 'AccessDenied')
  }
  const events = (await told(`certificate:${certificate}`)).slice(before)
  assert.deepEqual(events, Array(3).fill('key.release-refused other-account'))
})

test('P20 a private key that was never kept here is refused and told to the audit log', async () => {
  const other = await service.connected('csr@example.test')
  const authority = await other.createAuthority()
  const issued = await issueCertificate(
    service.engine,
    {
      accountId: other.id,
      authorityId: authorityId(Number(authority)),
      origin: 'command-line',
      key: { from: 'request', csr: request() },
      names: [],
      subject: [{ type: '2.5.4.3', value: 'from a request', parameter: 'CN' }],
    },
    testCaller,
  )
  for (const what of keyItems) {
    assertRefused(await other.call('cert/get', { cert_id: String(issued.id), what }), 404, 'NotFound')
  }
  const events = await told(`certificate:${issued.id}`)
  assert.equal(events.filter((event) => event === 'key.release-refused not-kept').length, 3)
})

test('P20 a wrong passphrase opens no session and is told to the audit log', async () => {
  const { email } = alice.credentials
  const before = (await told(`account:${alice.id}`)).length
  assertRefused(
    await alice.signed('connect', query({ email, passphrase: 'wrong' })),
    403,
    'PassphraseFailure',
  )
  assert.deepEqual((await told(`account:${alice.id}`)).slice(before), ['login.refused passphrase'])
})
