import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Answer } from 'dns-packet'
import { type CaaCheck, checkCaa, isFresh } from '../../src/core/caa/check-caa.ts'
import type { Perspective } from '../../src/core/validation/perspectives.ts'
import { DnsClient } from '../../src/net/dns-client.ts'
import { startDnsServer, type Zone, zoneOf } from '../support/dns-server.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 10, 22)
/** For answers that come, however busy the machine is. */
const patienceMs = 10_000
/** For answers that do not come. */
const silenceMs = 1_000

const caa = (name: string, value: string, ttl = 3_600, tag: 'issue' | 'issuewild' = 'issue'): Answer => ({
  ...{ type: 'CAA', name, ttl },
  data: { flags: 0, tag, value },
})

/** Its questions are not answered. */
const silent: Zone = () => undefined

async function perspective(t: TestContext, name: string, zone: Zone, timeoutMs = patienceMs) {
  const server = await startDnsServer(t, zone)
  const resolver = new DnsClient({ servers: [server], isTrusted: true, timeoutMs, rounds: 1 })
  const http = { get: () => Promise.reject(new Error('no file is read for CAA')) }
  return { server, perspective: { name, resolver, http } satisfies Perspective }
}

const checkOf = (primary: Perspective, remotes: readonly Perspective[] = []): CaaCheck => ({
  ...{ identities: ['ca.example'], accountUris: [], accountToken: null, method: 'dns-txt-token' },
  ...{ perspectives: { primary, remotes }, attempt: 'one', now },
})

/** The finding for one name of a zone. */
async function found(t: TestContext, zone: Zone, name: string, timeoutMs = patienceMs) {
  const own = await perspective(t, 'own', zone, timeoutMs)
  const [finding] = await checkCaa([name], checkOf(own.perspective))
  assert.ok(finding !== undefined)
  return { finding, asked: own.server.asked }
}

test('the climb goes from the name to the top-level domain and stops at the first records', async (t) => {
  const none = await found(t, zoneOf([]), 'a.b.shop.example')
  assert.deepEqual([none.finding.refusal, none.finding.domain], [undefined, null])
  const climb = ['a.b.shop.example', 'b.shop.example', 'shop.example', 'example']
  assert.deepEqual(
    none.asked,
    climb.map((name) => `${name} CAA udp`),
  )
  const records = [caa('example', 'ca.example'), caa('b.shop.example', 'elsewhere.example')]
  const nearer = await found(t, zoneOf(records), 'a.b.shop.example')
  assert.deepEqual([nearer.finding.refusal, nearer.finding.domain], ['issuer', 'b.shop.example'])
  assert.equal(nearer.asked.length, 2)
})

test('a wildcard begins at the name below the asterisk', async (t) => {
  const { finding, asked } = await found(t, zoneOf([caa('shop.example', 'ca.example')]), '*.shop.example')
  assert.equal(finding.refusal, undefined)
  assert.deepEqual(asked, ['shop.example CAA udp'])
})

test('records behind an alias count; the parents of its target do not', async (t) => {
  const alias: Answer = { type: 'CNAME', name: 'www.shop.example', ttl: 60, data: 'x.host.example' }
  const behind: Zone = ({ name }) =>
    name === 'www.shop.example'
      ? { answers: [alias, caa('x.host.example', 'elsewhere.example')] }
      : zoneOf([])({ name, type: 'CAA' }, 'udp')
  assert.equal((await found(t, behind, 'www.shop.example')).finding.refusal, 'issuer')
  const above = zoneOf([alias, caa('host.example', 'elsewhere.example'), caa('shop.example', 'ca.example')])
  const { finding } = await found(t, above, 'www.shop.example')
  assert.deepEqual([finding.refusal, finding.domain], [undefined, 'shop.example'])
})

