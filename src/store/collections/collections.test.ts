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
import type { CollectionQuery } from '../../core/store/collection.ts'
import { DocumentUnsound } from '../../core/store/document.ts'
import type { Store } from '../../core/store/store.ts'

const [ours, theirs] = [accountId(1), accountId(2)]

async function opened(at: StorePlace): Promise<Store> {
  const store = await at.open()
  await makeCollection(at, parcelTable)
  return store
}

const insert = (store: Store, changes: Partial<Parcel> = {}): Promise<Parcel | undefined> =>
  store.write(function* (tx) {
    const items = tx.collection(parcels)
    const parcel = aParcel({ id: yield* items.nextId(), ...changes })
    return (yield* items.insert(parcel)) ? parcel : undefined
  })

type Query = Partial<CollectionQuery<keyof typeof parcelTable.columns>>

const list = async (store: Store, query: Query = {}) => {
  const page = await store.read((view) =>
    view.collection(parcels).list({ accountId: ours, where: [], offset: 0, limit: 100, ...query }),
  )
  return { ids: page.items.map(({ id }) => id), total: page.total }
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: an item is read back as it was stored, by its own account only`, { skip }, async (t) => {
    const store = await opened(await place(t))
    const parcel = await insert(store, { shelfId: 7, sentAt: 2 ** 41, label: 'naïve ☃', aliases: ['a.test'] })
    assert.ok(parcel !== undefined)
    const read = (account = ours, id = parcel.id) =>
      store.read((view) => view.collection(parcels).byId(account, id))
    assert.deepEqual(await read(), parcel)
    assert.equal(await read(theirs), undefined)
    assert.deepEqual(await store.read((view) => view.collection(parcels).anyById(parcel.id)), parcel)
    for (const id of [0, -1, 1.5, 2 ** 31, 1e20, Number.NaN]) assert.equal(await read(ours, id), undefined)
  })

  test(`${name}: several items are read at once, in order of id`, { skip }, async (t) => {
    const store = await opened(await place(t))
    const made = [await insert(store), await insert(store, { accountId: theirs }), await insert(store)]
    const found = await store.read((view) => view.collection(parcels).byIds(ours, [3, 2, 1, 3, 99, 2 ** 40]))
    assert.deepEqual(found, [made[0], made[2]])
    assert.deepEqual(await store.read((view) => view.collection(parcels).byIds(ours, [])), [])
  })

  test(`${name}: an item is replaced and removed by its own account only`, { skip }, async (t) => {
    const store = await opened(await place(t))
    const parcel = await insert(store)
    assert.ok(parcel !== undefined)
    const sent: Parcel = { ...parcel, status: 'sent', sentAt: 5, address: 'other.example.test' }
    const replace = (item: Parcel) => store.write((tx) => tx.collection(parcels).replace(item))
    assert.equal(await replace({ ...sent, accountId: theirs }), false)
    assert.equal(await replace(sent), true)
    assert.deepEqual(await store.write((tx) => tx.collection(parcels).hold(ours, parcel.id)), sent)
    assert.equal(await store.write((tx) => tx.collection(parcels).hold(theirs, parcel.id)), undefined)
    assert.deepEqual(
      (await list(store, { where: [{ column: 'status', is: 'any-of', values: ['sent'] }] })).ids,
      [1],
    )
    const remove = (account = ours) => store.write((tx) => tx.collection(parcels).remove(account, parcel.id))
    assert.equal(await remove(theirs), false)
    assert.equal(await remove(), true)
    assert.equal(await remove(), false)
    assert.deepEqual(await list(store), { ids: [], total: 0 })
  })

  test(`${name}: a unique value is stored once in an account, and absent values are not compared`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    const first = await insert(store, { label: 'A' })
    const second = await insert(store, { label: 'B' })
    assert.ok(first !== undefined && second !== undefined)
    assert.equal(await insert(store, { label: 'A' }), undefined)
    assert.notEqual(await insert(store, { label: 'A', accountId: theirs }), undefined)
    assert.notEqual(await insert(store), undefined)
    assert.notEqual(await insert(store), undefined)
    const replace = (item: Parcel) => store.write((tx) => tx.collection(parcels).replace(item))
    assert.equal(await replace({ ...second, label: 'A' }), false)
    assert.equal(await replace({ ...second, label: 'C' }), true)
    assert.equal(await replace({ ...first, label: 'B' }), true)
    assert.equal(store.healthy(), true)
  })

  test(`${name}: of two stores that want one unique value at once, one gets it`, { skip }, async (t) => {
    const at = await place(t)
    const [one, other] = [await opened(at), await at.open()]
    for (let round = 0; round < 20; round++) {
      const label = `round ${round}`
      const mine = await insert(one)
      assert.ok(mine !== undefined)
      const [replaced, inserted] = await Promise.all([
        one.write((tx) => tx.collection(parcels).replace({ ...mine, label })),
        insert(other, { label }),
      ])
      assert.equal(Number(replaced) + Number(inserted !== undefined), 1)
    }
  })

  test(`${name}: no two items get one number, whichever store draws it`, { skip }, async (t) => {
    const at = await place(t)
    const stores = [await opened(at), await at.open()]
    const drawn = await Promise.all(
      stores.flatMap((store) =>
        Array.from({ length: 50 }, () => store.write((tx) => tx.collection(parcels).nextId())),
      ),
    )
    assert.equal(new Set(drawn).size, 100)
    assert.ok(drawn.every((id) => Number.isInteger(id) && id > 0))
  })

  test(`${name}: conditions narrow a list, and all of them have to hold`, { skip }, async (t) => {
    const store = await opened(await place(t))
    await insert(store, { status: 'packed', shelfId: 1, address: 'www.Shop.test', aliases: ['shop.test'] })
    await insert(store, { status: 'sent', shelfId: 2, sentAt: 100, address: '100%_sure.test' })
    await insert(store, { status: 'sent', shelfId: null, sentAt: 200, fragile: true, address: 'mail.test' })
    await insert(store, {
      status: 'lost',
      shelfId: 1,
      sentAt: 300,
      label: 'x',
      address: 'WWW.shop.test.example',
    })
    await insert(store, { accountId: theirs, status: 'sent', shelfId: 1, address: 'www.shop.test' })
    const where = async (...conditions: CollectionQuery<keyof typeof parcelTable.columns>['where']) =>
      (await list(store, { where: conditions })).ids
    assert.deepEqual(await where(), [1, 2, 3, 4])
    assert.deepEqual(await where({ column: 'status', is: 'any-of', values: ['sent', 'lost'] }), [2, 3, 4])
    assert.deepEqual(await where({ column: 'status', is: 'any-of', values: [] }), [])
    assert.deepEqual(await where({ column: 'status', is: 'none-of', values: ['sent'] }), [1, 4])
    assert.deepEqual(await where({ column: 'status', is: 'none-of', values: [] }), [1, 2, 3, 4])
    assert.deepEqual(await where({ column: 'shelf_id', is: 'absent' }), [3])
    assert.deepEqual(await where({ column: 'shelf_id', is: 'none-of', values: [1] }), [2, 3])
    assert.deepEqual(await where({ column: 'fragile', is: 'any-of', values: [1] }), [3])
    assert.deepEqual(await where({ column: 'sent_at', is: 'between', from: 100, to: 200 }), [2, 3])
    assert.deepEqual(await where({ column: 'sent_at', is: 'between', from: 101 }), [3, 4])
    assert.deepEqual(await where({ column: 'sent_at', is: 'between', to: 199 }), [2])
    assert.deepEqual(await where({ column: 'address', is: 'contains', text: 'SHOP.test' }), [1, 4])
    assert.deepEqual(await where({ column: 'address', is: 'contains', text: '.e' }), [4])
    assert.deepEqual(await where({ is: 'term', text: 'shop.TEST' }), [1])
    assert.deepEqual(await where({ is: 'term', text: 'hop.test' }), [])
    assert.deepEqual(await where({ is: 'term-contains', text: 'Hop.test' }), [1, 4])
    assert.deepEqual(await where({ is: 'term-contains', text: 'il' }), [3])
    assert.deepEqual(
      await where(
        { column: 'status', is: 'any-of', values: ['sent', 'packed'] },
        { column: 'shelf_id', is: 'any-of', values: [1, 2] },
        { is: 'term-contains', text: 'test' },
      ),
      [1, 2],
    )
  })

  test(`${name}: P19 what is looked for is data: no character of it has a meaning of its own`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    await insert(store, { address: '100%_sure.test' })
    await insert(store, { address: '1000 sure.test' })
    for (const [text, ids] of [
      ['%', [1]],
      ['_', [1]],
      ['0%_s', [1]],
      ['.*', []],
      ['^1', []],
      ["' or 1=1 --", []],
      ['"sure"', []],
      ['sure*', []],
      ['100 or 1000', []],
      ['\\', []],
      ['\0', []],
      ['\n', []],
      ['', [1, 2]],
      ['x'.repeat(100_000), []],
    ] as const) {
      for (const is of ['term-contains', 'contains'] as const) {
        const condition = is === 'contains' ? ({ column: 'address', is, text } as const) : { is, text }
        assert.deepEqual(
          (await list(store, { where: [condition] })).ids,
          ids,
          `${is} ${JSON.stringify(text)}`,
        )
      }
      const whole = await list(store, { where: [{ is: 'term', text }] })
      const column = await list(store, { where: [{ column: 'address', is: 'any-of', values: [text] }] })
      assert.deepEqual([whole.ids, column.ids], [[], []], JSON.stringify(text))
    }
  })

  test(`${name}: P19 values that a column cannot hold find nothing`, { skip }, async (t) => {
    const store = await opened(await place(t))
    await insert(store, { shelfId: 1, sentAt: 1 })
    for (const value of ['1', 'x', '', 1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY]) {
      const equal = await list(store, { where: [{ column: 'shelf_id', is: 'any-of', values: [value] }] })
      const from = await list(store, { where: [{ column: 'sent_at', is: 'between', from: value }] })
      const held = await store.read((view) => view.collection(parcels).withValue(ours, 'shelf_id', value, 9))
      assert.deepEqual([equal.ids, from.ids, held], [[], [], []], String(value))
    }
    assert.equal(
      (await list(store, { where: [{ column: 'shelf_id', is: 'any-of', values: [2 ** 40, 1] }] })).total,
      1,
    )
    assert.equal(
      (await list(store, { where: [{ column: 'shelf_id', is: 'none-of', values: ['x'] }] })).total,
      1,
    )
  })

  test(`${name}: P19 a page is bounded, and one past the end is empty with the total told`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    await store.write(function* (tx) {
      const items = tx.collection(parcels)
      for (let id = 1; id <= 1_005; id++) yield* items.insert(aParcel({ id, address: `${id}.test` }))
    })
    const huge = await list(store, { limit: 1e9 })
    assert.deepEqual([huge.ids.length, huge.total], [1_000, 1_005])
    assert.deepEqual(await list(store, { limit: 0 }), { ids: [], total: 1_005 })
    assert.deepEqual(await list(store, { limit: -5 }), { ids: [], total: 1_005 })
    assert.deepEqual((await list(store, { offset: -7, limit: 2 })).ids, [1, 2])
    assert.deepEqual(await list(store, { offset: 1_004, limit: 5 }), { ids: [1_005], total: 1_005 })
    assert.deepEqual(await list(store, { offset: 1_005 }), { ids: [], total: 1_005 })
    assert.deepEqual(await list(store, { offset: 1e15 }), { ids: [], total: 1_005 })
  })

  test(`${name}: lists are sorted by columns, absent values first, and the id decides between equals`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    await insert(store, { status: 'sent', sentAt: 2 })
    await insert(store, { status: 'packed', sentAt: null })
    await insert(store, { status: 'sent', sentAt: 1 })
    await insert(store, { status: 'packed', sentAt: 2 })
    const sorted = async (...sort: NonNullable<Query['sort']>) => (await list(store, { sort })).ids
    const by = <Column>(column: Column, descending = false) => ({ column, descending })
    assert.deepEqual(await sorted(by('id', true)), [4, 3, 2, 1])
    assert.deepEqual(await sorted(by('sent_at')), [2, 3, 1, 4])
    assert.deepEqual(await sorted(by('sent_at', true)), [4, 1, 3, 2])
    assert.deepEqual(await sorted(by('status'), by('sent_at', true)), [4, 2, 1, 3])
    assert.deepEqual(await sorted(by('status'), by('status', true)), [2, 4, 1, 3])
    assert.deepEqual(await sorted(by('sent_at'), by('id', true)), [2, 3, 4, 1])
    assert.deepEqual(await list(store, { sort: [by('status'), by('sent_at', true)], offset: 1, limit: 2 }), {
      ids: [2, 1],
      total: 4,
    })
  })

  test(`${name}: items are found by a value in an account, and by a range over all of them`, {
    skip,
  }, async (t) => {
    const store = await opened(await place(t))
    for (const sentAt of [10, 20, 30, null]) await insert(store, { sentAt, status: 'sent', shelfId: 3 })
    await insert(store, { sentAt: 20, accountId: theirs, shelfId: 3 })
    const reads = <Result>(read: Parameters<typeof store.read<Result>>[0]) => store.read(read)
    const ids = (items: readonly Parcel[]) => items.map(({ id }) => id)
    assert.deepEqual(
      ids(await reads((view) => view.collection(parcels).withValue(ours, 'shelf_id', 3, 3))),
      [1, 2, 3],
    )
    assert.deepEqual(
      ids(await reads((view) => view.collection(parcels).withValue(ours, 'status', 'lost', 3))),
      [],
    )
    const due = (after: number, limit: number) =>
      reads((view) => view.collection(parcels).anyBetween('sent_at', 10, 20, after, limit))
    assert.deepEqual(ids(await due(0, 2)), [1, 2])
    assert.deepEqual(ids(await due(2, 2)), [5])
  })

  test(`${name}: a stored document that is not sound is not believed`, { skip }, async (t) => {
    const at = await place(t)
    const store = await opened(at)
    const parcel = await insert(store)
    assert.ok(parcel !== undefined)
    const stored = JSON.stringify(parcel)
    for (const document of [
      '',
      'null',
      '[]',
      '{}',
      stored.replace('"accountId":1', '"accountId":2'),
      stored.replace('"id":1', '"id":2'),
      stored.replace('packed', 'eaten'),
    ]) {
      await at.query(`update parcel set document = '${document}'`)
      await assert.rejects(
        async () => store.read((view) => view.collection(parcels).byId(ours, 1)),
        DocumentUnsound,
        document,
      )
    }
    assert.equal(store.healthy(), true)
  })
}
