import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  aCrl,
  aKey,
  anAccount,
  anApiKey,
  anAuthority,
  anEvent,
  aReservation,
  aSession,
  aStatus,
  issuerHashes,
  NOW,
  octets,
} from '../../../test/support/store-records.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { verifyAudit } from '../../core/audit/verify.ts'
import { accountId, authorityId, certificateId } from '../../core/brand.ts'
import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import { DocumentReader } from '../../core/store/document.ts'
import type { Store } from '../../core/store/store.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { collectionTables } from '../migrations/index.ts'
import type { StoreLocation } from '../open.ts'
import { backupStore } from './backup.ts'
import { restoreStore } from './restore.ts'
import { BackupUnreadable } from './sealed-file.ts'

const noMarks = { crlNumbers: {}, chains: {} }
const backupFile = (scope: Scope) => join(temporaryFolder(scope, 'backup'), 'backup')

async function issue(store: Store): Promise<Uint8Array> {
  const reservation = aReservation()
  await store.write(function* (tx) {
    const id = yield* tx.certificates.reserve(reservation)
    assert.ok(id !== undefined)
    yield* tx.certificates.complete(id, reservation.attempt, octets(72), NOW)
    tx.record(anEvent(`certificate:${id}`))
  })
  return reservation.serialNumber
}

/** Every collection that migrations make, with items of nothing but what the index of terms finds. */
const collections = collectionTables.map((table): CollectionDefinition<CollectionItem, string> => {
  const counted = Object.keys(table.columns).slice(0, 1)
  return {
    name: table.name,
    columns: table.columns,
    ...(table.counted && { counted }),
    ...(table.searched && { terms: ({ id }) => [`www${id}.example.test`] }),
    scattered: table.scattered ?? [],
    values: ({ id }) =>
      Object.fromEntries(
        Object.keys(table.columns).map((column) => [
          column,
          table.scattered?.includes(column) ? `${column} ${id}` : null,
        ]),
      ),
    parse(document) {
      const read = new DocumentReader(document, table.name)
      return { id: read.integer('id'), accountId: accountId(read.integer('accountId')) }
    },
  }
})

/** Collections of which an account has one item. */
const onePerAccount: ReadonlySet<string> = new Set(
  collectionTables
    .filter(({ unique = [] }) => unique.some((columns) => columns.join() === 'account_id'))
    .map(({ name }) => name),
)

/** Something in every table. */
async function fill(store: Store): Promise<void> {
  await store.write(function* (tx) {
    yield* tx.accounts.insert(anAccount())
    yield* tx.accounts.insertSession(aSession())
    yield* tx.accounts.insertApiKey(anApiKey())
    yield* tx.keys.insert(aKey({ wrapping: 'master' }))
    yield* tx.authorities.insert(anAuthority(), issuerHashes())
    yield* tx.authorities.insertCertificate({
      authorityId: authorityId(1),
      serialNumber: octets(20),
      certificateDer: octets(500),
      notBefore: NOW,
      notAfter: NOW + 1,
    })
    yield* tx.runtime.setSetting('kind', 'production')
    yield* tx.runtime.takeLease('crl', 'a', NOW, NOW + 1)
    const request = { accountId: accountId(1), keyDigest: octets(32), requestDigest: octets(32) }
    yield* tx.idempotency.claim(request, 'attempt', NOW, NOW + 1, 0)
    yield* tx.idempotency.bind(request, 'attempt', '{"orderId":1}')
    yield* tx.status.blockKey(octets(32), 'published', NOW)
    yield* tx.status.insertCrl(aCrl(7, { der: octets(10_000) }), { changes: 0, follows: 0 })
    const [open, ended] = [aReservation({ csrDer: null }), aReservation()]
    yield* tx.certificates.reserve(open)
    const id = yield* tx.certificates.reserve(ended)
    assert.ok(id !== undefined)
    yield* tx.certificates.end(id, 'closed')
    yield* tx.certificates.supersede(id, certificateId(1), NOW)
    yield* tx.status.set(aStatus({ certificateId: id, serialNumber: ended.serialNumber }))
    for (const definition of collections) {
      const items = tx.collection(definition)
      for (let n = 0; n < 300; n++)
        yield* items.insert({ id: yield* items.nextId(), accountId: accountId(1) })
    }
    tx.record(anEvent('naïve ☃'))
  })
}

