import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { httpStatusOf } from '../../../src/faces/tinycert/codes.ts'
import { member } from './client.ts'
import { codeOf, type Tenant, TestService } from './service.ts'

const day = 86_400_000
const service = await TestService.start(
  { after },
  { rates: { authorities: undefined, certificates: undefined } },
)
const alice = await service.connected('alice@example.test')
const ca = await alice.createAuthority()

type Word = 'good' | 'hold' | 'revoked' | 'expired' | 'obsolete'

async function statusOf(tenant: Tenant, certificate: string): Promise<unknown> {
  return member(await tenant.expect('cert/details', { cert_id: certificate }), 'status')
}

/** A certificate brought to a status. `expired` moves the clock. */
async function certificateIn(status: Word): Promise<string> {
  const id = await alice.createCertificate(ca)
  if (status === 'obsolete') await alice.reissue(id)
  else if (status === 'hold' || status === 'revoked')
    await alice.expect('cert/status', { cert_id: id, status })
  else if (status === 'expired') {
    service.advance(365 * day)
    await alice.connect()
  }
  assert.equal(await statusOf(alice, id), status)
  return id
}

test('each change of status does what the contract says', async () => {
  const refused = 'StatusDisallowed'
  const table: readonly (readonly [Word, Readonly<Record<Word, Word | typeof refused>>])[] = [
    ['good', { good: 'good', hold: 'hold', revoked: 'revoked', expired: refused, obsolete: refused }],
    ['hold', { good: 'good', hold: 'hold', revoked: 'revoked', expired: refused, obsolete: refused }],
    ['revoked', { good: 'good', hold: 'hold', revoked: 'revoked', expired: refused, obsolete: refused }],
    ['obsolete', { good: refused, hold: refused, revoked: refused, expired: refused, obsolete: refused }],
    ['expired', { good: refused, hold: refused, revoked: refused, expired: refused, obsolete: refused }],
  ]
  for (const [from, wishes] of table) {
    for (const [wish, expected] of Object.entries(wishes)) {
      const id = await certificateIn(from)
      const answer = await alice.call('cert/status', { cert_id: id, status: wish })
      if (expected === refused) {
        assert.equal(answer.status, httpStatusOf[refused], `${from} → ${wish}`)
        assert.equal(codeOf(answer), refused)
        assert.equal(await statusOf(alice, id), from)
      } else {
        assert.equal(answer.text, '{}', `${from} → ${wish}`)
        assert.equal(answer.status, 200)
        assert.equal(await statusOf(alice, id), expected)
      }
    }
  }
})

test('what a reissue does to the old certificate depends on its status; the new one is good', async () => {
  const table: readonly (readonly [Word, Word])[] = [
    ['good', 'obsolete'],
    ['hold', 'obsolete'],
    ['revoked', 'revoked'],
    ['expired', 'expired'],
  ]
  for (const [from, expected] of table) {
    const old = await certificateIn(from)
    const renewed = await alice.reissue(old)
    assert.equal(await statusOf(alice, old), expected, from)
    assert.equal(await statusOf(alice, renewed), 'good', from)
    const again = await alice.call('cert/reissue', { cert_id: old })
    assert.equal(again.status, 400, from)
    assert.equal(codeOf(again), 'NotLatest', from)
    const listed: unknown = await alice.expect('cert/list', { ca_id: ca, what: '15' })
    assert.ok(Array.isArray(listed))
    const ids = listed.map((row) => String(member(row, 'id')))
    assert.ok(!ids.includes(old) && ids.includes(renewed), from)
  }
})

test('a good certificate and one on hold expire; a revoked one stays revoked', async () => {
  const tenant = await service.connected('time@example.test')
  const authority = await tenant.createAuthority()
  const ids = await Promise.all(['good', 'hold', 'revoked'].map(() => tenant.createCertificate(authority)))
  const [good = '', hold = '', revoked = ''] = ids
  await tenant.expect('cert/status', { cert_id: hold, status: 'hold' })
  await tenant.expect('cert/status', { cert_id: revoked, status: 'revoked' })
  service.advance(365 * day - 1_000)
  await tenant.connect()
  assert.equal(await statusOf(tenant, good), 'good')
  service.advance(1_000)
  assert.equal(await statusOf(tenant, good), 'expired')
  assert.equal(await statusOf(tenant, hold), 'expired')
  assert.equal(await statusOf(tenant, revoked), 'revoked')
})

test('the flags of /cert/list choose by status', async () => {
  const tenant = await service.connected('flags@example.test')
  const authority = await tenant.createAuthority()
  const expired = await tenant.createCertificate(authority)
  service.advance(365 * day)
  await tenant.connect()
  const good = await tenant.createCertificate(authority)
  const revoked = await tenant.createCertificate(authority)
  await tenant.expect('cert/status', { cert_id: revoked, status: 'revoked' })
  const hold = await tenant.createCertificate(authority)
  await tenant.expect('cert/status', { cert_id: hold, status: 'hold' })
  const old = await tenant.createCertificate(authority)
  const renewed = await tenant.reissue(old)
  const all = [
    [1, expired],
    [2, good],
    [2, renewed],
    [4, revoked],
    [8, hold],
  ] as const
  for (let what = 1; what <= 15; what++) {
    const rows: unknown = await tenant.expect('cert/list', { ca_id: authority, what: String(what) })
    assert.ok(Array.isArray(rows))
    const expected = all.filter(([flag]) => (flag & what) !== 0).map(([, id]) => Number(id))
    assert.deepEqual(
      rows.map((row) => member(row, 'id')),
      expected.toSorted((one, other) => one - other),
      String(what),
    )
  }
})

test('of reissues of one certificate at the same moment one succeeds and the others are NotLatest', async () => {
  await alice.connect()
  const id = await alice.createCertificate(ca)
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => alice.call('cert/reissue', { cert_id: id })),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  for (const answer of answers.filter(({ status }) => status !== 200))
    assert.equal(codeOf(answer), 'NotLatest')
})
