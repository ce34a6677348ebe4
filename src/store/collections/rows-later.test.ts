import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aParcel,
  makeCollection,
  type Parcel,
  parcels,
  parcelTable,
} from '../../../test/support/collections.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { accountId } from '../../core/brand.ts'
import { storable } from '../../core/store/collection.ts'
import type { Program } from '../../core/store/program.ts'
import type { Store, Transaction } from '../../core/store/store.ts'

const ours = accountId(1)
const ascending = (one: number, other: number) => one - other

function* storeParcel(tx: Transaction, parcel: Partial<Parcel> = {}): Program<number> {
  const [id] = yield* tx.nextIds([parcels])
  assert.ok(id !== undefined)
  yield* tx.insertTogether(storable(parcels, aParcel({ id, ...parcel })))
  return id
}

const idsOf = async (store: Store): Promise<readonly number[]> => {
  const query = { accountId: ours, where: [], offset: 0, limit: 99 }
  return (await store.read((view) => view.collection(parcels).list(query))).items.map(({ id }) => id)
}

/** Every way of looking at items or changing them, each told of whether it saw the one with the id. */
const looks: Readonly<Record<string, (tx: Transaction, id: number) => Program<boolean>>> = {
  *byId(tx, id) {
    return (yield* tx.collection(parcels).byId(ours, id)) !== undefined
  },
  *anyById(tx, id) {
    return (yield* tx.collection(parcels).anyById(id)) !== undefined
  },
  *byIds(tx, id) {
    return (yield* tx.collection(parcels).byIds(ours, [id])).length === 1
  },
  *withValue(tx, id) {
    return (yield* tx.collection(parcels).withValue(ours, 'address', `p${id}.test`, 9)).length === 1
  },
  *withAny(tx, id) {
    return (yield* tx.collection(parcels).withAny(ours, 'address', [`p${id}.test`], 9)).length === 1
  },
  *scattered(tx, id) {
    return (yield* tx.collection(parcels).withValue(ours, 'tracking', `T${id}`, 9)).length === 1
  },
  *anyBetween(tx, id) {
    return (yield* tx.collection(parcels).anyBetween('sent_at', id, id, 0, 9)).length === 1
  },
  *list(tx, id) {
    const where = [{ is: 'term-contains', text: `p${id}.test` }] as const
    return (yield* tx.collection(parcels).list({ accountId: ours, where, offset: 0, limit: 9 })).total === 1
  },
  *hold(tx, id) {
    return (yield* tx.collection(parcels).hold(ours, id)) !== undefined
  },
  replace: (tx, id) => tx.collection(parcels).replace(aParcel({ id, address: 'moved.test' })),
  remove: (tx, id) => tx.collection(parcels).remove(ours, id),
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: a program finds the item that it has just stored, whichever way it looks`, {
    skip,
  }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    for (const [way, look] of Object.entries(looks)) {
      const [own, others] = await Promise.all([
        store.write(function* (tx) {
          const [id] = yield* tx.nextIds([parcels])
          assert.ok(id !== undefined)
          const parcel = aParcel({ id, address: `p${id}.test`, tracking: `T${id}`, sentAt: id })
          yield* tx.insertTogether(storable(parcels, parcel))
          return yield* look(tx, id)
        }),
        store.write(function* (tx) {
          const id = yield* storeParcel(tx)
          return yield* looks.byId?.(tx, id) ?? assert.fail()
        }),
      ])
      assert.deepEqual([way, own, others], [way, true, true])
    }
  })

  test(`${name}: what many programs store at once is there, each item once`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    const made = await Promise.all(
      Array.from({ length: 61 }, (_, number) =>
        store.write((tx) => storeParcel(tx, { address: `n${number}.test` })),
      ),
    )
    assert.deepEqual(await idsOf(store), made.toSorted(ascending))
    for (const [number, id] of made.entries()) {
      const where = [{ is: 'term', text: `n${number}.test` }] as const
      const { items } = await store.read((view) =>
        view.collection(parcels).list({ accountId: ours, where, offset: 0, limit: 9 }),
      )
      assert.deepEqual(
        items.map((item) => item.id),
        [id],
      )
    }
  })

  test(`${name}: an item that the engine refuses fails its own program only`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    const results = await Promise.allSettled([
      store.write((tx) => storeParcel(tx)),
      store.write((tx) => storeParcel(tx, { shelfId: 2 ** 70 })),
      store.write((tx) => storeParcel(tx)),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const [first, , third] = results.map((result) => (result.status === 'fulfilled' ? result.value : 0))
    assert.deepEqual(await idsOf(store), [first ?? 0, third ?? 0].toSorted(ascending))
    // The store is as able as before.
    assert.ok(await store.write((tx) => storeParcel(tx)))
  })

  test(`${name}: nothing stays of an item whose program fails after it`, { skip }, async (t) => {
    const at = await place(t)
    const store = await at.open()
    await makeCollection(at, parcelTable)
    const results = await Promise.allSettled([
      store.write((tx) => storeParcel(tx)),
      store.write(function* (tx) {
        yield* storeParcel(tx)
        throw new Error('no')
      }),
      store.write((tx) => storeParcel(tx)),
    ])
    const kept = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    assert.equal(kept.length, 2)
    assert.deepEqual(await idsOf(store), kept.toSorted(ascending))
  })
}