for (const from of storeKinds) {
  for (const to of storeKinds) {
    test(`a backup of ${from.name} restored into ${to.name} holds every row, and goes on from there`, {
      skip: from.skip || to.skip,
    }, async (t) => {
      const source = await from.place(t)
      const store = await source.open()
      await fill(store)
      for (let n = 0; n < 300; n++) await issue(store)
      await store.close()
      const [file, key] = [backupFile(t), octets(32)]
      const { size } = await backupStore(source.location, file, key)
      assert.equal(statSync(file).size, size)
      assert.equal(statSync(file).mode & 0o777, 0o600)
      assert.deepEqual(readdirSync(join(file, '..')), ['backup'], 'the copy is removed')

      const target = await to.place(t)
      await restoreStore(file, key, target.location)
      for (const table of await tablesOf(source)) {
        assert.deepEqual(await rowsOf(target, table), await rowsOf(source, table), table)
      }
      const restored = await target.open()
      const serialNumber = await issue(restored)
      const found = await restored.read((view) =>
        view.certificates.bySerialNumber(authorityId(1), serialNumber),
      )
      assert.equal(found?.id, 303)
      assert.equal((await verifyAudit(restored, noMarks)).firstBroken, undefined)
      for (const definition of collections) {
        const query = { accountId: accountId(1), where: [], offset: 250, limit: 100 }
        const found = await restored.read((view) => view.collection(definition).list(query))
        for (const column of definition.scattered ?? []) {
          const [hit] = await restored.read((view) =>
            view.collection(definition).withValue(accountId(1), column, `${column} 77`, 2),
          )
          assert.equal(hit?.id, 77, `${definition.name} ${column}`)
        }
        const expected = onePerAccount.has(definition.name) ? [1, undefined] : [300, 251]
        assert.deepEqual([found.total, found.items[0]?.id], expected, definition.name)
        assert.equal(await restored.write((tx) => tx.collection(definition).nextId()), 301, definition.name)
        if (definition.terms === undefined) continue
        const searched = { ...query, where: [{ is: 'term-contains', text: 'ww77.' } as const], offset: 0 }
        const hit = await restored.read((view) => view.collection(definition).list(searched))
        assert.deepEqual(
          hit.items.map(({ id }) => id),
          [77],
          definition.name,
        )
      }
    })
  }

  test(`${from.name}: S9 a backup under load holds every certificate acknowledged before it began`, {
    skip: from.skip,
    timeout: 600_000,
  }, async (t) => {
    const source = await from.place(t)
    const store = await source.open()
    await fill(store)
    const acknowledged: Uint8Array[] = []
    let loading = true
    const load = (async () => {
      while (loading) acknowledged.push(...(await Promise.all([1, 2, 3, 4].map(() => issue(store)))))
    })()
    while (acknowledged.length < 400) await new Promise((resolve) => setTimeout(resolve, 10))
    const before = [...acknowledged]
    const [file, key] = [backupFile(t), octets(32)]
    await backupInOwnProcess(source.location, file, key)
    const during = acknowledged.length - before.length
    loading = false
    await load
    assert.ok(during > 0, 'writes went on while the backup ran')

    const target = await from.place(t)
    await restoreStore(file, key, target.location)
    const restored = await target.open()
    for (const serialNumber of before) {
      const found = await restored.read((view) =>
        view.certificates.bySerialNumber(authorityId(1), serialNumber),
      )
      assert.equal(found?.state, 'issued')
    }
    assert.equal((await verifyAudit(restored, noMarks)).firstBroken, undefined)
    const [row] = await target.query(
      `select (select count(*) from issuance) as issued,
              (select count(*) from event where body like '%"certificate:%') as told`,
    )
    assert.equal(Number(row?.issued), Number(row?.told), 'the copy is of one moment')
  })

  test(`${from.name}: a restore goes into an empty place only`, { skip: from.skip }, async (t) => {
    const source = await from.place(t)
    const store = await source.open()
    await fill(store)
    const [file, key] = [backupFile(t), octets(32)]
    await backupStore(source.location, file, key)
    await assert.rejects(
      restoreStore(file, key, source.location),
      (error) => error instanceof StoreUnusable && /empty place/.test(error.message),
    )
    assert.equal((await store.read((view) => view.accounts.page(0, 9))).length, 1)
    await assert.rejects(backupStore(source.location, file, key), /EEXIST/)
  })

  test(`${from.name}: a backup that was changed, cut off or sealed otherwise leaves nothing behind`, {
    skip: from.skip,
  }, async (t) => {
    const source = await from.place(t)
    await fill(await source.open())
    const [file, key] = [backupFile(t), octets(32)]
    await backupStore(source.location, file, key)
    const whole = readFileSync(file)
    const flipped = (at: number) => {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 1
      return changed
    }
    const chunk = 64 * 1024 + 16
    const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
      ['another key', whole, octets(32)],
      ['a changed head', flipped(3), key],
      ['a changed salt', flipped(20), key],
      ['a changed octet', flipped(whole.length >> 1), key],
      ['a changed end', flipped(whole.length - 1), key],
      ['a cut inside a chunk', whole.subarray(0, whole.length - 9), key],
      ['a cut between chunks', whole.subarray(0, 50 + chunk), key],
      ['a chunk left out', Buffer.concat([whole.subarray(0, 50), whole.subarray(50 + chunk)]), key],
      ['a chunk twice', Buffer.concat([whole.subarray(0, 50 + chunk), whole.subarray(50)]), key],
      ['nothing', Buffer.alloc(0), key],
    ]
    const target = await from.place(t)
    for (const [what, bytes, withKey] of cases) {
      writeFileSync(file, bytes)
      await assert.rejects(restoreStore(file, withKey, target.location), BackupUnreadable, what)
    }
    writeFileSync(file, whole)
    await restoreStore(file, key, target.location)
    if ('sqlitePath' in target.location) assert.ok(!existsSync(`${target.location.sqlitePath}.restored`))
  })
}

