import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { Answer } from 'dns-packet'
import { encodeReply, startDnsServer, type Zone, zoneOf } from '../../test/support/dns-server.ts'
import { DnsFailure, type DnsFailureReason } from '../core/validation/outbound.ts'
import { DnsClient } from './dns-client.ts'

/** For answers that come, however busy the machine is. */
const patienceMs = 5_000

async function started(t: TestContext, zone: Zone, isTrusted = false, timeoutMs = patienceMs) {
  const server = await startDnsServer(t, zone)
  const client = new DnsClient({ servers: [server], isTrusted, timeoutMs, rounds: 2 })
  return { server, client }
}

const failsWith = (reason: DnsFailureReason) => (error: unknown) => {
  assert.ok(error instanceof DnsFailure, String(error))
  assert.equal(error.reason, reason)
  return true
}

const text = (name: string, data: string | string[], ttl = 300): Answer => ({ type: 'TXT', name, ttl, data })
const alias = (name: string, data: string, ttl = 300): Answer => ({ type: 'CNAME', name, ttl, data })
const address = (name: string, data: string, ttl = 300): Answer => ({ type: 'A', name, ttl, data })

test('records of each type are read, with their least time to live and the server that told', async (t) => {
  const records: Answer[] = [
    address('a.example', '192.0.2.1', 60),
    address('a.example', '192.0.2.2', 30),
    { type: 'AAAA', name: 'a.example', ttl: 60, data: '2001:db8::1' },
    { type: 'CAA', name: 'a.example', ttl: 5, data: { flags: 128, tag: 'issue', value: 'ca.example; a=b' } },
    text('t.example', ['one ', 'two']),
  ]
  const { client, server } = await started(t, zoneOf(records))
  const found = await client.resolve('A.Example', 'A')
  assert.deepEqual(
    found.records.map((octets) => octets.join('.')),
    ['192.0.2.1', '192.0.2.2'],
  )
  assert.equal(found.ttlSeconds, 30)
  assert.equal(found.server, `127.0.0.1:${server.port}`)
  assert.equal((await client.resolve('a.example', 'AAAA')).records[0]?.length, 16)
  const [property] = (await client.resolve('a.example', 'CAA')).records
  assert.deepEqual(property, { flags: 128, tag: 'issue', value: 'ca.example; a=b' })
  const [joined] = (await client.resolve('t.example', 'TXT')).records
  assert.equal(Buffer.from(joined ?? []).toString(), 'one two')
})

test('a name without such records and a name that does not exist are told apart from failure', async (t) => {
  const { client } = await started(t, zoneOf([address('a.example', '192.0.2.1')]))
  const none = await client.resolve('a.example', 'CAA')
  assert.deepEqual([none.records.length, none.exists, none.ttlSeconds], [0, true, 120])
  const absent = await client.resolve('b.example', 'CAA')
  assert.deepEqual([absent.records.length, absent.exists], [0, false])
})

test('each query has a port of its own, an unpredictable id, EDNS and DNSSEC OK', async (t) => {
  const { client, server } = await started(t, zoneOf([address('a.example', '192.0.2.1')]))
  for (let count = 0; count < 12; count += 1) await client.resolve('a.example', 'A')
  assert.ok(new Set(server.queries.map(({ id }) => id)).size > 6)
  assert.ok(new Set(server.queries.map(({ port }) => port)).size > 6)
  const options = server.queries[0]?.packet.additionals?.find((record) => record.type === 'OPT')
  assert.equal(options?.flag_do, true)
  assert.equal(options?.udpPayloadSize, 1232)
})

test('an answer cut by UDP is asked for again by TCP', async (t) => {
  const long = Array.from({ length: 40 }, (_, index) => text('t.example', `${index} ${'x'.repeat(200)}`))
  const { client, server } = await started(t, (_question, transport) =>
    transport === 'udp' ? { isTruncated: true } : { answers: long },
  )
  assert.equal((await client.resolve('t.example', 'TXT')).records.length, 40)
  assert.deepEqual(server.asked, ['t.example TXT udp', 't.example TXT tcp'])
})

test('messages with another id or another question are passed over', async (t) => {
  const right = text('t.example', 'right')
  const { client } = await started(t, () => ({
    raw: (query) => [
      encodeReply(
        { ...query, id: ((query.id ?? 0) + 1) % 65_536 },
        { answers: [text('t.example', 'forged')] },
      ),
      encodeReply({ ...query, questions: [{ type: 'TXT', name: 'u.example' }] }, {}),
      encodeReply(query, { answers: [right] }),
    ],
  }))
  const [record] = (await client.resolve('t.example', 'TXT')).records
  assert.equal(Buffer.from(record ?? []).toString(), 'right')
})

test('the AD bit counts only when the resolver was named, and on every step', async (t) => {
  const zone: Zone = ({ name }) =>
    name === 'signed.example'
      ? { answers: [address(name, '192.0.2.1')], isAuthenticated: true }
      : { answers: [address(name, '192.0.2.1')] }
  const trusted = await started(t, zone, true)
  assert.equal((await trusted.client.resolve('signed.example', 'A')).isAuthenticated, true)
  assert.equal((await trusted.client.resolve('plain.example', 'A')).isAuthenticated, false)
  const untrusted = await started(t, zone, false)
  assert.equal((await untrusted.client.resolve('signed.example', 'A')).isAuthenticated, false)
})

