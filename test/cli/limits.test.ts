import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { chancery, type RunningServer, startServer } from '../support/process.ts'
import { lastFirst } from '../support/stores.ts'

describe('limits and maintenance, while a server of two processes runs', () => {
  const scope = lastFirst({ after })
  let server: RunningServer
  let account: string
  let key: string
  let keyId: string
  before(async () => {
    server = await startServer(scope, { args: ['--processes', '2'] })
    const created = await json(['account', 'create', '--email', 'ada@example.test'])
    account = String(created.account_id)
    key = created.api_key
    keyId = key.slice(0, 26)
  })

  const run = (args: readonly string[]) => chancery([...args, '--data', server.dataFolder])

  async function json(args: readonly string[]) {
    const { status, stdout, stderr } = await run([...args, '--json'])
    assert.equal(status, 0, stderr)
    return JSON.parse(stdout)
  }

  const call = (shown = key) =>
    fetch(`${server.http}/services/v2/user/me`, { headers: { 'x-dc-devkey': shown } })

  /** Asks until it is so; a running server sees what commands change within a second. */
  async function within(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await isSo()) return
      await delay(100)
    }
    assert.fail('the server did not see it')
  }

  const limitOf = (found: { limits: readonly { limit: string; key_id: string | null }[] }, limit: string) =>
    found.limits.find((each) => each.limit === limit)

  test('limits show what a key has left, without counting as a request', async () => {
    assert.equal((await call()).status, 200)
    for (let time = 0; time < 2; time++) {
      const found = await json(['limits', '--key', keyId])
      const [short, long] = Object(limitOf(found, 'certcentral')).windows
      assert.deepEqual(
        [short.limit, short.window_ms, long.limit, long.window_ms],
        [100, 5_000, 1_000, 180_000],
      )
      assert.deepEqual([long.used, long.remaining], [1, 999])
    }
    const all = await json(['limits', '--account', account])
    assert.equal(Object(limitOf(all, 'tinycert.authorities')).key_id, null)
    assert.deepEqual([...new Set(all.limits.map((each: { limit: string }) => each.limit))].sort(), [
      'certcentral',
      'one',
      'tinycert.authorities',
      'tinycert.certificates',
    ])
    const { stdout } = await run(['limits', '--key', keyId])
    assert.match(stdout, new RegExp(`${account} +${keyId} +certcentral +1000/3m +1 +999`))
  })

  test('a limit that an operator sets for a key holds at once, before that of its account, and can be taken back', async () => {
    await json(['limits', 'set', '--account', account, 'certcentral=off', 'one=5/1m'])
    await json(['limits', 'set', '--account', account, '--key', keyId, 'certcentral=3/1h'])
    const set = Object(limitOf(await json(['limits', '--key', keyId]), 'certcentral'))
    assert.deepEqual([set.set_by, set.windows.length, set.windows[0].limit], ['key', 1, 3])
    // One request was made before.
    assert.equal((await call()).status, 200)
    assert.equal((await call()).status, 200)
    const refused = await call()
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 3_000)
    await json(['limits', 'set', '--account', account, '--key', keyId, 'certcentral=default'])
    assert.equal((await call()).status, 200)
    const none = Object(limitOf(await json(['limits', '--key', keyId]), 'certcentral'))
    assert.deepEqual([none.set_by, none.windows], ['account', []])
    await json(['limits', 'set', '--account', account, 'certcentral=default'])
  })

  test('what cannot be set is refused and changes nothing', async () => {
    const set = (...args: string[]) => run(['limits', 'set', '--account', account, ...args])
    for (const [args, status, message] of [
      [['certcentral=5'], 2, /"certcentral" cannot be "5"/],
      [['nonsense=5/1m'], 2, /no limit "nonsense"; there are certcentral, one/],
      [['--key', keyId, 'tinycert.authorities=5/1m'], 1, /not counted by key/],
      [['--key', '01000000000000000000000000', 'one=5/1m'], 1, /no such key/],
      [['one=1/1s,2/2s,3/3s,4/4s,5/5s'], 1, /at most 4 windows/],
    ] as const) {
      const refused = await set(...args)
      assert.equal(refused.status, status, refused.stderr)
      assert.match(refused.stderr, message)
    }
    assert.deepEqual((await json(['account', 'show', account])).settings.keyLimits, undefined)
  })

  test('in maintenance the APIs answer 503 in their own shape while status, health and documentation go on', async () => {
    const begun = await json(['maintenance', 'on', '--for', '10m', '--message', 'new disk'])
    await within(async () => (await call()).status === 503)
    const refused = await call()
    const wait = Number(refused.headers.get('retry-after'))
    assert.ok(wait > 570 && wait <= 600, String(wait))
    assert.equal(Object(await refused.json()).errors[0].code, 'service_unavailable')
    const tinycert = await fetch(`${server.http}/api/v1/connect`, { method: 'POST' })
    assert.equal(tinycert.status, 503)
    assert.ok(tinycert.headers.has('retry-after'))
    for (const path of ['/healthz', '/readyz', '/crl/2.crl', '/aia/2.crt', '/docs']) {
      assert.equal((await fetch(`${server.http}${path}`)).status, 200, path)
    }
    const status = await json(['maintenance', 'status'])
    assert.deepEqual([status.maintenance, status.until, status.message], [true, begun.until, 'new disk'])
    assert.equal((await json(['maintenance', 'off'])).was_under_way, true)
    await within(async () => (await call()).status === 200)
    assert.deepEqual(await json(['maintenance', 'status']), { maintenance: false })
    assert.equal((await json(['maintenance', 'off'])).was_under_way, false)
  })

  test('maintenance ends by itself, and waiting as long as Retry-After says is enough', async () => {
    // Asked while the command still runs: on a slow machine its end may be as late as that of the maintenance.
    const begun = json(['maintenance', 'on', '--for', '10s'])
    let wait = 0
    await within(async () => {
      const { status, headers } = await call()
      wait = Number(headers.get('retry-after'))
      return status === 503
    })
    assert.ok(wait >= 1 && wait <= 10, String(wait))
    await begun
    await delay(wait * 1_000)
    assert.equal((await call()).status, 200)
    const { status, stderr } = await run(['maintenance', 'on', '--for', '8d'])
    assert.equal(status, 2)
    assert.match(stderr, /from 1s to 7d/)
    const unsaid = await run(['maintenance', 'on', '--for', '10m', '--message', 'new\ndisk'])
    assert.notEqual(unsaid.status, 0)
    assert.match(unsaid.stderr, /"message" is not valid: one line/)
    assert.equal((await json(['maintenance', 'status'])).maintenance, false)
  })

  test('X5 keys that do not work are refused with 429 past the limit of an address, over all APIs and processes', async () => {
    const wrong = `01${'0'.repeat(24)}_${'0'.repeat(64)}`
    const statuses: number[] = []
    for (let time = 0; time < 120; time++) statuses.push((await call(wrong)).status)
    assert.deepEqual([...new Set(statuses.slice(0, 100))], [403])
    assert.deepEqual([...new Set(statuses.slice(100))], [429])
    const one = await fetch(`${server.http}/mpki/api/v1/hello`, { headers: { 'x-api-key': wrong } })
    assert.ok([401, 404, 429].includes(one.status))
    assert.ok(Number((await call(wrong)).headers.get('retry-after')) > 200)
    assert.equal((await call()).status, 200, 'a key that works is served')
  })
})
