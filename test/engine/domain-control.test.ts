import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { Answer } from 'dns-packet'
import { constructedAddresses, contactAddresses } from '../../src/core/validation/approval-addresses.ts'
import type { Perspective } from '../../src/core/validation/perspectives.ts'
import {
  type ControlClaim,
  type ControlProof,
  proveByCname,
  proveByDnsTxt,
  proveByHttp,
} from '../../src/core/validation/prove.ts'
import { type ControlCheck, proveControl, type TokenMethod } from '../../src/core/validation/prove-control.ts'
import { newRandomValue } from '../../src/core/validation/random-value.ts'
import { addressGuard } from '../../src/net/address-guard.ts'
import { DnsClient } from '../../src/net/dns-client.ts'
import { GuardedHttp } from '../../src/net/guarded-http.ts'
import { startDnsServer, type Zone, zoneOf } from '../support/dns-server.ts'
import { startWebServer } from '../support/web-server.ts'

const now = Date.UTC(2026, 10, 22)
const randomValue = newRandomValue({ bytes: (length) => randomBytes(length) }, now)
const { value } = randomValue
const claim = (name: string): ControlClaim => ({ name, randomValue, now })
const target = 'dcv.ca.example'

const text = (name: string, data: string | string[]): Answer => ({ type: 'TXT', name, ttl: 60, data })
const alias = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data })

/** Its questions are not answered. */
const silent: Zone = () => undefined

async function resolverOf(t: TestContext, zone: Zone) {
  const server = await startDnsServer(t, zone)
  // Answers that come are waited for, however busy the machine is.
  const timeoutMs = zone === silent ? 200 : 10_000
  return { server, resolver: new DnsClient({ servers: [server], isTrusted: false, timeoutMs }) }
}

async function txt(t: TestContext, zone: Zone, name = 'shop.example'): Promise<ControlProof> {
  return proveByDnsTxt((await resolverOf(t, zone)).resolver, claim(name))
}

async function cname(t: TestContext, zone: Zone, name = 'shop.example'): Promise<ControlProof> {
  return proveByCname((await resolverOf(t, zone)).resolver, { target, decoy: 'told-to-nobody' }, claim(name))
}

async function file(t: TestContext, listener: RequestListener, name = 'shop.example', zone?: Zone) {
  const web = await startWebServer(t, listener)
  const records: Answer[] = [{ type: 'A', name: 'shop.example', ttl: 60, data: '127.0.0.1' }]
  const { resolver } = await resolverOf(t, zone ?? zoneOf(records))
  const guard = addressGuard({ allowed: ['127.0.0.1'] })
  const http = new GuardedHttp({ resolver, guard, otherPorts: [web.port] })
  return { web, proof: await proveByHttp(http, web.port, claim(name)) }
}

test('D8 several TXT records with the right one among them prove, also split over two strings', async (t) => {
  const others = [text('shop.example', 'v=spf1 -all'), text('shop.example', 'wrong')]
  for (const data of [value, [value.slice(0, 9), value.slice(9)]]) {
    const { evidence } = await txt(t, zoneOf([...others, text('shop.example', data)]))
    assert.ok(evidence !== undefined)
    assert.deepEqual(
      [evidence.name, evidence.method, evidence.value, evidence.at],
      ['shop.example', 'dns-txt-token', value, now],
    )
    assert.match(evidence.addresses.join(), /^127\.0\.0\.1:\d+$/)
  }
})

test('a TXT record proves at _dnsauth too, behind an alias, and for the wildcard of the name', async (t) => {
  assert.ok((await txt(t, zoneOf([text('_dnsauth.shop.example', value)]))).evidence)
  const delegated = [alias('_dnsauth.shop.example', 'x.other.example'), text('x.other.example', value)]
  const proof = await txt(t, ({ name }) =>
    name.startsWith('_dnsauth') ? { answers: delegated } : { rcode: 3 },
  )
  assert.ok(proof.evidence)
  const wildcard = await txt(t, zoneOf([text('shop.example', value)]), '*.shop.example')
  assert.equal(wildcard.evidence?.name, 'shop.example')
})