test('aliases are followed within an answer and, where the resolver stops, by asking again', async (t) => {
  const within = [alias('a.example', 'b.example', 50), text('b.example', 'in one')]
  const { client, server } = await started(t, ({ name }) => {
    if (name === 'a.example') return { answers: within }
    if (name === 'c.example') return { answers: [alias('c.example', 'd.example', 20)] }
    return { answers: [text(name, 'in two')] }
  })
  const one = await client.resolve('a.example', 'TXT')
  assert.deepEqual([one.records.length, one.aliases, one.ttlSeconds], [1, ['b.example'], 50])
  const two = await client.resolve('c.example', 'TXT')
  assert.deepEqual([two.records.length, two.aliases, two.ttlSeconds], [1, ['d.example'], 20])
  assert.equal(server.asked.length, 3)
  assert.deepEqual((await client.resolve('c.example', 'CNAME')).records, ['d.example'])
})

test('eight aliases are followed; nine, or a circle, fail', async (t) => {
  const chain = (length: number): Answer[] => [
    ...Array.from({ length }, (_, index) => alias(`n${index}.example`, `n${index + 1}.example`)),
    text(`n${length}.example`, 'end'),
  ]
  const eight = await started(t, () => ({ answers: chain(8) }))
  assert.equal((await eight.client.resolve('n0.example', 'TXT')).records.length, 1)
  const nine = await started(t, () => ({ answers: chain(9) }))
  await assert.rejects(nine.client.resolve('n0.example', 'TXT'), failsWith('aliases'))
  const circle = await started(t, ({ name }) => ({
    answers: [alias(name, name === 'a.example' ? 'b.example' : 'a.example')],
  }))
  await assert.rejects(circle.client.resolve('a.example', 'TXT'), failsWith('aliases'))
})

test('SERVFAIL is a failure after every round, and the next server is asked first', async (t) => {
  const { client, server } = await started(t, () => ({ rcode: 2 }))
  await assert.rejects(client.resolve('a.example', 'CAA'), failsWith('server-failure'))
  assert.equal(server.asked.length, 2)
  const good = await startDnsServer(t, zoneOf([address('a.example', '192.0.2.1')]))
  const both = new DnsClient({ servers: [server, good], isTrusted: false, timeoutMs: patienceMs })
  assert.equal((await both.resolve('a.example', 'A')).records.length, 1)
})

test('failed DNSSEC validation is told as such, and no other resolver is asked', async (t) => {
  const info = Buffer.from([0, 6])
  const { server } = await started(t, () => ({
    rcode: 2,
    additionals: [
      {
        ...{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0 },
        ...{ flags: 0, flag_do: false },
        // The typings know no code 15; the library encodes any.
        options: [{ code: 15 as 12, data: info, tags: [] }],
      },
    ],
  }))
  const other = await startDnsServer(t, zoneOf([address('a.example', '192.0.2.1')]))
  const client = new DnsClient({ servers: [server, other], isTrusted: true, timeoutMs: patienceMs })
  await assert.rejects(client.resolve('a.example', 'A'), failsWith('bogus'))
  assert.deepEqual(other.asked, [])
})

test('silence is a timeout after each round; nobody listening is told at once', async (t) => {
  const { client, server } = await started(t, () => undefined, false, 1_000)
  await assert.rejects(client.resolve('a.example', 'A'), failsWith('timeout'))
  assert.equal(server.asked.length, 2)
  const closed = createSocket('udp4')
  closed.bind(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address()
  closed.close()
  const alone = new DnsClient({
    servers: [{ address: '127.0.0.1', port }],
    isTrusted: false,
    timeoutMs: 5_000,
  })
  await assert.rejects(alone.resolve('a.example', 'A'), failsWith('unreachable'))
})

test('a resolver at an address that no socket connects to is unreachable', async () => {
  const servers = [{ address: '255.255.255.255', port: 53 }]
  const client = new DnsClient({ servers, isTrusted: false })
  await assert.rejects(client.resolve('a.example', 'A'), failsWith('unreachable'))
})

test('a caller that gives up ends the question', async (t) => {
  const { client } = await started(t, () => undefined)
  const gone = AbortSignal.abort(new Error('given up'))
  await assert.rejects(client.resolve('a.example', 'A', gone), failsWith('timeout'))
  const soon = new AbortController()
  const pending = client.resolve('a.example', 'A', soon.signal)
  soon.abort()
  await assert.rejects(pending, failsWith('timeout'))
})

test('the deadline ends all rounds and aliases together', async (t) => {
  const server = await startDnsServer(t, () => undefined)
  const client = new DnsClient({
    servers: [server],
    isTrusted: false,
    rounds: 50,
    timeoutMs: 50,
    deadlineMs: 200,
  })
  await assert.rejects(client.resolve('a.example', 'A'), failsWith('timeout'))
  assert.ok(server.asked.length < 20)
})

test('an answer that cannot be read is a failure, never an empty set', async (t) => {
  const garbage = await started(t, () => ({
    raw: (query) => [encodeReply(query, { answers: [text('t.example', 'whole')] }).subarray(0, -3)],
  }))
  await assert.rejects(garbage.client.resolve('t.example', 'TXT'), failsWith('malformed'))
  const tag = await started(t, ({ name }) => ({
    answers: [
      { type: 'CAA', name, ttl: 1, data: { flags: 0, tag: 'is sue' as 'issue', value: 'ca.example' } },
    ],
  }))
  await assert.rejects(tag.client.resolve('t.example', 'CAA'), failsWith('malformed'))
})

test('names that fit no query are refused before any is sent', async (t) => {
  const { client, server } = await started(t, zoneOf([]))
  for (const name of [
    '',
    'a..b',
    `${'x'.repeat(64)}.example`,
    'a b.example',
    'ä.example',
    `${'x.'.repeat(126)}xx`,
  ]) {
    await assert.rejects(client.resolve(name, 'A'), failsWith('name'), name)
  }
  assert.deepEqual(server.asked, [])
  await client.resolve(`${'x'.repeat(63)}.example`, 'A')
})
