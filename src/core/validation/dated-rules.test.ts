import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountId } from '../brand.ts'
import type { ControlEvidence } from '../domains/domain.ts'
import { isMethodOpen, reuseDays } from './dated-rules.ts'
import { type EvidenceWish, usableEvidence } from './usable-evidence.ts'

const dayMs = 86_400_000
const day = (text: string) => Date.parse(`${text}T00:00:00Z`)

const changes: readonly [date: string, reuse: [number, number]][] = [
  ['2026-03-15', [398, 200]],
  ['2027-03-15', [200, 100]],
  ['2029-03-15', [100, 10]],
]

for (const [date, reuse] of changes) {
  test(`D11 the reuse of proofs for public TLS changes with the first instant of ${date}`, () => {
    const instants = [day(date) - 1, day(date)]
    assert.deepEqual(
      instants.map((now) => reuseDays('public-tls', now)),
      reuse,
    )
  })
}

test('D11 a setting shortens the reuse of proofs and never extends that of public TLS', () => {
  const now = day('2026-11-22')
  assert.equal(reuseDays('public-tls', now, 30), 30)
  assert.equal(reuseDays('public-tls', now, 900), 200)
  assert.equal(reuseDays('private-tls', now, 900), 900)
  assert.equal(reuseDays('private-tls', now), Number.POSITIVE_INFINITY)
})

test('approval by mail ends for public TLS with the first instant of 2028-03-15', () => {
  const end = day('2028-03-15')
  assert.ok(isMethodOpen('email', 'public-tls', end - 1))
  assert.equal(isMethodOpen('email', 'public-tls', end), false)
  assert.ok(isMethodOpen('email', 'private-tls', end))
  assert.ok(isMethodOpen('dns-txt-token', 'public-tls', end))
})

const owner = accountId(7)
const proof: ControlEvidence = {
  ...{ name: 'shop.example', method: 'dns-txt-token', value: 'v' },
  ...{ at: day('2026-05-01'), addresses: ['192.0.2.53:53'], perspectives: ['own'] },
}
const domain = { accountId: owner, isActive: true, evidence: proof }
const wish = (changes: Partial<EvidenceWish>): EvidenceWish => ({
  ...{ accountId: owner, name: 'shop.example', strictness: 'public-tls', now: proof.at + dayMs },
  ...changes,
})

test('D11 a proof is used until its limit, by the rules of the day it is used, and not a moment longer', () => {
  const last = proof.at + 200 * dayMs - 1
  assert.equal(usableEvidence(domain, wish({ now: last })), proof)
  assert.equal(usableEvidence(domain, wish({ now: last + 1 })), undefined)
  // Proven under the rule of 200 days, used under that of 100.
  const evidence = { ...proof, at: day('2027-03-15') - 101 * dayMs }
  const before = wish({ now: day('2027-03-15') - 1 })
  assert.equal(usableEvidence({ ...domain, evidence }, before), evidence)
  assert.equal(usableEvidence({ ...domain, evidence }, wish({ now: day('2027-03-15') })), undefined)
  const own = { strictness: 'private-tls', configuredReuseDays: 2 } as const
  assert.equal(usableEvidence(domain, wish({ ...own, now: proof.at + 2 * dayMs - 1 })), proof)
  assert.equal(usableEvidence(domain, wish({ ...own, now: proof.at + 2 * dayMs })), undefined)
})

test('a proof from the future is not used', () => {
  assert.equal(usableEvidence(domain, wish({ now: proof.at })), proof)
  assert.equal(usableEvidence(domain, wish({ now: proof.at - 1 })), undefined)
})

test('D12 a proof is used neither by another account nor after the domain was deactivated', () => {
  assert.equal(usableEvidence(domain, wish({})), proof)
  assert.equal(usableEvidence(domain, wish({ accountId: accountId(8) })), undefined)
  assert.equal(usableEvidence({ ...domain, isActive: false }, wish({})), undefined)
  assert.equal(usableEvidence({ ...domain, evidence: null }, wish({})), undefined)
})

test('D10 a proof by a file is used for its own name only', () => {
  const evidence = { ...proof, method: 'http-token' } as const
  assert.equal(usableEvidence({ ...domain, evidence }, wish({})), evidence)
  assert.equal(usableEvidence({ ...domain, evidence }, wish({ name: 'www.shop.example' })), undefined)
  assert.equal(usableEvidence(domain, wish({ name: 'www.shop.example' })), proof)
})

test('a proof by a method that ended is used no more, however young it is', () => {
  const evidence = { ...proof, method: 'email', at: day('2028-03-14') } as const
  assert.equal(usableEvidence({ ...domain, evidence }, wish({ now: day('2028-03-15') - 1 })), evidence)
  assert.equal(usableEvidence({ ...domain, evidence }, wish({ now: day('2028-03-15') })), undefined)
})