test('a TXT record that only holds the value, or differs in anything, proves nothing', async (t) => {
  for (const data of [`x${value}`, `${value}x`, ` ${value}`, value.slice(1), value.toUpperCase(), '']) {
    const { failure } = await txt(t, zoneOf([text('shop.example', data)]))
    assert.deepEqual(failure, { reason: 'mismatch' }, data)
  }
  assert.deepEqual((await txt(t, zoneOf([]))).failure, { reason: 'not-found' })
  const parent = await txt(t, zoneOf([text('example', value), text('www.shop.example', value)]))
  assert.deepEqual(parent.failure, { reason: 'not-found' })
})

test('DNS that fails is told as such, unless the value stands in the other place', async (t) => {
  assert.deepEqual((await txt(t, () => ({ rcode: 2 }))).failure, { reason: 'dns', failure: 'server-failure' })
  assert.deepEqual((await txt(t, silent)).failure, { reason: 'dns', failure: 'timeout' })
  const half = await txt(t, ({ name }) =>
    name === 'shop.example' ? { rcode: 2 } : { answers: [text(name, value)] },
  )
  assert.ok(half.evidence)
})

test('an alias proves in both forms, whatever stands behind its target', async (t) => {
  const one = await cname(t, zoneOf([alias(`${value}.shop.example`, target)]))
  assert.equal(one.evidence?.method, 'dns-cname-token')
  const other = await cname(
    t,
    zoneOf([alias('_dnsauth.shop.example', `${value}.${target}`)]),
    '*.shop.example',
  )
  assert.equal(other.evidence?.name, 'shop.example')
  const upper = await cname(t, zoneOf([alias(`${value}.shop.example`, target.toUpperCase())]))
  assert.ok(upper.evidence)
})

test('a zone in which every name is an alias of the target proves nothing by that', async (t) => {
  const everything: Zone = ({ name, type }) =>
    type === 'CNAME' && name !== '_dnsauth.shop.example' ? { answers: [alias(name, target)] } : { rcode: 3 }
  assert.deepEqual((await cname(t, everything)).failure, { reason: 'mismatch' })
  const published = [alias('_dnsauth.shop.example', `${value}.${target}`)]
  const beside: Zone = (question, transport) =>
    question.name === '_dnsauth.shop.example' ? { answers: published } : everything(question, transport)
  assert.ok((await cname(t, beside)).evidence, 'the other form holds the value itself')
})

test('an alias to another target, or of another value, proves nothing', async (t) => {
  const wrong = [alias(`${value}.shop.example`, `x.${target}`), alias('_dnsauth.shop.example', target)]
  assert.deepEqual((await cname(t, zoneOf(wrong))).failure, { reason: 'mismatch' })
  assert.deepEqual((await cname(t, zoneOf([]))).failure, { reason: 'not-found' })
})

test('D1 a file proves with any 2xx status; a 404 whose body holds the value proves nothing', async (t) => {
  for (const status of [200, 206]) {
    const { proof } = await file(t, (_request, response) => response.writeHead(status).end(` ${value}\r\n`))
    assert.equal(proof.evidence?.method, 'http-token')
    assert.match(proof.evidence?.addresses.join() ?? '', /^127\.0\.0\.1:/)
  }
  for (const status of [404, 401, 500]) {
    const { proof } = await file(t, (_request, response) => response.writeHead(status).end(value))
    assert.deepEqual(proof.failure, { reason: 'status', status })
  }
})

test('the file is asked for under one name at the host itself', async (t) => {
  const seen: unknown[] = []
  const { web } = await file(t, (request, response) => {
    seen.push(request.url, request.headers.host)
    response.end(value)
  })
  assert.deepEqual(seen, ['/.well-known/pki-validation/fileauth.txt', `shop.example:${web.port}`])
})

test('D6 wrong content after a redirect fails without a word of it', async (t) => {
  const { proof } = await file(t, (request, response) => {
    if (request.url === '/there') response.end('remote words')
    else response.writeHead(302, { location: '/there' }).end()
  })
  assert.deepEqual(proof.failure, { reason: 'mismatch' })
  const embedded = await file(t, (_request, response) => response.end(`<html>${value}</html>`))
  assert.deepEqual(embedded.proof.failure, { reason: 'mismatch' })
  const empty = await file(t, (_request, response) => response.end('\n'))
  assert.deepEqual(empty.proof.failure, { reason: 'not-found' })
})

test('D3 a name of an internal address fails with the reason of the guard', async (t) => {
  const zone = zoneOf([{ type: 'A', name: 'shop.example', ttl: 60, data: '169.254.169.254' }])
  const { proof, web } = await file(t, (_request, response) => response.end(value), 'shop.example', zone)
  assert.deepEqual(proof.failure, { reason: 'http', failure: 'address-refused' })
  assert.equal(web.connections.length, 0)
})

