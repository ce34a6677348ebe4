import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import {
  aParcel,
  makeCollection,
  type Parcel,
  parcels,
  parcelTable,
} from '../../../test/support/collections.ts'
import { lastFirst, storeKinds } from '../../../test/support/stores.ts'
import { accountId } from '../../core/brand.ts'
import type { CollectionQuery, Condition } from '../../core/store/collection.ts'
import type { Store } from '../../core/store/store.ts'

/**
 * Lists of a collection of several thousand items, stored, changed and removed in no order, against the same list
 * made from an array.
 */

type Column = keyof typeof parcelTable.columns
type Sort = NonNullable<CollectionQuery<Column>['sort']>

const ours = accountId(1)
const ITEMS = 7_000
const STATES = ['packed', 'sent', 'lost'] as const

/** A repeatable source of numbers below `bound`. */
function numbers(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

function parcelOf(id: number, draw: (bound: number) => number): Parcel {
  const status = STATES[draw(10) < 8 ? 1 : draw(2) * 2] ?? 'packed'
  return aParcel({
    id,
    accountId: accountId(draw(5) === 0 ? 2 : 1),
    status,
    shelfId: draw(4) === 0 ? null : draw(3),
    address: `www${draw(2_000)}.shop${draw(7)}.test`,
    sentAt: status === 'packed' ? null : 1_000 + draw(500),
    fragile: draw(2) === 0,
    tracking: draw(5) === 0 ? null : `T${draw(3_000)}`,
    aliases: draw(3) === 0 ? [`alias${draw(50)}.test`] : [],
  })
}

/** Fills a store and tells what is in it. */
async function filled(store: Store): Promise<readonly Parcel[]> {
  const draw = numbers(7)
  const expected = new Map<number, Parcel>()
  for (let first = 1; first <= ITEMS; first += 500) {
    await store.write(function* (tx) {
      const items = tx.collection(parcels)
      for (let id = first; id < first + 500; id++) {
        const parcel = parcelOf(id, draw)
        assert.equal(yield* items.insert(parcel), true)
        expected.set(id, parcel)
      }
    })
  }
  await store.write(function* (tx) {
    const items = tx.collection(parcels)
    for (let n = 0; n < 400; n++) {
      const id = 1 + draw(ITEMS)
      const present = expected.get(id)
      const changed = { ...parcelOf(id, draw), accountId: present?.accountId ?? ours }
      assert.equal(yield* items.replace(changed), present !== undefined)
      if (present !== undefined) expected.set(id, changed)
      const gone = 1 + draw(ITEMS)
      const owner = expected.get(gone)?.accountId ?? ours
      assert.equal(yield* items.remove(owner, gone), expected.delete(gone))
    }
  })
  return [...expected.values()].filter((parcel) => parcel.accountId === ours)
}

function meets(parcel: Parcel, condition: Condition<Column>): boolean {
  if (condition.is === 'id') return condition.values.includes(parcel.id)
  if (condition.is === 'any-term') return condition.terms.some((each) => meets(parcel, each))
  const terms = parcels.terms(parcel)
  if (condition.is === 'term') return terms.includes(condition.text)
  if (condition.is === 'term-contains') return terms.some((term) => term.includes(condition.text))
  const value: string | number | null = parcels.values(parcel)[condition.column]
  switch (condition.is) {
    case 'absent':
      return value === null
    case 'any-of':
      return value !== null && condition.values.includes(value)
    case 'none-of':
      return value === null || !condition.values.includes(value)
    case 'contains':
      return String(value).toLowerCase().includes(condition.text)
    case 'between':
      return value !== null && value >= (condition.from ?? -1) && value <= (condition.to ?? 1e9)
  }
}

function compared(a: Parcel, b: Parcel, sort: Sort): number {
  for (const { column, descending } of sort) {
    const [left, right] = [a, b].map((parcel) =>
      column === 'id' ? parcel.id : parcels.values(parcel)[column],
    )
    if (left === right || left === undefined || right === undefined) continue
    const isLess = left === null || (right !== null && left < right)
    return isLess === descending ? 1 : -1
  }
  return (a.id - b.id) * (sort.at(-1)?.descending ? -1 : 1)
}

const whereCases: readonly (readonly Condition<Column>[])[] = [
  [],
  [{ is: 'id', values: [3, 17, 4_000, 9_999_999, 2 ** 40] }],
  [{ is: 'id', values: [] }],
  [
    { is: 'id', values: [5, 6, 7, 8, 9, 10] },
    { column: 'status', is: 'any-of', values: ['sent'] },
  ],
  [{ column: 'status', is: 'any-of', values: ['sent'] }],
  [{ column: 'status', is: 'any-of', values: ['packed', 'lost', 'packed', 'eaten'] }],
  [{ column: 'status', is: 'any-of', values: ['eaten'] }],
  [{ column: 'shelf_id', is: 'any-of', values: [1, 2] }],
  [{ column: 'shelf_id', is: 'absent' }],
  [{ column: 'status', is: 'none-of', values: ['sent'] }],
  [
    { column: 'status', is: 'any-of', values: ['sent'] },
    { column: 'shelf_id', is: 'any-of', values: [1] },
  ],
  [{ column: 'fragile', is: 'any-of', values: [1] }],
  [{ column: 'sent_at', is: 'between', from: 1_100, to: 1_200 }],
  [{ column: 'address', is: 'any-of', values: ['www1.shop1.test', 'www2.shop2.test', 'www77.shop3.test'] }],
  [
    { column: 'address', is: 'contains', text: '77.shop3' },
    { column: 'status', is: 'any-of', values: ['sent'] },
  ],
  [{ column: 'address', is: 'contains', text: '.s' }],
  [{ column: 'tracking', is: 'any-of', values: ['T1', 'T7', 'T2999', 'T9999'] }],
  [
    { column: 'tracking', is: 'any-of', values: ['T11', 'T12', 'T13'] },
    { column: 'status', is: 'any-of', values: ['sent'] },
  ],
  [{ column: 'tracking', is: 'contains', text: 't299' }],
  [{ column: 'tracking', is: 'none-of', values: ['T1'] }],
  [{ is: 'term-contains', text: 't299' }],
  [{ is: 'term', text: 'alias7.test' }],
  [{ is: 'term-contains', text: 'ias1' }],
  [{ is: 'term-contains', text: 'shop' }],
  [{ is: 'term-contains', text: 'xyz' }],
  [
    {
      is: 'any-term',
      terms: [
        { is: 'term', text: 'alias7.test' },
        { is: 'term', text: 'alias7' },
        { is: 'term-contains', text: 'ias1' },
      ],
    },
    { column: 'status', is: 'any-of', values: ['sent', 'packed'] },
  ],
  [
    {
      is: 'any-term',
      terms: [
        { is: 'term', text: 'alias7.test' },
        { is: 'term-contains', text: '7.' },
      ],
    },
  ],
  [{ is: 'any-term', terms: [] }],
]

const sortCases: readonly Sort[] = [
  [],
  [{ column: 'id', descending: true }],
  [{ column: 'sent_at', descending: true }],
  [{ column: 'sent_at', descending: false }],
  [
    { column: 'status', descending: false },
    { column: 'address', descending: true },
  ],
]

for (const { name, skip, place } of storeKinds) {
  suite(`${name}: lists of thousands`, { skip }, () => {
    const scope = lastFirst({ after })
    let store: Store
    let all: readonly Parcel[]
    before(async () => {
      const at = await place(scope)
      store = await at.open()
      await makeCollection(at, parcelTable)
      all = await filled(store)
    })

    for (const where of whereCases) {
      test(`the pages and totals of ${JSON.stringify(where)} are exact in every order`, async () => {
        const draw = numbers(JSON.stringify(where).length)
        const matching = all.filter((parcel) => where.every((condition) => meets(parcel, condition)))
        for (const sort of sortCases) {
          const sorted = matching.toSorted((a, b) => compared(a, b, sort))
          const last = sorted.length - 1
          const offsets = [0, 1, 5_000, draw(5_600), Math.floor(last / 2), last - 3, last, last + 1]
          for (const offset of offsets.filter((each) => each >= 0)) {
            const limit = 1 + draw(40)
            const page = await store.read((view) =>
              view.collection(parcels).list({ accountId: ours, where, sort, offset, limit }),
            )
            const what = `${JSON.stringify(sort)} from ${offset}, ${limit}`
            assert.equal(page.total, sorted.length, what)
            assert.deepEqual(page.items, sorted.slice(offset, offset + limit), what)
          }
        }
      })
    }

    test('values of a scattered column are found one by one and several at once', async () => {
      const tracked = all.filter(({ tracking }) => tracking !== null)
      for (const wanted of [tracked[0]?.tracking ?? '', tracked.at(-1)?.tracking ?? '', 'T9999', 't1']) {
        const expected = all.filter(({ tracking }) => tracking === wanted)
        const found = await store.read((view) =>
          view.collection(parcels).withValue(ours, 'tracking', wanted, 100),
        )
        assert.deepEqual(found, expected)
      }
      const values = tracked.slice(0, 5).map(({ tracking }) => tracking ?? '')
      const found = await store.read((view) =>
        view.collection(parcels).withAny(ours, 'tracking', values, 1_000),
      )
      assert.deepEqual(
        found,
        all.filter(({ tracking }) => tracking !== null && values.includes(tracking)),
      )
    })

    test('a page of a thousand over several runs of ids is whole', async () => {
      for (const descending of [false, true]) {
        const sort: Sort = [{ column: 'id', descending }]
        const page = await store.read((view) =>
          view.collection(parcels).list({ accountId: ours, where: [], sort, offset: 1_234, limit: 1_000 }),
        )
        const sorted = all.toSorted((a, b) => compared(a, b, sort))
        assert.deepEqual(page.items, sorted.slice(1_234, 2_234))
      }
    })
  })

  test(`${name}: counts and terms are of what committed, whichever process wrote it`, { skip }, async (t) => {
    const at = await place(t)
    const stores = [await at.open(), await at.open()]
    await makeCollection(at, parcelTable)
    const writes = Array.from({ length: 120 }, (_, n) =>
      stores[n % 2]?.write(function* (tx) {
        const items = tx.collection(parcels)
        const parcel = aParcel({ id: yield* items.nextId(), address: `www${n}.test` })
        yield* items.insert(parcel)
        if (n % 3 === 0) throw new Error('no')
        if (n % 3 === 1) yield* items.replace({ ...parcel, status: 'sent', address: `mail${n}.test` })
      }),
    )
    await Promise.allSettled(writes)
    for (const store of stores) {
      const total = async (...where: Condition<Column>[]) =>
        (
          await store.read((view) =>
            view.collection(parcels).list({ accountId: ours, where, offset: 0, limit: 5 }),
          )
        ).total
      assert.equal(await total(), 80)
      assert.equal(await total({ column: 'status', is: 'any-of', values: ['sent'] }), 40)
      assert.equal(await total({ column: 'status', is: 'any-of', values: ['packed'] }), 40)
      assert.equal(await total({ is: 'term-contains', text: 'mail' }), 40)
      assert.equal(await total({ is: 'term-contains', text: 'www' }), 40)
    }
  })
}
