import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { anAccount, anEvent, aReservation, NOW } from '../../test/support/store-records.ts'
import { type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { accountId } from '../core/brand.ts'
import { Fault } from '../core/faults.ts'
import type { Store } from '../core/store/store.ts'

async function transactionsOf(at: StorePlace): Promise<number> {
  const [row] = await at.query('select sum(batches) as batches from chain')
  return Number(row?.batches ?? 0)
}

const addAccount = (store: Store, id: number) =>
  store.write((tx) => tx.accounts.insert(anAccount({ id: accountId(id), email: `${id}@example.test` })))

const accountIds = async (store: Store): Promise<number[]> =>
  (await store.read((view) => view.accounts.page(0, 1_000))).map(({ id }) => id)

for (const { name, skip, lanes, place } of storeKinds) {
  test(`${name}: writes of one turn of the loop share a transaction`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await Promise.all(Array.from({ length: lanes }, (_, lane) => addAccount(store, 900 + lane)))
    const before = await transactionsOf(at)
    await Promise.all(Array.from({ length: 50 }, (_, n) => addAccount(store, n + 1)))
    const used = (await transactionsOf(at)) - before
    assert.ok(used <= lanes, `${used} transactions for 50 writes`)
    assert.equal((await accountIds(store)).length, 50 + lanes)
  })

  test(`${name}: events stand in the chain in the order of their programs`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        store.write(function* (tx) {
          tx.record(anEvent(`thing:${n}`))
        }),
      ),
    )
    for (const { chain } of await store.read((view) => view.audit.heads())) {
      const told = (await store.read((view) => view.audit.page(chain, 1, 100))).map(({ body }) =>
        Number(JSON.parse(body).object.split(':')[1]),
      )
      assert.deepEqual(
        told,
        told.toSorted((a, b) => a - b),
      )
    }
  })

  test(`${name}: a program that throws takes back only its own writes and events`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    const failing = (id: number, writes: boolean) =>
      store.write(function* (tx) {
        tx.record(anEvent(`account:${id}`))
        if (writes) yield* tx.accounts.insert(anAccount({ id: accountId(id), email: `${id}@example.test` }))
        throw new Fault('account_unknown', {})
      })
    const results = await Promise.allSettled([
      addAccount(store, 1),
      failing(2, true),
      addAccount(store, 3),
      failing(4, false),
      failing(5, true),
      addAccount(store, 6),
    ])
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? 'stored' : result.reason.code)),
      ['stored', 'account_unknown', 'stored', 'account_unknown', 'account_unknown', 'stored'],
    )
    assert.deepEqual(await accountIds(store), [1, 3, 6])
    assert.deepEqual(await at.query(`select 1 as found from event where body like '%"account:%'`), [])
    assert.equal(store.healthy(), true)
  })

  test(`${name}: a row that a constraint refuses fails its own program only`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    await addAccount(store, 1)
    const results = await Promise.allSettled([
      addAccount(store, 2),
      store.write((tx) => tx.accounts.insert(anAccount({ id: accountId(1), email: 'other@example.test' }))),
      addAccount(store, 3),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await accountIds(store), [1, 2, 3])
  })

  test(`${name}: a program may run again, and only its last run counts`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    let runs = 0
    const [counted] = await Promise.all([
      store.write(function* (tx) {
        runs += 1
        return yield* tx.accounts.nextId()
      }),
      store
        .write(function* (tx) {
          yield* tx.accounts.nextId()
          throw new Error('no')
        })
        .catch(() => {}),
    ])
    const next = await store.write((tx) => tx.accounts.nextId())
    assert.equal(next, counted + 1)
    assert.ok(runs <= 2)
  })

  test(`${name}: a program sees what it wrote itself and what ran before it`, { skip }, async (t) => {
    const store = await (await place(t)).open()
    const id = await store.write(function* (tx) {
      const drawn = yield* tx.certificates.reserve(aReservation())
      assert.ok(drawn !== undefined)
      assert.equal((yield* tx.certificates.anyById(drawn))?.state, 'reserved')
      return drawn
    })
    assert.equal((await store.read((view) => view.certificates.anyById(id)))?.id, id)
  })

  test(`${name}: two stores on one database see each other's configuration within a second`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const [one, other] = [await at.open(), await at.open()]
    const before = other.configurationEpoch()
    await one.write(function* (tx) {
      yield* tx.accounts.insert(anAccount())
      tx.configurationChanged()
    })
    assert.equal(one.configurationEpoch(), before + 1)
    const until = performance.now() + 5_000
    while (other.configurationEpoch() === before && performance.now() < until) await delay(20)
    assert.equal(other.configurationEpoch(), before + 1)
    await one.write(function* (tx) {
      tx.configurationChanged()
    })
    const seen = await other.write(function* (tx) {
      yield* tx.accounts.byId(accountId(1))
      return other.configurationEpoch()
    })
    assert.equal(seen, before + 2, 'a writer sees it in its next transaction')
  })

  test(`${name}: V7 two stores that reserve the same serials store each once`, { skip }, async (t) => {
    const at = await place(t)
    const stores = [await at.open(), await at.open()]
    const reservations = Array.from({ length: 40 }, () => aReservation())
    const reserved = await Promise.all(
      stores.flatMap((store) =>
        reservations.map((each) => store.write((tx) => tx.certificates.reserve(each))),
      ),
    )
    assert.equal(reserved.filter((id) => id !== undefined).length, 40)
    const [row] = await at.query('select count(*) as count from certificate')
    assert.equal(Number(row?.count), 40)
  })

  test(`${name}: a reservation that two stores end has one end`, { skip }, async (t) => {
    const at = await place(t)
    const [one, other] = [await at.open(), await at.open()]
    for (let round = 0; round < 20; round++) {
      const reservation = aReservation()
      const id = await one.write((tx) => tx.certificates.reserve(reservation))
      assert.ok(id !== undefined)
      const [completed, ended] = await Promise.all([
        one.write((tx) => tx.certificates.complete(id, reservation.attempt, new Uint8Array(70), NOW)),
        other.write((tx) => tx.certificates.end(id, 'closed')),
      ])
      assert.notEqual(completed, ended)
      const record = await other.read((view) => view.certificates.anyById(id))
      assert.equal(record?.state, completed ? 'issued' : 'closed')
    }
  })

  test(`${name}: close waits for what is queued and refuses what comes later`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    const queued = addAccount(store, 1)
    const closing = store.close()
    await assert.rejects(
      addAccount(store, 2),
      (error) => error instanceof Fault && error.code === 'store_failed',
    )
    await closing
    assert.equal(await queued, true)
    assert.deepEqual(await accountIds(await at.open()), [1])
  })
}