test('D9 a wildcard through a file is refused before anything is asked', async (t) => {
  const { proof, web } = await file(t, (_request, response) => response.end(value), '*.shop.example')
  assert.deepEqual(proof.failure, { reason: 'method-cannot-prove' })
  assert.equal(web.connections.length, 0)
})

test('a value that expired proves nothing, and nothing is asked', async (t) => {
  const { server, resolver } = await resolverOf(t, zoneOf([text('shop.example', value)]))
  const late = { ...claim('shop.example'), now: randomValue.expiresAt }
  assert.deepEqual((await proveByDnsTxt(resolver, late)).failure, { reason: 'value-expired' })
  assert.deepEqual(server.asked, [])
  assert.ok((await proveByDnsTxt(resolver, { ...late, now: late.now - 1 })).evidence)
})

/** The proof by one method from perspectives whose DNS says these things; the first is the own one. */
async function seenFrom(t: TestContext, method: TokenMethod, zones: readonly Zone[]) {
  const web = await startWebServer(t, (_request, response) => response.end(value))
  const perspectives: Perspective[] = []
  for (const [index, zone] of zones.entries()) {
    const { resolver } = await resolverOf(t, zone)
    const http = new GuardedHttp({
      ...{ resolver, guard: addressGuard({ allowed: ['127.0.0.1'] }), otherPorts: [web.port] },
    })
    perspectives.push({ name: `p${index}`, resolver, http })
  }
  const [primary, ...remotes] = perspectives
  assert.ok(primary !== undefined)
  const check: ControlCheck = {
    ...{ perspectives: { primary, remotes }, attempt: 'one', cnameTarget: target, httpPort: web.port },
  }
  return proveControl(method, claim('shop.example'), check)
}

const seen: Readonly<Record<TokenMethod, Zone>> = {
  'dns-txt-token': zoneOf([text('shop.example', value)]),
  'dns-cname-token': zoneOf([alias(`${value}.shop.example`, target)]),
  'http-token': zoneOf([{ type: 'A', name: 'shop.example', ttl: 60, data: '127.0.0.1' }]),
}
const absent = zoneOf([])

for (const method of ['dns-txt-token', 'dns-cname-token', 'http-token'] as const) {
  test(`D18 ${method} proves while one of five remote perspectives disagrees, and not when two do`, async (t) => {
    const good = seen[method]
    const { evidence } = await seenFrom(t, method, [good, good, absent, good, good, good])
    assert.equal(evidence?.method, method)
    assert.deepEqual(evidence?.perspectives, ['p0', 'p1', 'p3', 'p4', 'p5'])
    const two = await seenFrom(t, method, [good, good, absent, () => ({ rcode: 2 }), good, good])
    assert.deepEqual(two.failure, { reason: 'perspectives' })
    const own = await seenFrom(t, method, [absent, good, good, good, good, good])
    assert.notEqual(own.failure, undefined)
    assert.notEqual(own.failure?.reason, 'perspectives')
  })
}

test('approvals go to five constructed addresses and to those that the domain names itself', async (t) => {
  assert.deepEqual(constructedAddresses('shop.example'), [
    ...['admin@shop.example', 'administrator@shop.example', 'webmaster@shop.example'],
    ...['hostmaster@shop.example', 'postmaster@shop.example'],
  ])
  const contacts = async (values: readonly string[]) => {
    const records = values.map((data) => text('_validation-contactemail.shop.example', data))
    return contactAddresses((await resolverOf(t, zoneOf(records))).resolver, 'shop.example')
  }
  assert.deepEqual(await contacts(['Owner@shop.example', 'owner@shop.example', 'it@other.example']), [
    ...['owner@shop.example', 'it@other.example'],
  ])
  assert.deepEqual(
    await contacts(['a@b.example, c@d.example', 'a@b.example\r\nBcc: x@y.example', 'none']),
    [],
  )
  assert.equal((await contacts(['a', 'b', 'c', 'd', 'e', 'f'].map((part) => `${part}@b.example`))).length, 5)
  const { resolver } = await resolverOf(t, () => ({ rcode: 2 }))
  assert.deepEqual(await contactAddresses(resolver, 'shop.example'), [])
})
