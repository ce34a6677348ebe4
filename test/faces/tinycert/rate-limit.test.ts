import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadAccount } from '../../../src/core/accounts/load-account.ts'
import { acceptClockStep } from '../../../src/core/clock-step.ts'
import { creationState } from '../../../src/core/limits/limit-state.ts'
import { signingClockJob } from '../../../src/jobs/housekeeping.ts'
import { testCaller } from '../../support/installation.ts'
import { type Answer, codeOf, type Tenant, TestService } from './service.ts'

const minute = 60_000
const rates = {
  authorities: { limit: 3, windowMs: 5 * minute },
  certificates: { limit: 4, windowMs: 5 * minute },
}
const authority = { C: 'NL', O: 'Example', hash_method: 'sha256' }
const certificate = (ca: string) => ({ ca_id: ca, C: 'NL', CN: 'a.example.test', O: 'Example' })

function assertExceeded(answer: Answer, retryAfterSeconds: number): void {
  assert.equal(answer.status, 429, answer.text)
  assert.equal(codeOf(answer), 'RateLimitExceeded')
  assert.equal(answer.headers['retry-after'], String(retryAfterSeconds))
}

test('X7 one past the limit is refused with the honest Retry-After; other accounts are unaffected', async (context) => {
  const service = await TestService.start(context, { rates })
  const alice = await service.connected('alice@example.test')
  const bob = await service.connected('bob@example.test')
  for (let count = 0; count < 3; count++) {
    assert.equal((await alice.call('ca/new', authority)).status, 200)
    service.advance(minute)
  }
  assertExceeded(await alice.call('ca/new', authority), 120)
  assert.equal((await bob.call('ca/new', authority)).status, 200)
  service.advance(2 * minute - 1_000)
  assertExceeded(await alice.call('ca/new', authority), 1)
  service.advance(1_000)
  assert.equal((await alice.call('ca/new', authority)).status, 200)
  assertExceeded(await alice.call('ca/new', authority), 60)
})

test('X7 /cert/new and /cert/reissue share one limit, /ca/new has its own', async (context) => {
  const service = await TestService.start(context, { rates })
  const alice = await service.connected('alice@example.test')
  const ca = await alice.createAuthority()
  const first = await alice.createCertificate(ca)
  await alice.createCertificate(ca)
  const second = await alice.reissue(first)
  await alice.reissue(second)
  assertExceeded(await alice.call('cert/new', certificate(ca)), 300)
  assertExceeded(await alice.call('cert/reissue', { cert_id: await latest(alice, ca) }), 300)
  assert.equal((await alice.call('ca/new', authority)).status, 200)
})

test('X7 calls that fail do not count', async (context) => {
  const service = await TestService.start(context, { rates })
  const alice = await service.connected('alice@example.test')
  const ca = await alice.createAuthority()
  for (let count = 0; count < 10; count++) {
    assert.equal((await alice.call('ca/new', { ...authority, C: 'us' })).status, 400)
    assert.equal((await alice.call('cert/new', { ...certificate(ca), 'SANs[0][IP]': 'x' })).status, 400)
    assert.equal((await alice.call('cert/new', certificate('2147483647'))).status, 404)
    assert.equal((await alice.call('cert/reissue', { cert_id: '2147483647' })).status, 404)
  }
  for (let count = 0; count < 4; count++) await alice.createCertificate(ca)
  assertExceeded(await alice.call('cert/new', certificate(ca)), 300)
})

test('X7 what was deleted still counts', async (context) => {
  const service = await TestService.start(context, { rates })
  const alice = await service.connected('alice@example.test')
  for (let count = 0; count < 3; count++) {
    const ca = await alice.createAuthority()
    await alice.createCertificate(ca)
    await alice.expect('ca/delete', { ca_id: ca })
  }
  assertExceeded(await alice.call('ca/new', authority), 300)
})

test('X7 calls at the same moment never exceed the limit', async (context) => {
  const service = await TestService.start(context, { rates })
  const alice = await service.connected('alice@example.test')
  const ca = await alice.createAuthority()
  const made = await Promise.all(Array.from({ length: 20 }, () => alice.call('cert/new', certificate(ca))))
  assert.equal(made.filter(({ status }) => status === 200).length, 4)
  for (const answer of made.filter(({ status }) => status !== 200)) assertExceeded(answer, 300)
  const authorities = await Promise.all(Array.from({ length: 10 }, () => alice.call('ca/new', authority)))
  assert.equal(authorities.filter(({ status }) => status === 200).length, 2)
})

test('X7 a limit that was lowered tells when enough will have left the window', async (context) => {
  const service = await TestService.start(context, {
    rates: { authorities: undefined, certificates: undefined },
  })
  const alice = await service.connected('alice@example.test')
  const ca = await alice.createAuthority()
  for (let count = 0; count < 6; count++) {
    await alice.createCertificate(ca)
    service.advance(30_000)
  }
  const lowered = alice.at(await service.withRates(context, rates))
  // Two minutes and a half ago the third was made; when it has left the window three remain.
  assertExceeded(await lowered.call('cert/new', certificate(ca)), 180)
})

test('X7 what was created while the clock ran ahead does not count once it was put right', async (context) => {
  const service = await TestService.start(context, { rates })
  const year = 365 * 24 * 60 * minute
  const alice = await service.connected('alice@example.test')
  assert.equal((await alice.call('ca/new', authority)).status, 200)
  service.advance(year)
  await alice.connect()
  for (let count = 0; count < 3; count++) assert.equal((await alice.call('ca/new', authority)).status, 200)
  assertExceeded(await alice.call('ca/new', authority), 300)
  const { engine } = service
  const left = async () => {
    const account = await engine.store.read((view) => loadAccount(view, engine.sealer, alice.id))
    const [state] = await creationState(engine, account)
    const { used, remaining, freesInMs } = state?.windows[0] ?? {}
    return { used, remaining, freesInMs }
  }
  assert.deepEqual(await left(), { used: 3, remaining: 0, freesInMs: 5 * minute })
  service.advance(-year)
  await signingClockJob(engine).run(new AbortController().signal)
  await acceptClockStep(engine, engine.clock.now(), testCaller)
  assert.deepEqual(await left(), { used: 1, remaining: 2, freesInMs: 5 * minute })
  await alice.connect()
  for (let count = 0; count < 2; count++) assert.equal((await alice.call('ca/new', authority)).status, 200)
  assertExceeded(await alice.call('ca/new', authority), 300)
})

test('without a limit nothing is counted', async (context) => {
  const service = await TestService.start(context, {
    rates: { authorities: undefined, certificates: undefined },
  })
  const alice = await service.connected('alice@example.test')
  for (let count = 0; count < 12; count++) await alice.createAuthority()
})

async function latest(tenant: Tenant, ca: string): Promise<string> {
  const rows: unknown = await tenant.expect('cert/list', { ca_id: ca, what: '2' })
  assert.ok(Array.isArray(rows))
  const ids = rows.map((row) => (typeof row === 'object' && row !== null && 'id' in row ? Number(row.id) : 0))
  return String(Math.max(...ids))
}
