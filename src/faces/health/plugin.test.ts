import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fastify } from 'fastify'
import { health } from './plugin.ts'
import { type CheckResult, createReadiness, type ReadinessCheck } from './readiness.ts'

const metrics = async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' })

const isHere = (address: string) => address === '127.0.0.1'

async function answerWith(checks: readonly ReadinessCheck[]) {
  const errors: string[] = []
  const readiness = createReadiness({
    checks,
    timeoutMs: 50,
    freshMs: 1000,
    onError: (check) => errors.push(check),
    monotonic: () => 0,
  })
  const app = fastify()
  await app.register(health({ readiness, metrics, mayInspect: isHere }))
  const answer = await app.inject('/readyz')
  await app.close()
  return { status: answer.statusCode, body: answer.json(), errors }
}

const check = (name: string, result: CheckResult): ReadinessCheck => ({ name, run: () => result })

test('readyz is 200 and lists every check when all are well', async () => {
  const { status, body } = await answerWith([
    check('storage', { status: 'ok' }),
    check('clock', { status: 'ok' }),
  ])
  assert.equal(status, 200)
  assert.deepEqual(body, {
    status: 'ready',
    checks: [
      { name: 'storage', status: 'ok' },
      { name: 'clock', status: 'ok' },
    ],
  })
})

test('R17 readyz stays 200 and says degraded with its reason when a CRL is overdue', async () => {
  const overdue: CheckResult = { status: 'degraded', reason: 'CRL of CA 2 is overdue' }
  const { status, body } = await answerWith([check('storage', { status: 'ok' }), check('crls', overdue)])
  assert.equal(status, 200)
  assert.equal(body.status, 'degraded')
  assert.equal(body.checks[1].reason, 'CRL of CA 2 is overdue')
})

test('readyz is 503 when a check fails, throws or does not answer, and tells no internals', async () => {
  const throwing: ReadinessCheck = {
    name: 'signer',
    run: () => {
      throw new Error('secret path')
    },
  }
  const silent: ReadinessCheck = { name: 'storage', run: () => new Promise(() => {}) }
  const { status, body, errors } = await answerWith([throwing, silent])
  assert.equal(status, 503)
  assert.equal(body.status, 'unready')
  assert.doesNotMatch(JSON.stringify(body), /secret path/)
  assert.deepEqual(errors, ['signer'])
})

test('callers within the fresh time share one run of the checks', async () => {
  let runs = 0
  let now = 0
  const counted: ReadinessCheck = {
    name: 'storage',
    run: () => {
      runs++
      return { status: 'ok' }
    },
  }
  const readiness = createReadiness({
    checks: [counted],
    timeoutMs: 50,
    freshMs: 1000,
    onError: () => {},
    monotonic: () => now,
  })
  await Promise.all([readiness(), readiness(), readiness()])
  now = 999
  await readiness()
  assert.equal(runs, 1)
  now = 1000
  await readiness()
  assert.equal(runs, 2)
})

test('healthz and metrics answer', async () => {
  const app = fastify()
  const readiness = async () => ({ status: 'ready', checks: [] }) as const
  await app.register(health({ readiness, metrics, mayInspect: isHere }))
  assert.deepEqual((await app.inject('/healthz')).json(), { status: 'ok' })
  const answer = await app.inject('/metrics')
  assert.equal(answer.body, 'up 1\n')
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4')
  await app.close()
})

test('who may not inspect is told the state alone, and no metrics', async () => {
  const app = fastify({ trustProxy: '192.0.2.1' })
  const checks = [{ name: 'storage', status: 'failed', reason: 'a write failed' }] as const
  const readiness = async () => ({ status: 'unready', checks }) as const
  await app.register(health({ readiness, metrics, mayInspect: isHere }))
  const strangers = [
    { remoteAddress: '192.0.2.7' },
    // A proxy on this machine that nobody named: the caller may be anywhere.
    { headers: { 'x-forwarded-for': '192.0.2.7' } },
    { headers: { forwarded: 'for=192.0.2.7' } },
    { remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': '192.0.2.7' } },
  ]
  for (const stranger of strangers) {
    const answer = await app.inject({ url: '/readyz', ...stranger })
    assert.equal(answer.statusCode, 503)
    assert.deepEqual(answer.json(), { status: 'unready' })
    assert.equal((await app.inject({ url: '/metrics', ...stranger })).statusCode, 403)
  }
  const through = { remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': '127.0.0.1' } }
  assert.equal((await app.inject({ url: '/metrics', ...through })).statusCode, 200)
  await app.close()
})
