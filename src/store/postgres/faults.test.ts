import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aParcel, makeCollection, parcels, parcelTable } from '../../../test/support/collections.ts'
import { createDatabase, postgresMissing } from '../../../test/support/postgres.ts'
import { anAccount, anEvent, aReservation } from '../../../test/support/store-records.ts'
import { lastFirst, placeAt } from '../../../test/support/stores.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'
import type { Scope } from '../../../test/support/tmp.ts'
import { verifyAudit } from '../../core/audit/verify.ts'
import { accountId } from '../../core/brand.ts'
import { isFault } from '../../core/faults.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'

const skip = postgresMissing
const noMarks = { crlNumbers: {}, chains: {} }

/** A store behind a proxy, and the same database without it. */
async function proxiedPlace(scope: Scope) {
  const last = lastFirst(scope)
  const url = new URL(await createDatabase(last))
  const proxy = await startTcpProxy(last, { host: url.hostname, port: Number(url.port) })
  const direct = placeAt(last, { url: url.href })
  url.port = String(proxy.port)
  url.hostname = '127.0.0.1'
  return { proxy, direct, at: placeAt(last, { url: url.href }) }
}

for (const [moment, passOn] of [
  ['after the server got the COMMIT', true],
  ['before the server got the COMMIT', false],
] as const) {
  test(`S6 a connection lost ${moment}: the outcome is read back, and each write is done once`, {
    skip,
  }, async (t) => {
    const { proxy, at, direct } = await proxiedPlace(t)
    const store = await at.open()
    await store.write((tx) => tx.accounts.insert(anAccount()))
    for (let round = 0; round < 10; round++) {
      if (passOn) proxy.breakAfter('COMMIT')
      else proxy.breakBefore('COMMIT')
      const reservations = [aReservation(), aReservation()]
      const ids = await Promise.all(
        reservations.map((reservation) =>
          store.write(function* (tx) {
            const id = yield* tx.certificates.reserve(reservation)
            tx.record(anEvent(`certificate:${id}`))
            return id
          }),
        ),
      )
      for (const [place, reservation] of reservations.entries()) {
        assert.ok(ids[place] !== undefined, 'a reservation that was done twice would find its serial taken')
        const found = await store.read((view) =>
          view.certificates.bySerialNumber(reservation.authorityId, reservation.serialNumber),
        )
        assert.equal(found?.id, ids[place])
      }
    }
    assert.equal(proxy.broken(), 10)
    assert.equal(store.healthy(), true)
    const [row] = await direct.query(
      `select (select count(*) from certificate) as certificates,
              (select count(*) from event where body like '%"certificate:%') as events`,
    )
    assert.deepEqual([Number(row?.certificates), Number(row?.events)], [20, 20])
    assert.equal((await verifyAudit(store, noMarks)).firstBroken, undefined)
  })
}

test('a database that is away for a moment delays writes and reads, and loses nothing', {
  skip,
}, async (t) => {
  const { proxy, at } = await proxiedPlace(t)
  const store = await at.open()
  await store.write((tx) => tx.accounts.insert(anAccount()))
  proxy.interrupt()
  setTimeout(() => proxy.resume(), 500)
  const next = anAccount({ id: accountId(2), email: 'two@example.test' })
  assert.equal(await store.write((tx) => tx.accounts.insert(next)), true)
  assert.equal((await store.read((view) => view.accounts.page(0, 5))).length, 2)
  assert.equal(store.healthy(), true)
})

test('a database that stays away gives store_busy, and works again when it is back', {
  skip,
  timeout: 60_000,
}, async (t) => {
  const { proxy, at } = await proxiedPlace(t)
  const store = await at.open()
  await store.write((tx) => tx.accounts.insert(anAccount()))
  proxy.interrupt()
  await assert.rejects(
    store.write((tx) => tx.accounts.nextId()),
    (error) => isFault(error, 'store_busy'),
  )
  await assert.rejects(
    async () => store.read((view) => view.accounts.byId(accountId(1))),
    (error) => isFault(error, 'store_busy'),
  )
  proxy.resume()
  assert.equal(await store.write((tx) => tx.accounts.nextId()), 1)
})

