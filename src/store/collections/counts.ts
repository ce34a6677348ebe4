import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { adHocRow, adHocRows, type Given, slots, statementsOf } from '../statement.ts'
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
  /** The rows that `amount` more items with the given values are counted in; `bound` gives the values. */
  rowsOf(given: Given<ItemValues>, amount: 1 | -1): readonly RawBuilder<unknown>[]
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
  const rowsOf: Counts['rowsOf'] = (given, amount) => [
    rowOf(given, sql.lit(EVERYTHING.column), sql.lit(''), amount),
    ...counted.map((column) => rowOf(given, sql.lit(column), sql`${given[boundName(column)]}`, amount)),
  ]
  const bound: Counts['bound'] = (values) => ({
    ...values,
    ...Object.fromEntries(counted.map((column) => [boundName(column), facetValue(values[column])])),
  })
  const counting = (rows: (given: Given<ItemValues>) => readonly RawBuilder<unknown>[]) =>
    writing(dialect, rows, (each) => sql`${into} values ${sql.join(each)} ${onCounted(name)}`)
  const add = counting((given) => rowsOf(given, 1))
  const remove = counting((given) => rowsOf(given, -1))
  const move = counting((given) => [
    rowOf(given, sql`${given.facet}`, sql`${given.from}`, -1),
    rowOf(given, sql`${given.facet}`, sql`${given.to}`, 1),
  ])
  return {
    rowsOf,
    bound,
    add: (values) => add(bound(values)),
    remove: (values) => remove(bound(values)),
    *move(before, after) {
      for (const column of counted) {
        const [from, to] = [facetValue(before[column]), facetValue(after[column])]
        if (from !== to) yield* move({ ...after, facet: column, from, to })
      }
    },
  }
}

const boundName = (column: string): string => `counted ${column}`

/**
 * Writes rows in one statement where statements are round trips. SQLite opens a savepoint for a statement of several
 * rows, and writes out its full-text indexes with each: there every row has a statement of its own.
 */
function writing(
  dialect: Dialect,
  rowsOf: (given: Given<ItemValues>) => readonly RawBuilder<unknown>[],
  statementOf: (rows: readonly RawBuilder<unknown>[]) => RawBuilder<unknown>,
): (values: ItemValues) => Program<void> {
  const { db, change } = statementsOf(dialect.db)
  const statements = dialect.capabilities.writesInWith
    ? [change((given: Given<ItemValues>) => compilable(db, statementOf(rowsOf(given))))]
    : rowsOf(slots()).map((_row, place) =>
        change((given: Given<ItemValues>) =>
          compilable(db, statementOf(rowsOf(given).slice(place, place + 1))),
        ),
      )
  return function* write(values) {
    for (const statement of statements) yield* statement.run(values)
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
