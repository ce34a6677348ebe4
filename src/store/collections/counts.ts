import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { adHocRow, adHocRows, type Given, statementsOf } from '../statement.ts'
import type { ItemValues } from './item-row.ts'
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
  /** The rows that `amount` more items with the given values are counted in, as VALUES; `bound` gives the values. */
  rowsOf(given: Given<ItemValues>, amount: 1 | -1): RawBuilder<unknown>
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

export function countsOf(dialect: Dialect, name: string, counted: readonly string[]): Counts {
  const { db, change } = statementsOf(dialect.db)
  const into = sql`insert into ${sql.table(countTable(name))}
                   (${sql.join(COUNT_COLUMNS.map((column) => sql.ref(column)))})`
  const rowOf = (
    given: Given<ItemValues>,
    facet: RawBuilder<unknown>,
    value: RawBuilder<unknown>,
    amount: 1 | -1,
  ) =>
    sql`(cast(${given.account_id} as integer), cast(${facet} as text), cast(${value} as text),
         cast(${given.id} as integer) >> ${sql.lit(RUN_BITS)}, ${dialect.writer}, ${sql.lit(amount)})`
  const rowsOf: Counts['rowsOf'] = (given, amount) =>
    sql.join([
      rowOf(given, sql.lit(EVERYTHING.column), sql.lit(''), amount),
      ...counted.map((column) => rowOf(given, sql.lit(column), sql`${given[boundName(column)]}`, amount)),
    ])
  const bound: Counts['bound'] = (values) => ({
    ...values,
    ...Object.fromEntries(counted.map((column) => [boundName(column), facetValue(values[column])])),
  })
  const all = (amount: 1 | -1) =>
    change((given: Given<ItemValues>) =>
      compilable(db, sql`${into} values ${rowsOf(given, amount)} ${onCounted(name)}`),
    )
  const [adding, removing] = [all(1), all(-1)]
  const moving = change((given: Given<ItemValues>) =>
    compilable(
      db,
      sql`${into} values ${rowOf(given, sql`${given.facet}`, sql`${given.from}`, -1)},
                         ${rowOf(given, sql`${given.facet}`, sql`${given.to}`, 1)} ${onCounted(name)}`,
    ),
  )
  return {
    rowsOf,
    bound,
    add: (values) => adding.run(bound(values)),
    remove: (values) => removing.run(bound(values)),
    *move(before, after) {
      for (const column of counted) {
        const [from, to] = [facetValue(before[column]), facetValue(after[column])]
        if (from !== to) yield* moving.run({ ...after, facet: column, from, to })
      }
    },
  }
}

const boundName = (column: string): string => `counted ${column}`

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
