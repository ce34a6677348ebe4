import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import { anAccount } from '../../test/support/store-records.ts'
import { storeKinds } from '../../test/support/stores.ts'
import { accountId } from '../core/brand.ts'
import { isFault } from '../core/faults.ts'
import type { Program } from '../core/store/program.ts'
import { compilable } from './collections/raw.ts'
import { postgresDialect, sqliteDialect } from './dialect.ts'
import { type LongReadLimits, longReadLimits } from './long-reads.ts'
import { longRow } from './statement.ts'

const dialects = { SQLite: sqliteDialect(), PostgreSQL: postgresDialect() }
const ENDLESS = 2 ** 31

for (const { name, skip, place } of storeKinds) {
  const dialect = dialects[name]

  /** A store under these limits, and a read of it that counts as far as it is told. */
  async function opened(scope: Parameters<typeof place>[0], limits: Partial<LongReadLimits>) {
    const store = await (await place(scope)).open({
      longReads: { ...longReadLimits, shortMs: 20, parallel: 1, ...limits },
    })
    await store.write((tx) => tx.accounts.insert(anAccount()))
    const counting = function* (most: number): Program<number | undefined> {
      const pacing = dialect.pacing(sql.ref('x')) ?? sql`true`
      const query = sql`with recursive counted(x) as (
          select cast(1 as bigint) union all select x + 1 from counted where x < ${most})
        select count(*) as total from counted where ${pacing}`
      return (yield* longRow(compilable<{ total: number }>(dialect.db, query), 'paced'))?.total
    }
    const reading = async (most: number) => store.read(() => counting(most))
    const accountName = async () => (await store.read((view) => view.accounts.byId(accountId(1))))?.name
    return { store, reading, accountName }
  }

  test(`${name}: while a read takes long, the event loop turns and other reads are answered`, {
    skip,
  }, async (t) => {
    const { reading, accountName } = await opened(t, {})
    let isDone = false
    const long = reading(500_000).finally(() => {
      isDone = true
    })
    let turns = 0
    let answers = 0
    while (!isDone) {
      await turn()
      turns += 1
      if (turns % 100 === 0 && (await accountName()) === anAccount().name && !isDone) answers += 1
    }
    assert.equal(await long, 500_000)
    assert.ok(turns > 200, `${turns} turns`)
    assert.ok(answers > 0, `${answers} answers`)
  })

  test(`${name}: a long read more than may wait is refused at once, and told when to come again`, {
    skip,
  }, async (t) => {
    // A short read is one however busy the machine is, and all are asked for before the first is given up.
    const limits = { shortMs: 150, waiting: 1, longestMs: 3_000, waitMs: 60_000 }
    const { store, reading, accountName } = await opened(t, limits)
    const refusals = Array.from({ length: 4 }, () => reading(ENDLESS).catch((error: unknown) => error))
    assert.equal(await accountName(), anAccount().name, 'what is short is read all the same')
    assert.equal(await reading(10), 10, 'what may take long may be short')
    const told = await Promise.all(refusals)
    assert.equal(told.filter((error) => isFault(error, 'store_busy')).length, 2)
    const refused = told.filter((error) => isFault(error, 'overloaded'))
    assert.equal(refused.length, 2)
    for (const { detail } of refused) assert.ok(detail.retryAfterMs > 0)
    assert.equal(store.healthy(), true)
  })

  test(`${name}: a read that takes longer than it may is ended with store_busy, and the next one is done`, {
    skip,
  }, async (t) => {
    const { store, reading } = await opened(t, { longestMs: 2_000 })
    await assert.rejects(
      reading(ENDLESS),
      (error) => isFault(error, 'store_busy') && error.detail.retryAfterMs > 0,
    )
    assert.equal(await reading(10_000), 10_000)
    assert.equal(store.healthy(), true)
  })

  test(`${name}: a long read that waited too long is refused with overloaded`, { skip }, async (t) => {
    const { reading } = await opened(t, { longestMs: 3_000, waitMs: 100 })
    const codes = await Promise.all(
      [reading(ENDLESS), reading(ENDLESS)].map((read) =>
        read.catch((error: unknown) => (isFault(error) ? error.code : error)),
      ),
    )
    assert.deepEqual(codes.toSorted(), ['overloaded', 'store_busy'])
  })

  test(`${name}: closing ends what runs long and refuses what waits`, { skip }, async (t) => {
    const { store, reading } = await opened(t, { shortMs: 1, longestMs: 2_000 })
    const reads = Promise.allSettled([reading(ENDLESS), reading(ENDLESS)])
    for (let turns = 0; turns < 200; turns++) await turn()
    await store.close()
    for (const read of await reads) assert.equal(read.status, 'rejected')
  })
}
