import { accountId } from '../../src/core/brand.ts'
import type { CollectionQuery } from '../../src/core/store/collection.ts'
import type { Store } from '../../src/core/store/store.ts'
import { makeCollection } from '../../test/support/collections.ts'
import { type StorePlace, storeKinds } from '../../test/support/stores.ts'
import { CleanUp } from '../clean-up.ts'
import { fillCollection, openFiller } from '../lists/bulk.ts'
import { commonNameOf, sampleOrders, sampleOrdersOf, sampleOrderTable } from '../lists/orders.ts'
import type { BenchOptions } from '../options.ts'
import { type Report, whole } from '../report.ts'

type Query = Omit<CollectionQuery<keyof typeof sampleOrderTable.columns>, 'accountId'>

const account = accountId(1)
/** Lists of each kind that are not counted. */
const WARM_UP = 3
/** After this no more lists of a kind are read. */
const ENOUGH_MS = 15_000

/** Lists of an account with very many orders: how long a page takes, its total included. */
export async function measureLists(options: BenchOptions, report: Report): Promise<void> {
  report.heading('Lists')
  for (const { name, skip, place } of storeKinds) {
    if (skip !== false) {
      report.absent(`lists on ${name}`, skip)
      continue
    }
    const scope = new CleanUp()
    try {
      const at = await place(scope)
      const seconds = await fill(at, options.orders)
      const store = await at.open()
      report.table(
        [
          `${name}, ${whole(options.orders)} orders (filled in ${whole(seconds)} s)`,
          'rows',
          'total',
          'median ms',
          'p95 ms',
        ],
        await measureAll(store, options),
      )
    } finally {
      await scope.run()
    }
  }
}

async function fill(at: StorePlace, count: number): Promise<number> {
  const start = performance.now()
  // Makes the schema.
  await (await at.open()).close()
  await makeCollection(at, sampleOrderTable)
  const filler = await openFiller(at.location)
  try {
    await fillCollection(filler, sampleOrders, sampleOrdersOf(account, count))
    // As the server's own housekeeping would, before long.
    if ('url' in at.location) await filler.execute('VACUUM ANALYZE')
  } finally {
    await filler.close()
  }
  return (performance.now() - start) / 1_000
}

async function measureAll(store: Store, { orders, lists }: BenchOptions): Promise<string[][]> {
  const rows: string[][] = []
  for (const [what, queryOf] of Object.entries(queries(orders))) {
    const times: number[] = []
    let told = { rows: 0, total: 0 }
    const enough = performance.now() + ENOUGH_MS
    for (let round = -WARM_UP; round < lists && performance.now() < enough; round++) {
      const query = queryOf(round + WARM_UP)
      const start = performance.now()
      const page = await store.read((view) =>
        view.collection(sampleOrders).list({ accountId: account, ...query }),
      )
      if (round >= 0) times.push(performance.now() - start)
      told = { rows: page.items.length, total: page.total }
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(1) ?? 'too long'
    rows.push([what, whole(told.rows), whole(told.total), at(0.5), at(0.95)])
  }
  return rows
}

/** A query for each round: never twice the same page where that matters. */
function queries(orders: number): Readonly<Record<string, (round: number) => Query>> {
  const deep = (round: number) => Math.floor(orders * 0.9) - round * 1_013
  const middle = (round: number) => Math.floor(orders / 2) - round * 1_013
  const newest = [{ column: 'created_at', descending: true }] as const
  const issued = [{ column: 'status', is: 'any-of', values: ['issued'] }] as const
  return {
    'first page': () => ({ where: [], offset: 0, limit: 1_000 }),
    'first page of 100': () => ({ where: [], offset: 0, limit: 100 }),
    'deep page': (round) => ({ where: [], offset: deep(round), limit: 1_000 }),
    'deep page of 100, newest first': (round) => ({
      where: [],
      sort: newest,
      offset: deep(round),
      limit: 100,
    }),
    'page in the middle, newest first': (round) => ({
      where: [],
      sort: newest,
      offset: middle(round),
      limit: 100,
    }),
    'issued, first page of 100': () => ({ where: issued, offset: 0, limit: 100 }),
    'issued, deep page of 100': (round) => ({
      where: issued,
      offset: Math.floor(deep(round) * 0.8),
      limit: 100,
    }),
    'issued, newest first': () => ({ where: issued, sort: newest, offset: 0, limit: 100 }),
    'common name': (round) => ({
      where: [
        { column: 'common_name', is: 'any-of', values: [commonNameOf(1 + ((round * 7_919) % orders))] },
      ],
      offset: 0,
      limit: 1_000,
    }),
    'common name among issued': (round) => ({
      where: [
        ...issued,
        { column: 'common_name', is: 'any-of', values: [commonNameOf(1 + ((round * 7_919) % orders))] },
      ],
      offset: 0,
      limit: 1_000,
    }),
    'part of a common name': (round) => ({
      where: [{ column: 'common_name', is: 'contains', text: `ww${1 + ((round * 7_919) % orders)}.sho` }],
      offset: 0,
      limit: 1_000,
    }),
    'one domain in a thousand': (round) => ({
      where: [{ is: 'term-contains', text: `.shop${100 + (round % 800)}.` }],
      offset: 0,
      limit: 100,
    }),
    'organization and date': (round) => ({
      where: [
        { column: 'organization_id', is: 'any-of', values: [1 + (round % 300)] },
        { column: 'created_at', is: 'between', from: Date.UTC(2024, 2, 1), to: Date.UTC(2024, 3, 1) },
      ],
      offset: 0,
      limit: 100,
    }),
    'two statuses, newest first': () => ({
      where: [{ column: 'status', is: 'any-of', values: ['pending', 'revoked'] }],
      sort: newest,
      offset: 0,
      limit: 100,
    }),
    'a part that every name has': () => ({
      where: [{ is: 'term-contains', text: 'bench.example' }],
      offset: 0,
      limit: 100,
    }),
  }
}
