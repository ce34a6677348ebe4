import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyPluginAsync } from 'fastify'
import { pino } from 'pino'
import { exchangeRaw } from '../../../test/support/http.ts'
import { isFault } from '../../core/faults.ts'
import { readConfiguration } from '../configuration/configuration.ts'
import { createPlainListener } from './listener.ts'
import { usualWork, WorkLimit } from './work-limit.ts'

test('each class is admitted up to its share, and what is left is kept for those before it', () => {
  const limit = new WorkLimit(10)
  const admitted = (work: Parameters<WorkLimit['enter']>[0]) => {
    let count = 0
    for (;;) {
      try {
        limit.enter(work, {})
      } catch (error) {
        assert.ok(isFault(error, 'overloaded'))
        return count
      }
      count += 1
    }
  }
  assert.deepEqual([admitted('listing'), admitted('issuance'), admitted('revocation')], [6, 2, 2])
  limit.leave({})
  assert.deepEqual([admitted('listing'), admitted('issuance'), admitted('revocation')], [0, 0, 1])
})

test('a connection has so many requests at once, and others have theirs', () => {
  const limit = new WorkLimit(100)
  const [one, other] = [{}, {}]
  for (let count = 0; count < 8; count++) limit.enter('revocation', one)
  const isFull = (error: unknown) => isFault(error, 'overloaded')
  assert.throws(() => limit.enter('revocation', one), isFull)
  limit.enter('listing', other)
  limit.leave(one)
  limit.enter('revocation', one)
  assert.throws(() => limit.enter('revocation', one), isFull)
})

test('reading is listing, and what names revocation is that whatever its method', () => {
  assert.equal(usualWork('GET', '/services/v2/order/certificate'), 'listing')
  assert.equal(usualWork('POST', '/services/v2/order/certificate/ssl'), 'issuance')
  assert.equal(usualWork('PUT', '/services/v2/certificate/7/revoke'), 'revocation')
})

test('who sends many requests without waiting for answers takes no room of others', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const api: FastifyPluginAsync = async (scope) => {
    scope.get('/slow', () => held.then(() => 'done'))
    scope.get('/fast', async () => 'done')
  }
  const listener = createPlainListener({
    settings: readConfiguration({ data: tmpdir() }, {}),
    log: pino({ level: 'silent' }),
    faces: [{ name: 'api', exposure: 'api', plugin: api }],
    processes: 1,
    workLimit: new WorkLimit(20),
  })
  const base = await listener.app.listen({ host: '127.0.0.1', port: 0 })
  const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\n`
  const all = `${`${head('/slow')}\r\n`.repeat(29)}${head('/slow')}Connection: close\r\n\r\n`
  const many = exchangeRaw(base, all)
  await delay(100)
  const [answer] = await Promise.all([fetch(`${base}/fast`), delay(50)])
  release()
  const codes = [...(await many).answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code)
  await listener.close()
  assert.equal(answer.status, 200)
  assert.deepEqual(codes, [...Array(8).fill('200'), ...Array(22).fill('503')])
})

test('beyond its room an API is refused at once with Retry-After, status is served, and room comes back', async () => {
  let release = () => {}
  const slow: FastifyPluginAsync = async (scope) => {
    scope.get('/slow', async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return 'done'
    })
    scope.get('/fast', async () => 'done')
    scope.get('/health', { config: { alwaysOpen: true } }, async () => 'up')
  }
  const status: FastifyPluginAsync = async (scope) => {
    scope.get('/ocsp', async () => 'good')
  }
  const listener = createPlainListener({
    settings: readConfiguration({ data: tmpdir() }, {}),
    log: pino({ level: 'silent' }),
    faces: [
      { name: 'api', exposure: 'api', plugin: slow },
      { name: 'status', exposure: 'status', plugin: status },
    ],
    processes: 1,
    workLimit: new WorkLimit(1),
  })
  await listener.listen({ host: '127.0.0.1', port: 0 })
  const address = listener.app.server.address()
  const base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  const get = (path: string) => fetch(`${base}${path}`)
  const answered = get('/slow')
  await delay(100)
  const refused = await get('/fast')
  assert.equal(refused.status, 503)
  assert.equal(refused.headers.get('retry-after'), '2')
  assert.equal((await get('/ocsp')).status, 200)
  assert.equal((await get('/health')).status, 200)
  release()
  assert.equal((await answered).status, 200)
  await (await answered).text()
  await delay(50)
  assert.equal((await get('/fast')).status, 200)
  // Given up by its caller: its room comes back too.
  const controller = new AbortController()
  const given = fetch(`${base}/slow`, { signal: controller.signal })
  await delay(100)
  controller.abort()
  await assert.rejects(given)
  await delay(50)
  assert.equal((await get('/fast')).status, 200)
  release()
  await listener.close()
})
