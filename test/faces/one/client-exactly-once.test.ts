import assert from 'node:assert/strict'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { ChanceryClient } from '../../../sdk/src/index.ts'
import { chancery, startServer } from '../../support/process.ts'
import { lastFirst } from '../../support/stores.ts'
import type { Scope } from '../../support/tmp.ts'
import { csrPem } from './requests.ts'

const calls = 1_000
const atOnce = 16

interface DroppingProxy {
  readonly url: string
  /** Answers of the server, and how many of them did not reach the client. */
  counts(): { readonly answers: number; readonly dropped: number }
}

/** Passes every request on and breaks off every second answer: in turn before its first byte and within its body. */
async function startDroppingProxy(scope: Scope, target: string): Promise<DroppingProxy> {
  const agent = new Agent({ keepAlive: true })
  let answers = 0
  let dropped = 0
  const server = createServer((received, reply) => {
    const { method, headers, url } = received
    const onward = request(`${target}${url}`, { method, headers, agent }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const body = Buffer.concat(parts)
        if (++answers % 2 === 1) {
          reply.writeHead(answer.statusCode ?? 502, answer.headers).end(body)
        } else if (++dropped % 2 === 1) {
          received.socket.destroy()
        } else {
          reply.writeHead(answer.statusCode ?? 502, answer.headers)
          reply.write(body.subarray(0, body.length / 2), () => received.socket.destroy())
        }
      })
    })
    onward.on('error', () => received.socket.destroy())
    received.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.after(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, counts: () => ({ answers, dropped }) }
}

test('P17 (ONE) 1,000 issue calls of our own client with every second answer lost make 1,000 certificates, one a call', async (context) => {
  const scope = lastFirst(context)
  const server = await startServer(scope, { processes: 2, args: ['--rate-limits', 'off'] })
  const create = ['account', 'create', '--email', 'ada@harbour.example', '--json']
  const made = await chancery([...create, '--data', server.dataFolder])
  const { api_key: apiKey } = JSON.parse(made.stdout)
  const { trustLifecycle } = new ChanceryClient({ baseUrl: server.http, apiKey })
  const [profile] = await trustLifecycle.profiles.list()
  assert.ok(profile)
  const proxy = await startDroppingProxy(scope, server.http)
  const flaky = new ChanceryClient({
    baseUrl: proxy.url,
    apiKey,
    // Among many calls at once one may lose its answer again and again.
    retry: {
      attempts: 100,
      deadlineMs: 600_000,
      attemptTimeoutMs: 120_000,
      backoffBaseMs: 1,
      backoffCapMs: 20,
    },
  })
  const csr = csrPem()
  const told = new Map<string, string>()
  let next = 0
  const work = async () => {
    while (next < calls) {
      const name = `pump-${next++}.harbour.example`
      const issued = await flaky.trustLifecycle.certificates.issue({
        profile: { id: profile.id },
        seat: { seat_id: name },
        csr,
        attributes: { subject: { common_name: name } },
      })
      assert.ok('serial_number' in issued)
      told.set(name, String(issued.serial_number))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))

  const { answers, dropped } = proxy.counts()
  assert.equal(answers - dropped, calls)
  assert.ok(dropped >= calls - 1, `${dropped} answers were lost`)
  const held = new Map<string, string>()
  for (let offset = 0; offset <= calls; offset += 100) {
    const { items, total } = await trustLifecycle.certificates.search({ offset, limit: 100 })
    assert.equal(total, calls)
    for (const { common_name, serial_number } of items) held.set(String(common_name), serial_number)
  }
  assert.equal(told.size, calls)
  assert.deepEqual(new Map([...held].sort()), new Map([...told].sort()))
  assert.equal(await server.stop(), 0)
})
