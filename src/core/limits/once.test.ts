import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { aParcel, makeCollection, parcels, parcelTable } from '../../../test/support/collections.ts'
import { NOW } from '../../../test/support/store-records.ts'
import { type StorePlace, silentLog, storeKinds } from '../../../test/support/stores.ts'
import { accountId } from '../brand.ts'
import { Fault, type FaultCode, isFault } from '../faults.ts'
import type { Store } from '../store/store.ts'
import { type OnceRequest, once, REMEMBERED_MS } from './once.ts'

const random = { bytes: (length: number) => randomBytes(length) }
const hasCode = (code: FaultCode) => (error: unknown) => isFault(error, code)

const request: OnceRequest = {
  accountId: accountId(1),
  userId: 7,
  key: 'order 7',
  route: 'POST /parcel',
  body: Buffer.from('{"to":"a"}'),
}

interface Options {
  readonly changes?: Partial<OnceRequest>
  /** Before anything is made, after it is made, and after that. */
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

/** Packs a parcel once: what a caller is told is its id and whether it is a new one. */
function packing(store: Store) {
  const clock = { time: NOW, now: () => clock.time }
  const engine = { store, clock, random, log: silentLog }
  const pack = ({ changes, before, after }: Options = {}) =>
    once<{ readonly id: number; readonly isNew: boolean }>(
      engine,
      { ...request, ...changes },
      {
        async run(binding) {
          await before?.()
          const id = await store.write(function* (tx) {
            const items = tx.collection(parcels)
            const made = yield* items.nextId()
            yield* items.insert(aParcel({ id: made }))
            yield* binding.bind(tx, { id: made })
            return made
          })
          await after?.()
          return { id, isNew: true }
        },
        async recall(subject) {
          assert.ok(typeof subject === 'object' && subject !== null && 'id' in subject)
          return { id: Number(subject.id), isNew: false }
        },
        pause: (milliseconds) => {
          clock.time += milliseconds
          return delay(Math.min(milliseconds, 20))
        },
      },
    )
  const packed = async () =>
    (
      await store.read((view) =>
        view.collection(parcels).list({ accountId: accountId(1), where: [], offset: 0, limit: 10 }),
      )
    ).total
  return { pack, packed, clock }
}

async function opened(at: StorePlace): Promise<Store> {
  const store = await at.open()
  await makeCollection(at, parcelTable)
  return store
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: P17 the same key and body again is told what the first made`, { skip }, async (t) => {
    const { pack, packed, clock } = packing(await opened(await place(t)))
    assert.deepEqual(await pack(), { id: 1, isNew: true })
    assert.deepEqual(await pack(), { id: 1, isNew: false })
    clock.time += REMEMBERED_MS
    assert.deepEqual(await pack(), { id: 1, isNew: false })
    assert.equal(await packed(), 1)
    clock.time += 1
    assert.deepEqual(await pack(), { id: 2, isNew: true })
  })

  test(`${name}: P17 the same key with another body, route or user is refused, and makes nothing`, {
    skip,
  }, async (t) => {
    const { pack, packed } = packing(await opened(await place(t)))
    await pack()
    const body = Buffer.from('{"to":"b"}')
    await assert.rejects(pack({ changes: { body } }), hasCode('idempotency_conflict'))
    await assert.rejects(pack({ changes: { route: 'PUT /parcel' } }), hasCode('idempotency_conflict'))
    await assert.rejects(pack({ changes: { userId: 8 } }), hasCode('idempotency_conflict'))
    assert.equal(await packed(), 1)
    assert.deepEqual(await pack({ changes: { key: 'order 8', body } }), { id: 2, isNew: true })
    assert.deepEqual(await pack({ changes: { accountId: accountId(2), body } }), { id: 3, isNew: true })
  })

  test(`${name}: P17 of requests with one key at once, over two processes, one works and all are told`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const [one, other] = [packing(await opened(at)), packing(await at.open())]
    const told = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? one : other).pack({ after: () => delay(100) })),
    )
    assert.deepEqual([...new Set(told.map(({ id }) => id))].length, 1)
    assert.equal(told.filter(({ isNew }) => isNew).length, 1)
    assert.equal(await one.packed(), 1)
  })

  test(`${name}: P17 work that failed before it made anything leaves the key free`, { skip }, async (t) => {
    const { pack, packed } = packing(await opened(await place(t)))
    const failing = async () => {
      throw new Fault('names_missing', {})
    }
    await assert.rejects(pack({ before: failing }), hasCode('names_missing'))
    assert.equal(await packed(), 0)
    assert.deepEqual(await pack({ changes: { body: Buffer.from('{}') } }), { id: 1, isNew: true })
  })

  test(`${name}: P17 work that failed after it made something is not done again`, { skip }, async (t) => {
    const { pack, packed } = packing(await opened(await place(t)))
    const failing = async () => {
      throw new Error('the answer is lost')
    }
    await assert.rejects(pack({ after: failing }), /the answer is lost/)
    assert.deepEqual(await pack(), { id: 1, isNew: false })
    assert.equal(await packed(), 1)
  })

  test(`${name}: P17 an attempt that died is taken over, and makes nothing any more if it lives`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const [one, other] = [packing(await opened(at)), packing(await at.open())]
    const waking = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    const sleeping = one.pack({
      before: () => {
        started.resolve()
        return waking.promise
      },
    })
    await started.promise
    await assert.rejects(other.pack(), hasCode('store_busy'))
    other.clock.time += 60_000
    const taken = await other.pack()
    assert.equal(taken.isNew, true)
    waking.resolve()
    await assert.rejects(sleeping, hasCode('store_busy'))
    assert.equal(await one.packed(), 1)
    assert.deepEqual(await one.pack(), { ...taken, isNew: false })
  })

  test(`${name}: requests that are old are dropped, a page at a time`, { skip }, async (t) => {
    const store = await opened(await place(t))
    const { pack, clock } = packing(store)
    for (let n = 0; n < 5; n++) {
      await pack({ changes: { key: `key ${n}` } })
      clock.time += 10
    }
    const drop = (before: number, limit: number) =>
      store.write((tx) => tx.idempotency.removeOlder(before, limit))
    assert.equal(await drop(NOW + 30, 2), 2)
    assert.equal(await drop(NOW + 30, 2), 1)
    assert.equal(await drop(NOW + 30, 2), 0)
  })
}

test('S5 a request that met a locked database is done once when it comes again', {
  timeout: 60_000,
}, async (t) => {
  const [sqlite] = storeKinds
  assert.ok(sqlite !== undefined)
  const at = await sqlite.place(t)
  const { pack, packed } = packing(await opened(at))
  assert.ok('sqlitePath' in at.location)
  const locker = new DatabaseSync(at.location.sqlitePath)
  locker.exec('BEGIN IMMEDIATE')
  await assert.rejects(pack(), (error) => isFault(error, 'store_busy') && error.detail.retryAfterMs > 0)
  locker.exec('COMMIT')
  locker.close()
  assert.equal(await packed(), 0)
  assert.deepEqual(await pack(), { id: 1, isNew: true })
  assert.deepEqual(await pack(), { id: 1, isNew: false })
})