test('D13 five names are five distinct lookups, and so they are again after 8 hours', async (t) => {
  const names = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.shop.example`)
  const long = names.map((name) => caa(name, 'ca.example', 86_400))
  const own = await perspective(t, 'own', zoneOf(long))
  const check = checkOf(own.perspective)
  const findings = await checkCaa(names, check)
  assert.deepEqual(
    findings.map(({ name, refusal }) => [name, refusal]),
    names.map((name) => [name, undefined]),
  )
  assert.deepEqual([...own.server.asked].sort(), names.map((name) => `${name} CAA udp`).sort())
  const later = now + 8 * hourMs
  assert.ok(findings.every((finding) => isFresh(finding, later)))
  const stale = findings.filter((finding) => !isFresh(finding, later + 1)).map(({ name }) => name)
  assert.deepEqual(stale, names)
  await checkCaa(stale, { ...check, now: later + 1 })
  assert.equal(own.server.asked.length, 10)
})

test('D13 a finding is not used beyond the time its records live, nor with a clock put back', async (t) => {
  const { finding } = await found(t, zoneOf([caa('shop.example', 'ca.example', 60)]), 'shop.example')
  assert.ok(isFresh(finding, now + 60_000))
  assert.equal(isFresh(finding, now + 60_001), false)
  assert.equal(isFresh(finding, now - 1), false)
  // The name itself has no records, and that is known for 120 seconds only.
  const { finding: below } = await found(t, zoneOf([caa('example', 'ca.example')]), 'shop.example')
  assert.equal(below.ttlSeconds, 120)
})

test('D14 and D15 hold for records as they come from DNS', async (t) => {
  const wild = zoneOf([caa('shop.example', 'ca.example'), caa('shop.example', ';', 60, 'issuewild')])
  assert.equal((await found(t, wild, 'shop.example')).finding.refusal, undefined)
  assert.equal((await found(t, wild, '*.shop.example')).finding.refusal, 'issuer')
  const critical = zoneOf([
    caa('shop.example', 'ca.example'),
    // The typings know three tags; the library encodes any.
    { type: 'CAA', name: 'shop.example', ttl: 1, data: { flags: 128, tag: 'tbs' as 'issue', value: 'x' } },
  ])
  assert.equal((await found(t, critical, 'shop.example')).finding.refusal, 'unknown-critical')
})

const failures: readonly (readonly [what: string, zone: Zone, failure: string])[] = [
  ['SERVFAIL', () => ({ rcode: 2 }), 'server-failure'],
  ['REFUSED', () => ({ rcode: 5 }), 'server-failure'],
  ['a timeout', silent, 'timeout'],
  [
    'failed DNSSEC validation',
    () => ({
      rcode: 2,
      additionals: [
        {
          ...{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0 },
          ...{ flags: 0, flag_do: false, options: [{ code: 15 as 12, data: Buffer.from([0, 6]), tags: [] }] },
        },
      ],
    }),
    'bogus',
  ],
]

for (const [what, zone, failure] of failures) {
  test(`D16 ${what} of a CAA lookup refuses, at the name or above it`, async (t) => {
    const timeoutMs = zone === silent ? silenceMs : patienceMs
    const { finding, asked } = await found(t, zone, 'www.shop.example', timeoutMs)
    assert.deepEqual([finding.refusal, finding.failure], ['lookup', failure])
    assert.equal(finding.domain, 'www.shop.example')
    assert.equal(asked.length, 1, 'no climb past a name that is not known')
    const above = await found(
      t,
      (question, transport) =>
        question.name === 'shop.example' ? zone(question, transport) : zoneOf([])(question, transport),
      'www.shop.example',
      timeoutMs,
    )
    assert.deepEqual([above.finding.refusal, above.finding.domain], ['lookup', 'shop.example'])
  })
}

test('D17 accounturi and validationmethods are read from DNS and compared with the wish', async (t) => {
  const value = 'ca.example; accounturi=https://ca.example/7; validationmethods=ca-dns-txt-token'
  const own = await perspective(t, 'own', zoneOf([caa('shop.example', value)]))
  const outcome = async (changes: Partial<CaaCheck>) => {
    const check = { ...checkOf(own.perspective), accountUris: ['https://ca.example/7'], ...changes }
    return (await checkCaa(['shop.example'], check))[0]?.refusal
  }
  assert.equal(await outcome({}), undefined)
  assert.equal(await outcome({ accountUris: ['https://ca.example/8'] }), 'account')
  assert.equal(await outcome({ method: 'http-token' }), 'method')
})

test('D18 five remote perspectives: one that disagrees passes, two fail, as does the own one', async (t) => {
  const good = zoneOf([caa('shop.example', 'ca.example')])
  const bad = zoneOf([caa('shop.example', 'elsewhere.example')])
  const outcome = async (own: Zone, zones: readonly Zone[]) => {
    const primary = (await perspective(t, 'own', own)).perspective
    const remotes: Perspective[] = []
    for (const [index, zone] of zones.entries()) {
      const timeoutMs = zone === silent ? silenceMs : patienceMs
      remotes.push((await perspective(t, `r${index}`, zone, timeoutMs)).perspective)
    }
    return (await checkCaa(['shop.example'], checkOf(primary, remotes)))[0]
  }
  const one = await outcome(good, [good, bad, good, good, good])
  assert.deepEqual([one?.refusal, one?.perspectives], [undefined, ['own', 'r0', 'r2', 'r3', 'r4']])
  assert.equal((await outcome(good, [good, bad, good, good, bad]))?.refusal, 'perspectives')
  assert.equal((await outcome(good, [good, bad, good, good, silent]))?.refusal, 'perspectives')
  assert.equal((await outcome(bad, [good, good, good, good, good]))?.refusal, 'issuer')
})
