import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createDatabase, postgresMissing } from '../../support/postgres.ts'
import { chancery, startServer } from '../../support/process.ts'
import { lastFirst } from '../../support/stores.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'

const limit = 100
const burst = 1_000
/** Longer than a burst takes, also where the machine has much else to do. */
const windowMs = 30_000

interface Told {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** When it was there. */
  readonly at: number
}

/** Calls of one key over kept connections, in turn at each of the servers. */
class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 20 })
  readonly #servers: readonly string[]
  readonly #key: string
  #count = 0

  constructor(scope: Scope, servers: readonly string[], key: string) {
    this.#servers = servers
    this.#key = key
    scope.after(() => this.#agent.destroy())
  }

  call(): Promise<Told> {
    const server = this.#servers[this.#count++ % this.#servers.length]
    const headers = { 'x-api-key': this.#key }
    return new Promise((resolve, reject) => {
      const sent = request(`${server}/account/api/v1/user/me`, { agent: this.#agent, headers })
      sent.on('error', reject)
      sent.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            ...{ status: response.statusCode ?? 0, headers: response.headers, text },
            at: performance.now(),
          }),
        )
      })
      sent.end()
    })
  }

  many(count: number): Promise<readonly Told[]> {
    return Promise.all(Array.from({ length: count }, () => this.call()))
  }
}

async function newKey(dataFolder: string, email: string, database: readonly string[]): Promise<string> {
  const where = ['--data', dataFolder, ...database]
  const { status, stdout, stderr } = await chancery([
    'account',
    'create',
    '--email',
    email,
    '--json',
    ...where,
  ])
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout).api_key
}

const passed = (answers: readonly Told[]) => answers.filter(({ status }) => status === 200)

async function judgeBursts(scope: Scope, caller: Caller, other: Caller): Promise<void> {
  let isOver = false
  scope.after(() => {
    isOver = true
  })
  const quiet = (async () => {
    const answers: Told[] = []
    while (!isOver && answers.length < limit / 2) answers.push(await other.call())
    return answers
  })()
  const started = performance.now()
  const first = await caller.many(burst)
  isOver = true
  const took = performance.now() - started
  assert.ok(took < windowMs, `the burst took ${Math.round(took)} ms, more than the window it is to fill`)
  const inFirst = passed(first)
  assert.equal(inFirst.length, limit)
  const refused = first.filter(({ status }) => status === 429)
  assert.equal(refused.length, burst - limit)
  for (const { headers, text } of refused) {
    const seconds = Number(headers['retry-after'])
    assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= windowMs / 1_000, String(seconds))
    assert.equal(headers['ratelimit-policy'], `"w1";q=${limit};w=${windowMs / 1_000}, "w2";q=5000;w=180`)
    assert.match(String(headers.ratelimit), /^"w1";r=0;/)
    assert.equal(JSON.parse(text).code, 'rate_limit_exceeded')
  }
  const others = await quiet
  assert.ok(others.length > 0)
  assert.equal(passed(others).length, others.length, 'another key was refused')

  const told = await caller.call()
  assert.equal(told.status, 429)
  await delay(Number(told.headers['retry-after']) * 1_000)
  assert.equal((await caller.call()).status, 200, 'who waited as long as he was told was refused')

  const last = Math.max(...inFirst.map(({ at }) => at))
  await delay(Math.max(0, last + windowMs - performance.now()))
  assert.equal(passed(await caller.many(burst)).length, limit - 1, 'one call of this window was made before')
}

function configuration(scope: Scope): readonly string[] {
  const file = join(temporaryFolder(scope, 'configuration'), 'config.yaml')
  writeFileSync(file, `rates:\n  one:\n    short: ${limit}/${windowMs / 1_000}s\n    long: 5000/3m\n`)
  return ['--config', file]
}

test('X7 (ONE) of a burst of 1,000 calls at two request loops exactly the limit passes, Retry-After is honest, and another key goes on', async (context) => {
  const scope = lastFirst(context)
  const server = await startServer(scope, { processes: 2, args: configuration(scope) })
  const [busy, other] = [
    await newKey(server.dataFolder, 'busy@harbour.example', []),
    await newKey(server.dataFolder, 'other@harbour.example', []),
  ]
  await judgeBursts(scope, new Caller(scope, [server.http], busy), new Caller(scope, [server.http], other))
  assert.equal(await server.stop(), 0)
})

test('X7 (ONE) the same holds for two servers on one PostgreSQL together', {
  skip: postgresMissing,
}, async (context) => {
  const scope = lastFirst(context)
  const database = ['--database-url', await createDatabase(scope)]
  const args = [...configuration(scope), ...database, '--clientauth-listen', '127.0.0.1:0']
  const first = await startServer(scope, { args })
  const masterKey = ['--master-key-file', join(first.dataFolder, 'master.key')]
  const second = await startServer(scope, { args: [...args, ...masterKey] })
  const servers = [first.http, second.http]
  const [busy, other] = [
    await newKey(first.dataFolder, 'busy@harbour.example', database),
    await newKey(first.dataFolder, 'other@harbour.example', database),
  ]
  await judgeBursts(scope, new Caller(scope, servers, busy), new Caller(scope, servers, other))
  assert.equal(await second.stop(), 0)
  assert.equal(await first.stop(), 0)
})
