import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { aParcel, makeCollection, parcels, parcelTable } from '../../test/support/collections.ts'
import { lastFirst, placeAt, type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { accountId } from '../core/brand.ts'
import type { Store } from '../core/store/store.ts'

const ours = accountId(1)
const all = { accountId: ours, where: [], offset: 0, limit: 0 }

async function opened(scope: Scope): Promise<{ readonly at: StorePlace; readonly store: Store }> {
  const last = lastFirst(scope)
  const at = placeAt(last, { sqlitePath: join(temporaryFolder(last, 'deferred'), 'chancery.db') })
  const store = await at.open()
  await makeCollection(at, parcelTable)
  return { at, store }
}

const insertOne = (store: Store, status: 'packed' | 'sent' = 'packed') =>
  store.write(function* (tx) {
    const items = tx.collection(parcels)
    const id = yield* items.nextId()
    yield* items.insert(aParcel({ id, status, address: `www${id}.example.test` }))
    return id
  })

const totalOf = async (store: Store) => (await store.read((view) => view.collection(parcels).list(all))).total

test('a program reads the counts and numbers that it and the programs before it put off', async (t) => {
  const { store } = await opened(t)
  const seen = await Promise.all([
    insertOne(store),
    insertOne(store, 'sent'),
    store.write(function* (tx) {
      const items = tx.collection(parcels)
      const before = (yield* items.list(all)).total
      const id = yield* items.nextId()
      yield* items.insert(aParcel({ id }))
      const after = (yield* items.list(all)).total
      yield* items.remove(ours, 1)
      return [before, id, after, (yield* items.list(all)).total]
    }),
    insertOne(store),
  ])
  assert.deepEqual(seen, [1, 2, [2, 3, 3, 2], 4])
  assert.equal(await totalOf(store), 3)
})

test('what a program put off goes with it when it fails, and what others did stays', async (t) => {
  const { at, store } = await opened(t)
  const results = await Promise.allSettled([
    insertOne(store),
    store.write(function* (tx) {
      const items = tx.collection(parcels)
      yield* items.insert(aParcel({ id: yield* items.nextId() }))
      throw new Error('no')
    }),
    insertOne(store),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(await totalOf(store), 2)
  const [row] = await at.query(`select value from counter where name = 'parcel_number'`)
  assert.equal(Number(row?.value), 2)
})

test('a number that was drawn for a program that failed alone is drawn again, and none twice', async (t) => {
  const { store } = await opened(t)
  const draw = () => store.write((tx) => tx.collection(parcels).nextId())
  const failing = store.write(function* (tx) {
    yield* tx.collection(parcels).nextId()
    throw new Error('no')
  })
  await assert.rejects(failing)
  assert.deepEqual(await Promise.all([draw(), draw(), draw()]), [1, 2, 3])
  assert.equal(await draw(), 4)
})

test('ids that are drawn alone and with those of other collections in one commit are never the same', async (t) => {
  const { at, store } = await opened(t)
  await makeCollection(at, { ...parcelTable, name: 'crate' })
  const crates = { ...parcels, name: 'crate' }
  const drawn = await Promise.all([
    store.write((tx) => tx.nextIds([parcels])),
    store.write((tx) => tx.nextIds([crates, parcels])),
    store.write(function* (tx) {
      return [yield* tx.collection(parcels).nextId()]
    }),
  ])
  assert.deepEqual(drawn, [[1], [1, 2], [3]])
  assert.deepEqual(await store.write((tx) => tx.nextIds([parcels])), [4])
})

test('the items of one commit are one run of the full-text index and one change of each count', async (t) => {
  const { at, store } = await opened(t)
  await Promise.all(Array.from({ length: 200 }, () => insertOne(store)))
  // A run is numbered in the bits above the 37th of its pages' ids; two low ids hold what all runs share.
  const runs = await at.query('select distinct id >> 37 as run from parcel_term_data where id > 10')
  assert.equal(runs.length, 1)
  const counts = await at.query('select facet, value, items from parcel_count order by facet, value')
  assert.deepEqual(
    counts.map((row) => Object.values(row)),
    [
      ['', '', 200],
      ['shelf_id', '', 200],
      ['status', '=packed', 200],
    ],
  )
})

for (const { name, skip, place } of storeKinds) {
  test(`${name}: one commit counts what its programs made, lists see it before, and a failed one leaves nothing`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    const packed = { ...all, where: [{ is: 'any-of', column: 'status', values: ['packed'] }] } as const
    // Of another account: transactions beside this one commit while a program reads.
    const theirs = { ...packed, accountId: accountId(2) }
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, () => insertOne(store)),
      store.write(function* (tx) {
        const items = tx.collection(parcels)
        yield* items.insert(aParcel({ id: yield* items.nextId() }))
        throw new Error('no')
      }),
      store.write(function* (tx) {
        const items = tx.collection(parcels)
        const parcel = aParcel({ id: yield* items.nextId(), accountId: theirs.accountId, status: 'packed' })
        const before = (yield* items.list(theirs)).total
        yield* items.insert(parcel)
        const after = (yield* items.list(theirs)).total
        yield* items.replace({ ...parcel, status: 'sent' })
        return [before, after, (yield* items.list(theirs)).total]
      }),
    ])
    assert.deepEqual(
      results.slice(-2).map((each) => (each.status === 'fulfilled' ? each.value : each.status)),
      ['rejected', [0, 1, 0]],
    )
    assert.equal(await totalOf(store), 20)
    const list = await store.read((view) => view.collection(parcels).list(packed))
    assert.equal(list.total, 20)
    const sent = await store.read((view) => view.collection(parcels).list({ ...theirs, where: [] }))
    assert.equal(sent.total, 1)
  })
}
