import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aParcel,
  makeCollection,
  type Parcel,
  parcels,
  parcelTable,
} from '../../../test/support/collections.ts'
import { type StorePlace, storeKinds } from '../../../test/support/stores.ts'
import { accountId } from '../../core/brand.ts'
import { type CollectionDefinition, storable } from '../../core/store/collection.ts'
import { rememberingView } from '../../core/store/configuration-memory.ts'
import type { Store } from '../../core/store/store.ts'

type Column = keyof typeof parcelTable.columns
const crates: CollectionDefinition<Parcel, Column> = { ...parcels, name: 'crate' }
const rules: CollectionDefinition<Parcel, Column> = { ...parcels, name: 'rule', isConfiguration: true }
const ours = accountId(1)

async function opened(at: StorePlace): Promise<Store> {
  const store = await at.open()
  for (const { name } of [parcels, crates, rules]) await makeCollection(at, { ...parcelTable, name })
  return store
}

const storeBoth = (store: Store, parcel: Partial<Parcel>, crate: Partial<Parcel>): Promise<boolean> =>
  store.write(function* (tx) {
    const [parcelId, crateId] = yield* tx.nextIds([parcels, crates])
    assert.ok(parcelId !== undefined && crateId !== undefined)
    return yield* tx.insertTogether(
      storable(parcels, aParcel({ id: parcelId, ...parcel })),
      storable(crates, aParcel({ id: crateId, ...crate })),
    )
  })

const changeRule = (store: Store, changes: Partial<Parcel>): Promise<boolean> =>
  store.write(function* (tx) {
    const held = yield* tx.collection(rules).hold(ours, 1)
    return held === undefined
      ? yield* tx.collection(rules).insert(aParcel({ id: yield* tx.collection(rules).nextId(), ...changes }))
      : yield* tx.collection(rules).replace({ ...held, ...changes })
  })

for (const { name, skip, place } of storeKinds) {
  test(`${name}: items of several collections are stored together, counted and searchable`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    assert.equal(await storeBoth(store, { address: 'one.test' }, { address: 'two.test' }), true)
    assert.equal(await storeBoth(store, { address: 'one.test' }, { address: 'six.test' }), true)
    const found = await store.read(function* (view) {
      const query = (text: string) => ({
        accountId: ours,
        where: [{ is: 'term', text }] as const,
        offset: 0,
        limit: 9,
      })
      const all = { accountId: ours, where: [], offset: 0, limit: 0 }
      return {
        ones: (yield* view.collection(parcels).list(query('one.test'))).items.map(({ id }) => id),
        sixes: (yield* view.collection(crates).list(query('six.test'))).items.map(({ id }) => id),
        totals: [
          (yield* view.collection(parcels).list(all)).total,
          (yield* view.collection(crates).list(all)).total,
        ],
      }
    })
    assert.deepEqual(found, { ones: [1, 2], sixes: [2], totals: [2, 2] })
  })

  test(`${name}: nothing is stored with an item whose unique value is taken`, { skip }, async (t) => {
    const store = await opened(await place(t))
    assert.equal(await storeBoth(store, { label: 'A' }, {}), true)
    assert.equal(await storeBoth(store, { label: 'A' }, {}), false)
    const all = { accountId: ours, where: [], offset: 0, limit: 9 }
    for (const definition of [parcels, crates]) {
      const { items, total } = await store.read((view) => view.collection(definition).list(all))
      assert.deepEqual([items.length, total], [1, 1])
    }
  })

  test(`${name}: the caller is told that a unique value of the second item is taken`, { skip }, async (t) => {
    const store = await opened(await place(t))
    assert.equal(await storeBoth(store, {}, { label: 'A' }), true)
    assert.equal(await storeBoth(store, {}, { label: 'A' }), false)
  })

  test(`${name}: items are found by several values of a column at once`, { skip }, async (t) => {
    const store = await opened(await place(t))
    for (const [label, shelfId] of [
      ['A', 1],
      ['B', 2],
      ['C', 2],
    ] as const) {
      await storeBoth(store, { label, shelfId }, {})
    }
    const withAny = (column: Column, values: readonly (string | number)[], limit = 9) =>
      store.read(function* (view) {
        const found = yield* view.collection(parcels).withAny(ours, column, values, limit)
        return found.map(({ id }) => id)
      })
    assert.deepEqual(await withAny('label', ['C', 'A', 'no', 'a\0b']), [1, 3])
    assert.deepEqual(await withAny('shelf_id', [2, 2 ** 40]), [2, 3])
    assert.deepEqual(await withAny('shelf_id', [1, 2], 2), [1, 2])
    assert.deepEqual(await withAny('label', []), [])
  })

  test(`${name}: each change of an item of configuration begins an epoch, no other change does`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    const epochs = [store.configurationEpoch()]
    const note = () => epochs.push(store.configurationEpoch())
    await storeBoth(store, {}, {})
    note()
    await changeRule(store, { label: 'A' })
    note()
    await changeRule(store, { label: 'B' })
    note()
    await store.write(function* (tx) {
      const [id] = yield* tx.nextIds([rules])
      assert.ok(id !== undefined)
      return yield* tx.insertTogether(storable(rules, aParcel({ id })))
    })
    note()
    await store.write((tx) => tx.collection(rules).remove(ours, 1))
    note()
    await store.write((tx) => tx.collection(rules).remove(ours, 1))
    note()
    const [first = 0] = epochs
    assert.deepEqual(
      epochs.map((epoch) => epoch - first),
      [0, 0, 1, 2, 3, 4, 4],
    )
  })

  test(`${name}: configuration is read once in an epoch, and anew after a change`, { skip }, async (t) => {
    const at = await place(t)
    const store = await opened(at)
    const remembered = () =>
      store.read(function* (view) {
        const { view: remembering, epoch } = rememberingView(store, view)
        const one = yield* remembering.collection(rules).byId(ours, 1)
        const [other] = yield* remembering.collection(rules).withValue(ours, 'fragile', 0, 9)
        const [parcel] = yield* remembering.collection(parcels).withValue(ours, 'fragile', 0, 9)
        return { labels: [one?.label, other?.label, parcel?.label], epoch }
      })
    assert.deepEqual((await remembered()).labels, [undefined, undefined, undefined])
    await storeBoth(store, { label: 'P' }, {})
    await changeRule(store, { label: 'A' })
    const before = await remembered()
    assert.deepEqual(before.labels, ['A', 'A', 'P'])
    // Behind the store's back: only memory can answer as before.
    await at.query('delete from rule')
    await at.query('delete from parcel')
    assert.deepEqual(await remembered(), { labels: ['A', 'A', undefined], epoch: before.epoch })
    await changeRule(store, { label: 'B' })
    const after = await remembered()
    assert.deepEqual(after.labels[0], undefined)
    assert.ok(after.epoch > before.epoch)
  })
}
