import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { anAccount } from '../../test/support/store-records.ts'
import { type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { accountId } from '../core/brand.ts'
import { Fault } from '../core/faults.ts'
import { type OrderColumn, orderCertificates, orderRequests, orders } from '../core/orders/orders.ts'
import type {
  CollectionDefinition,
  CollectionItem,
  CollectionQuery,
  Condition,
} from '../core/store/collection.ts'
import { DocumentReader } from '../core/store/document.ts'
import { StoreUnusable } from '../core/store/unusable.ts'
import { migrations, schemaVersion } from './migrations/index.ts'

const isUnusable = (defect: string) => (error: unknown) =>
  error instanceof StoreUnusable && error.defect === defect

/** Opens the store in a process of its own that kills itself at the `steps`th step of migrating. */
async function openAndDie(location: object, steps: number): Promise<NodeJS.Signals | null> {
  const module = new URL('open.ts', import.meta.url).href
  const script = `
    const { openStore } = await import(${JSON.stringify(module)})
    let steps = 0
    const store = await openStore({
      clock: { now: () => Date.now() },
      random: { bytes: (length) => new Uint8Array(length) },
      log: { info() {}, warn() {}, error() {} },
      processName: 'dying',
      stopAt: () => { if (++steps === ${steps}) process.kill(process.pid, 'SIGKILL') },
      ...${JSON.stringify(location)},
    })
    await store.close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  const [, signal] = await once(child, 'exit')
  return signal
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: S10 a start killed at any step of migrating is made good by the next`, {
    skip,
  }, async (t) => {
    for (const steps of [1, 2, 5, 9, 14, 20, 28]) {
      const at = await place(t)
      assert.equal(await openAndDie(at.location, steps), 'SIGKILL', `step ${steps} is reached`)
      const store = await at.open()
      assert.equal(await store.write((tx) => tx.accounts.insert(anAccount())), true)
      const applied = await at.query('select number from schema_migration order by number')
      assert.deepEqual(
        applied.map(({ number }) => Number(number)),
        migrations.map(({ number }) => number),
      )
      await store.close()
    }
  })

  test(`${name}: S10 two first starts at once both succeed`, { skip }, async (t) => {
    const at = await place(t)
    const stores = await Promise.all([at.open(), at.open(), at.open()])
    for (const store of stores) await store.write((tx) => tx.accounts.nextId())
    const [row] = await at.query(`select value from counter where name = 'account'`)
    assert.equal(Number(row?.value), 3)
  })

  test(`${name}: S11 a database newer than the program is refused with one clear line`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    await (await at.open()).close()
    await at.query(`insert into schema_migration (number, name) values (${schemaVersion + 1}, 'later')`)
    await assert.rejects(at.open(), (error) => {
      assert.ok(isUnusable('newer-than-program')(error))
      assert.match(String(error), /newer than the program: it has schema version \d+, this program knows \d+/)
      return true
    })
  })

  test(`${name}: S11 a program stops writing when a newer one changes the schema under it`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await store.write((tx) => tx.accounts.nextId())
    await at.query(`insert into schema_migration (number, name) values (${schemaVersion + 1}, 'later')`)
    const refused = (error: unknown) => error instanceof Fault && error.code === 'store_failed'
    await assert.rejects(
      store.write((tx) => tx.accounts.nextId()),
      refused,
    )
    assert.equal(store.healthy(), false)
    const [row] = await at.query(`select value from counter where name = 'account'`)
    assert.equal(Number(row?.value), 1)
    await assert.rejects(
      store.write((tx) => tx.accounts.nextId()),
      refused,
    )
    assert.equal(await store.read((view) => view.accounts.byEmail('nobody@example.test')), undefined)
  })

  test(`${name}: S11 a program at rest notices a newer schema by itself`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await at.query(`insert into schema_migration (number, name) values (${schemaVersion + 1}, 'later')`)
    const until = performance.now() + 60_000
    while (store.healthy() && performance.now() < until) await delay(20)
    assert.equal(store.healthy(), false)
  })

  test(`${name}: S11 a schema of another program is refused`, { skip }, async (t) => {
    const at = await place(t)
    await (await at.open()).close()
    await at.query(`update schema_migration set name = 'something else' where number = 2`)
    await assert.rejects(at.open(), isUnusable('foreign-schema'))
  })

  test(`${name}: orders of before are found by serial number and by name once terms find both`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    await (await at.open()).close()
    await undoFewerOrderIndexes(at)
    await at.query('delete from schema_migration where number >= 22')
    for (const [table, column] of [
      ['certificate_order', 'serial_number'],
      ['certificate_order', 'thumbprint'],
      ['certificate_order', 'certificate_id'],
      ['order_certificate', 'serial_number'],
    ]) {
      await at.query(`create index "${table}_account_id_${column}" on ${table} (account_id, ${column})`)
    }
    for (let first = 1; first <= 600; first += 300) {
      const rows = Array.from(
        { length: 300 },
        (_, n) => `(${first + n}, 7, 'S${first + n}', 'T${first + n}',
        '\nhost-${first + n}.example.test\n', '{}')`,
      )
      await at.query(`insert into certificate_order (id, account_id, serial_number, thumbprint, terms, document)
                      values ${rows.join()}`)
    }
    const store = await at.open()
    const totalOf = async (condition: Condition<OrderColumn>) => {
      const query = { accountId: accountId(7), where: [condition], offset: 0, limit: 0 }
      return (await store.read((view) => view.collection(orders).list(query))).total
    }
    assert.equal(
      await totalOf({ column: 'serial_number', is: 'any-of', values: ['S1', 'S300', 'S600', 'S601'] }),
      3,
    )
    assert.equal(await totalOf({ column: 'thumbprint', is: 'any-of', values: ['T299'] }), 1)
    assert.equal(await totalOf({ is: 'term', text: 'host-600.example.test' }), 1)
    assert.equal(await totalOf({ is: 'term-contains', text: 'host-' }), 600)
  })

  test(`${name}: lists of orders and requests of before are the same with fewer indexes`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    await (await at.open()).close()
    await undoFewerOrderIndexes(at)
    const numbers = Array.from({ length: 300 }, (_, n) => n + 1)
    const documentOf = (n: number) => `'{"id":${n},"accountId":${n % 3}}'`
    await at.query(`insert into certificate_order
        (id, account_id, is_renewed, no_renewal_notices, validity_years, terms, document)
      values ${numbers.map((n) => `(${n}, ${n % 3}, ${n % 10 === 0 ? 1 : 0}, ${n % 2}, ${n % 7 || null}, '', ${documentOf(n)})`).join()}`)
    await at.query(`insert into order_request (id, account_id, order_id, status, created_at, document)
      values ${numbers.map((n) => `(${n}, ${n % 3}, ${n}, 'approved', ${n * 1_000}, ${documentOf(n)})`).join()}`)
    await at.query(`insert into order_certificate (id, account_id, order_id, status, updated_at, document)
      values ${numbers.map((n) => `(${n}, ${n % 3}, ${n}, 'issued', ${n * 1_000}, ${documentOf(n)})`).join()}`)
    const store = await at.open()
    const ids = async <Column extends string>(
      kept: Pick<CollectionDefinition<never, Column>, 'name' | 'columns'>,
      query: Pick<CollectionQuery<Column>, 'where' | 'sort'>,
    ) => {
      const found = await store.read((view) =>
        view
          .collection(rowsOf(kept.name, kept.columns))
          .list({ ...query, accountId: accountId(1), offset: 0, limit: 1_000 }),
      )
      assert.equal(found.total, found.items.length)
      return found.items.map(({ id }) => id)
    }
    const own = (is: (n: number) => boolean) => numbers.filter((n) => n % 3 === 1 && is(n))
    const isRenewed = (n: number) => n % 10 === 0
    const any = <Column>(column: Column, ...values: number[]) => ({ column, is: 'any-of', values }) as const
    assert.deepEqual(
      await ids(orders, { where: [] }),
      own(() => true),
    )
    assert.deepEqual(await ids(orders, { where: [any('is_renewed', 1)] }), own(isRenewed))
    assert.deepEqual(
      await ids(orders, { where: [any('is_renewed', 0), any('no_renewal_notices', 1)] }),
      own((n) => !isRenewed(n) && n % 2 === 1),
    )
    const byYears = own(() => true).toSorted((one, other) => (one % 7) - (other % 7) || one - other)
    assert.deepEqual(
      await ids(orders, { where: [], sort: [{ column: 'validity_years', descending: false }] }),
      byYears,
    )
    const time = { column: 'created_at', is: 'between', from: 50_000, to: 90_000 } as const
    assert.deepEqual(
      await ids(orderRequests, { where: [time] }),
      own((n) => n >= 50 && n <= 90),
    )
    assert.deepEqual(await ids(orderCertificates, { where: [any('order_id', 7)] }), [7])
    const indexes = await at.query(
      name === 'SQLite'
        ? `select name from sqlite_master where type = 'index' and tbl_name like '%order%'`
        : `select indexname as name from pg_indexes where tablename like '%order%'`,
    )
    const names = indexes.map((each) => String(each.name))
    assert.ok(names.includes('certificate_order_account_id_id'))
    assert.ok(!names.some((each) => /is_renewed|no_renewal|validity_years|_account_id$/.test(each)))
  })
}

