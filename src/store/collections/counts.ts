import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { adHocRow, adHocRows, statementsOf } from '../statement.ts'
import type { ItemValues } from './item-values.ts'
import { compilable } from './raw.ts'

/**
 * How many items an account has, in all and with each value of the counted columns, for every run of ids: sums tell
 * totals, and the run in which a page begins, without reading what comes before it.
 *
 * Where writers run side by side, each connection keeps rows of its own, so that none waits for another.
 */

/** Ids of one run share all but these low bits. */
const RUN_BITS = 11

/** A part of an account's items that is counted: all, or those with one of these values of one column. */
export interface Facet {
  readonly column: string
  /** As stored, see `facetValue`. */
  readonly values: readonly string[]
}

export const EVERYTHING: Facet = { column: '', values: [''] }

export interface Run {
  /** The least id that may be in it. */
  readonly from: number
  /** The least id after it. */
  readonly to: number
  readonly items: number
}

export interface Counts {
  /** The rows that one more item with the given values is counted in; `bound` gives the values. */
  rows(given: Given<ItemValues>): readonly RawBuilder<unknown>[]
  bound(values: ItemValues): ItemValues
  add(values: ItemValues): Program<unknown>
  remove(values: ItemValues): Program<unknown>
  /** Moves an item from its old values to its new ones. */
  move(before: ItemValues, after: ItemValues): Program<void>
}

export function facetValue(value: unknown): string {
  return value === null ? '' : `=${String(value)}`
}

/** The run that an id is counted in. */
export function runOf(id: number): number {
  return id >> RUN_BITS
}

export const countTable = (collection: string): string => `${collection}_count`

export const COUNT_COLUMNS = ['account_id', 'facet', 'value', 'run', 'writer', 'items']
export const COUNT_KEY = COUNT_COLUMNS.slice(0, -1)

/** What a statement that adds counts ends with. */
export function onCounted(collection: string): RawBuilder<unknown> {
  const items = sql.ref(`${countTable(collection)}.items`)
  return sql`on conflict (${sql.join(COUNT_KEY.map((column) => sql.ref(column)))})
             do update set items = ${items} + excluded.items`
}

/** A part that grows or shrinks by so many items. */
interface Change {
  readonly facet: string
  /** As stored. */
  readonly value: string
  readonly amount: 1 | -1
}

/** Counts changes of an item's account in the run of its id. */
type Counting = (item: ItemValues, changes: readonly Change[]) => Program<void>

export function countsOf(dialect: Dialect, name: string, counted: readonly string[]): Counts {
  const count = dialect.capabilities.defersWrites ? countingLater(dialect, name) : countingNow(dialect, name)
  const whole = (item: ItemValues, amount: 1 | -1): readonly Change[] => [
    { facet: EVERYTHING.column, value: '', amount },
    ...counted.map((column) => ({ facet: column, value: facetValue(item[column]), amount })),
  ]
  return {
    rows: (given) => [
      newRow(dialect, given, EVERYTHING.column, sql.lit('')),
      ...counted.map((column) => newRow(dialect, given, column, sql`${given[boundName(column)]}`)),
    ],
    bound: (values) => ({
      ...values,
      ...Object.fromEntries(counted.map((column) => [boundName(column), facetValue(values[column])])),
    }),
    add: (values) => count(values, whole(values, 1)),
    remove: (values) => count(values, whole(values, -1)),
    *move(before, after) {
      const changes = counted.flatMap((column): readonly Change[] => {
        const [from, to] = [facetValue(before[column]), facetValue(after[column])]
        if (from === to) return []
        return [
          { facet: column, value: from, amount: -1 },
          { facet: column, value: to, amount: 1 },
        ]
      })
      if (changes.length > 0) yield* count(after, changes)
    },
  }
}

const boundName = (column: string): string => `counted ${column}`

const into = (collection: string) =>
  sql`insert into ${sql.table(countTable(collection))} (${sql.join(COUNT_COLUMNS.map((column) => sql.ref(column)))})`

function newRow(
  dialect: Dialect,
  given: Given<ItemValues>,
  facet: string,
  value: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`(cast(${given.account_id} as integer), cast(${sql.lit(facet)} as text), cast(${value} as text),
              cast(${given.id} as integer) >> ${sql.lit(RUN_BITS)}, ${dialect.writer}, 1)`
}

/** One row of counts. */
type CountRow = Change & { readonly account: number; readonly run: number }

function countingLater(dialect: Dialect, name: string): Counting {
  const { db, addition } = statementsOf(dialect.db)
  const add = addition(({ account, facet, value, run, amount }: Given<CountRow>) =>
    compilable(
      db,
      sql`${into(name)} values (${account}, ${facet}, ${value}, ${run}, ${dialect.writer}, ${amount}) ${onCounted(name)}`,
    ),
  )
  return function* count({ account_id: account, id }, changes) {
    const run = runOf(id)
    for (const { facet, value, amount } of changes) yield* add.run({ account, facet, value, run, amount })
  }
}

type CountRows = { readonly account: number; readonly run: number } & {
  readonly [Member in keyof Change]: readonly Change[Member][]
}

/** In one statement, however many. */
function countingNow(dialect: Dialect, name: string): Counting {
  const { db, change } = statementsOf(dialect.db)
  const add = change(({ account, facet, value, run, amount }: Given<CountRows>) =>
    compilable(
      db,
      sql`${into(name)}
          select cast(${account} as integer), facet, value, cast(${run} as integer), ${dialect.writer}, amount
          from unnest(${facet}::text[], ${value}::text[], ${amount}::integer[]) as each (facet, value, amount)
          ${onCounted(name)}`,
    ),
  )
  return function* count({ account_id: account, id }, changes) {
    const facet = changes.map((each) => each.facet)
    const value = changes.map((each) => each.value)
    const amount = changes.map((each) => each.amount)
    yield* add.run({ account, run: runOf(id), facet, value, amount })
  }
}

export function* totalOf(
  dialect: Dialect,
  collection: string,
  account: number,
  facet: Facet,
): Program<number> {
  const found = yield* adHocRow(
    compilable<{ items: number | null }>(
      dialect.db,
      sql`select sum(items) as items from ${sql.table(countTable(collection))}
          where ${ofFacet(account, facet)}`,
    ),
  )
  return found?.items ?? 0
}

/** Every run that has items, in order. */
export function* runsOf(
  dialect: Dialect,
  collection: string,
  account: number,
  facet: Facet,
): Program<readonly Run[]> {
  const rows = yield* adHocRows(
    compilable<{ run: number; items: number }>(
      dialect.db,
      sql`select run, sum(items) as items from ${sql.table(countTable(collection))}
          where ${ofFacet(account, facet)} group by run having sum(items) <> 0 order by run`,
    ),
  )
  return rows.map(({ run, items }) => ({ from: run << RUN_BITS, to: (run + 1) * 2 ** RUN_BITS, items }))
}

function ofFacet(account: number, { column, values }: Facet): RawBuilder<boolean> {
  return sql`account_id = ${account} and facet = ${column} and value in (${sql.join(values)})`
}