test('transactions that stand in each other’s way are run again', { skip }, async (t) => {
  const last = lastFirst(t)
  const at = placeAt(last, { url: await createDatabase(last) })
  const stores = [await at.open(), await at.open()]
  const ids = [1, 2].map(accountId)
  for (const id of ids) {
    await stores[0]?.write((tx) => tx.accounts.insert(anAccount({ id, email: `${id}@example.test` })))
  }
  const rename = (order: typeof ids, to: string) =>
    stores.map((store) =>
      store.write(function* (tx) {
        for (const id of order) {
          const account = yield* tx.accounts.hold(id)
          assert.ok(account)
          yield* tx.accounts.update({ ...account, name: `${account.name}${to}` })
        }
      }),
    )
  await Promise.all([...rename(ids, 'a'), ...rename(ids.toReversed(), 'b')])
  const [one, two] = await at.query('select name from account order by id')
  for (const row of [one, two]) {
    assert.equal(String(row?.name).slice('Owner'.length).split('').toSorted().join(''), 'aabb')
  }
})

test('a conflict is taken for one, also where all answers come at once and those behind it fail for it', {
  skip,
}, async (t) => {
  const last = lastFirst(t)
  const at = placeAt(last, { url: await createDatabase(last) })
  const store = await at.open()
  await at.query('create sequence conflicts')
  await at.query(`create function conflict() returns trigger language plpgsql as $$ begin
    if nextval('conflicts') <= 2 then raise exception 'again' using errcode = '40001'; end if;
    return new;
  end $$`)
  await at.query('create trigger conflict before insert on account for each row execute function conflict()')
  const [[inserted]] = await store.write((tx) =>
    tx.together(
      tx.together(tx.accounts.insert(anAccount()), tx.accounts.byId(accountId(2))),
      (function* () {
        // What is sent is answered before this process looks again.
        queueMicrotask(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200))
        return yield* tx.accounts.byId(accountId(3))
      })(),
    ),
  )
  assert.equal(inserted, true)
  assert.equal(store.healthy(), true)
})

test('a commit that conflicts, that is run carefully or whose outcome is read back counts once', {
  skip,
}, async (t) => {
  const { proxy, direct, at } = await proxiedPlace(t)
  const store = await at.open()
  await makeCollection(direct, parcelTable)
  await direct.query('create sequence conflicts')
  await direct.query(`create function conflict() returns trigger language plpgsql as $$ begin
    if nextval('conflicts') in (4, 9) then raise exception 'again' using errcode = '40001'; end if;
    return new;
  end $$`)
  await direct.query(
    'create trigger conflict before insert on parcel for each row execute function conflict()',
  )
  const insertOne = () =>
    store.write(function* (tx) {
      const items = tx.collection(parcels)
      yield* items.insert(aParcel({ id: yield* items.nextId() }))
    })
  const refused = () =>
    store.write(function* (tx) {
      const items = tx.collection(parcels)
      yield* items.insert(aParcel({ id: yield* items.nextId() }))
      throw new Error('no')
    })
  const ends = await Promise.allSettled(
    Array.from({ length: 21 }, (_, place) => (place === 10 ? refused() : insertOne())),
  )
  assert.deepEqual(
    ends.flatMap(({ status }, place) => (status === 'rejected' ? [place] : [])),
    [10],
  )
  for (const breakAt of ['breakBefore', 'breakAfter'] as const) {
    proxy[breakAt]('COMMIT')
    await Promise.all([insertOne(), insertOne()])
  }
  assert.equal(proxy.broken(), 2)
  const all = { accountId: accountId(1), where: [], offset: 0, limit: 0 }
  assert.equal((await store.read((view) => view.collection(parcels).list(all))).total, 24)
  const [rows] = await direct.query('select count(*) as rows from parcel')
  assert.equal(Number(rows?.rows), 24)
})

test('a database whose commits may be lost is refused by the name of the setting', { skip }, async (t) => {
  for (const value of ['off', 'local', 'remote_write']) {
    const last = lastFirst(t)
    const at = placeAt(last, { url: await createDatabase(last) })
    const [row] = await at.query('select current_database() as name')
    await at.query(`alter database ${String(row?.name)} set synchronous_commit = ${value}`)
    await assert.rejects(at.open(), (error) => {
      assert.ok(error instanceof StoreUnusable && error.defect === 'not-durable')
      assert.match(error.message, new RegExp(`synchronous_commit = ${value}`))
      return true
    })
  }
})

test('a server that is not there is told in one line', async (t) => {
  const at = placeAt(lastFirst(t), { url: 'postgres://nobody:secret@127.0.0.1:1/none' })
  await assert.rejects(at.open(), (error) => {
    assert.ok(error instanceof StoreUnusable && error.defect === 'unreachable')
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})