/** A collection whose documents say who has them, and nothing else. */
function rowsOf<Column extends string>(
  name: string,
  columns: CollectionDefinition<never, Column>['columns'],
): CollectionDefinition<CollectionItem, Column> {
  return {
    name,
    columns,
    values: () => assert.fail('nothing is stored'),
    parse(document) {
      const read = new DocumentReader(document, name)
      return { id: read.integer('id'), accountId: accountId(read.integer('accountId')) }
    },
  }
}

/** Brings the schema back to where it was before the migration. */
async function undoFewerOrderIndexes(at: StorePlace): Promise<void> {
  await at.query('delete from schema_migration where number >= 23')
  await at.query('drop index certificate_order_account_id_id')
  await at.query('drop index order_request_account_id_id')
  for (const [table, ...columns] of [
    ['certificate_order', 'account_id'],
    ['certificate_order', 'account_id', 'validity_years'],
    ['certificate_order', 'account_id', 'is_renewed'],
    ['certificate_order', 'account_id', 'no_renewal_notices'],
    ['order_certificate', 'account_id'],
    ['order_request', 'account_id'],
    ['order_request', 'account_id', 'created_at'],
  ]) {
    await at.query(`create index "${[table, ...columns].join('_')}" on ${table} (${columns.join()})`)
  }
}

test('migrations stand in the order of their numbers', () => {
  const numbers = migrations.map(({ number }) => number)
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  )
})
