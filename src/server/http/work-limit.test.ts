import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import type { FastifyPluginAsync } from 'fastify'
import { pino } from 'pino'
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
        limit.enter(work)
      } catch (error) {
        assert.ok(isFault(error, 'overloaded'))
        return count
      }
      count += 1
    }
  }
  assert.deepEqual([admitted('listing'), admitted('issuance'), admitted('revocation')], [6, 2, 2])
  limit.leave()
  assert.deepEqual([admitted('listing'), admitted('issuance'), admitted('revocation')], [0, 0, 1])
})

test('reading is listing, and what names revocation is that whatever its method', () => {
  assert.equal(usualWork('GET', '/services/v2/order/certificate'), 'listing')
  assert.equal(usualWork('POST', '/services/v2/order/certificate/ssl'), 'issuance')
  assert.equal(usualWork('PUT', '/services/v2/certificate/7/revoke'), 'revocation')
})

test('beyond its room an API is refused at once with Retry-After, status is served, and room comes back', async () => {
  let release = () => {}
  let entered = Promise.withResolvers<void>()
  let left = Promise.withResolvers<void>()
  const limit = new WorkLimit(1)
  const leave = limit.leave.bind(limit)
  limit.leave = () => {
    leave()
    left.resolve()
  }
  const slow: FastifyPluginAsync = async (scope) => {
    scope.get('/slow', async () => {
      left = Promise.withResolvers()
      entered.resolve()
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
    workLimit: limit,
  })
  await listener.listen({ host: '127.0.0.1', port: 0 })
  const address = listener.app.server.address()
  const base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  const get = (path: string) => fetch(`${base}${path}`)
  const answered = get('/slow')
  await entered.promise
  const refused = await get('/fast')
  assert.equal(refused.status, 503)
  assert.equal(refused.headers.get('retry-after'), '2')
  assert.equal((await get('/ocsp')).status, 200)
  assert.equal((await get('/health')).status, 200)
  release()
  assert.equal((await answered).status, 200)
  await left.promise
  left = Promise.withResolvers()
  assert.equal((await get('/fast')).status, 200)
  await left.promise
  // Given up by its caller: its room comes back too.
  entered = Promise.withResolvers()
  const controller = new AbortController()
  const given = fetch(`${base}/slow`, { signal: controller.signal })
  await entered.promise
  controller.abort()
  await assert.rejects(given)
  await left.promise
  assert.equal((await get('/fast')).status, 200)
  release()
  await listener.close()
})