/** Counts of rate limits are not kept; indexes of terms are made anew. */
const isKept = (table: string) => !/^(sqlite_|rate_key$|admission$)|_term(_|$)/.test(table)

const tablesOf = async (place: { query(text: string): Promise<readonly object[]> }): Promise<string[]> => {
  const listing =
    'select table_name as name from information_schema.tables where table_schema = current_schema()'
  const rows = await place
    .query(listing)
    .catch(() => place.query(`select name from sqlite_schema where type = 'table'`))
  return rows.map((row) => String(Object.values(row)[0])).filter(isKept)
}

/** Rows of a table in a form that does not depend on the engine. */
async function rowsOf(
  place: { query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> },
  table: string,
): Promise<string[]> {
  // Numbers of collections are counters in one engine and sequences in the other.
  const rows = (await place.query(`select * from "${table}"`)).filter(
    ({ name }) => !/_number$/.test(String(name)),
  )
  const plain = (value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value === null ? null : String(value)
  return rows
    .map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, plain(value)])))
    .sort()
}

async function backupInOwnProcess(location: StoreLocation, file: string, key: Uint8Array): Promise<void> {
  const module = new URL('backup.ts', import.meta.url).href
  const script = `
    const { backupStore } = await import(${JSON.stringify(module)})
    const key = Buffer.from(${JSON.stringify(Buffer.from(key).toString('hex'))}, 'hex')
    await backupStore(${JSON.stringify(location)}, ${JSON.stringify(file)}, key)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  assert.deepEqual((await once(child, 'exit'))[0], 0)
}
