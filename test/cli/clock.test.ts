import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createDatabase, postgresMissing } from '../support/postgres.ts'
import { chancery, type RunningServer, startServer } from '../support/process.ts'
import { lastFirst, placeAt, type StorePlace } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'

const yearMs = 365 * 24 * 3_600_000

for (const name of ['SQLite', 'PostgreSQL'] as const) {
  const skip = name === 'PostgreSQL' ? postgresMissing : false
  describe(`a clock that was put right under a server of two processes, on ${name}`, { skip }, () => {
    const scope = lastFirst({ after })
    const folder = temporaryFolder(scope, 'clock')
    let store: readonly string[] = []
    let place: StorePlace
    let server: RunningServer

    before(async () => {
      const data = join(folder, 'data')
      const url = name === 'PostgreSQL' ? await createDatabase(scope) : undefined
      const location = url === undefined ? { sqlitePath: join(data, 'chancery.db') } : { url }
      place = placeAt(scope, location)
      const database = url === undefined ? [] : ['--database-url', url]
      store = ['--data', data, ...database]
      const start = () => startServer(scope, { dataFolder: data, processes: 2, args: database })
      await (await start()).stop()
      // As if its clock had shown this while it served.
      await place.query(`delete from setting where name = 'last-signing'`)
      await place.query(`insert into setting (name, value) values ('last-signing', '${Date.now() + yearMs}')`)
      server = await start()
    })

    const run = (...args: readonly string[]) => chancery([...args, ...store])
    const json = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await run(...args, '--json')
      assert.equal(status, 0, stderr)
      return JSON.parse(stdout)
    }
    const readiness = async () => {
      const answer = await fetch(`${server.http}/readyz`)
      const { checks } = Object(await answer.json())
      return {
        status: answer.status,
        clock: checks.find((check: { name: string }) => check.name === 'clock'),
      }
    }
    const minute = (time: number) => `${new Date(time).toISOString().slice(0, 16)}Z`

    test('it is told by readiness and by every command that signs, and only the present time is taken for one', async () => {
      const unready = await readiness()
      assert.equal(unready.status, 503)
      assert.match(unready.clock.reason, /behind the last signature: "chancery clock"/)
      const refused = await run('issue', 'x.internal', '--out', join(folder, 'refused'))
      assert.equal(refused.status, 1)
      assert.match(refused.stderr, /the clock of this machine is behind the last signature.*"chancery clock"/)
      const found = await json('clock')
      assert.deepEqual([found.behind, found.confirmed], [true, false])
      assert.ok(Date.parse(found.last_signature) > Date.now() + yearMs / 2)
      for (const [time, status, message] of [
        [minute(Date.now() + yearMs), 1, /the clock of this machine shows .*; set it right first/],
        ['2026-11-22T10:30', 2, /a time with its zone/],
        ['now', 2, /a time with its zone/],
        ['2026-02-30T10:30Z', 2, /a time with its zone/],
      ] as const) {
        const { stderr, ...wrong } = await run('clock', '--confirm', time)
        assert.equal(wrong.status, status, stderr)
        assert.match(stderr, message)
      }
      assert.equal((await json('clock')).behind, true)
    })

    test('confirmed, every process signs again within seconds, and a second time there is nothing to confirm', async () => {
      assert.equal((await json('clock', '--confirm', minute(Date.now()))).confirmed, true)
      const until = performance.now() + 60_000
      // Both processes answer in turns, so ten in a row are of both.
      for (let ready = 0; ready < 10; ) {
        ready = (await readiness()).status === 200 ? ready + 1 : 0
        if (performance.now() > until) assert.fail('a process did not learn of it')
        await delay(50)
      }
      const issued = await run('issue', 'x.internal', '--out', join(folder, 'issued'))
      assert.equal(issued.status, 0, issued.stderr)
      const again = await run('clock', '--confirm', minute(Date.now()))
      assert.equal(again.status, 1)
      assert.match(again.stderr, /there is nothing to confirm/)
      assert.equal((await run('audit', 'verify')).status, 0)
      const [row] = await place.query(
        `select count(*) as count from event where body like '%"clock.step-accepted"%'`,
      )
      assert.equal(Number(row?.count), 1)
    })
  })
}
