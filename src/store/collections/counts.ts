import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { adHocRow, adHocRows, type BoundStatement, statementsOf } from '../statement.ts'
import { allTogether } from '../together.ts'
import type { ItemValues } from './item-values.ts'
import { compilable, listOf } from './raw.ts'

/**
 * How many items an account has, in all and with each value of the counted columns, for every run of ids: sums tell
 * totals, and the run in which a page begins, without reading what comes before it.
 *
 * Where writers run side by side, each connection keeps rows of its own, so that none waits for another.
 */

/** Ids of one run share all but these low bits. */
const RUN_BITS = 11

/** Kinds of new items whose additions are kept: most items are of the account, run and values of one before them. */
const MOST_KNOWN = 64

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
  /** The steps that count a new item, for whoever hands them on with others. */
  additions(values: ItemValues): readonly BoundStatement[]
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
/** What a row of counts is known by. */
export const COUNT_KEY = COUNT_COLUMNS.slice(0, -1)

/** What a statement that adds counts ends with. */
export function onCounted(collection: string): RawBuilder<unknown> {
  const items = sql.ref(`${countTable(collection)}.items`)
  return sql`on conflict (${listOf(COUNT_KEY)}) do update set items = ${items} + excluded.items`
}

/** A part that grows or shrinks by so many items. */
interface Change {
  readonly facet: string
  /** As stored. */
  readonly value: string
  readonly amount: 1 | -1
}

/** Counts changes of an item's account in the run of its id. */
type Counting = (item: ItemValues, changes: readonly Change[]) => readonly BoundStatement[]

export function countsOf(dialect: Dialect, name: string, counted: readonly string[]): Counts {
  const count = counting(dialect, name)
  const whole = (item: ItemValues, amount: 1 | -1): readonly Change[] => [
    { facet: EVERYTHING.column, value: '', amount },
    ...counted.map((column) => ({ facet: column, value: facetValue(item[column]), amount })),
  ]
  /** By all that they depend on. */
  const known = new Map<string, readonly BoundStatement[]>()
  const additions = (item: ItemValues) => {
    let key = `${item.account_id} ${runOf(item.id)}`
    for (const column of counted) key += `\0${facetValue(item[column])}`
    const same = known.get(key)
    if (same !== undefined) return same
    const made = count(item, whole(item, 1))
    if (known.size === MOST_KNOWN) known.clear()
    known.set(key, made)
    return made
  }
  return {
    additions,
    add: (values) => allTogether(additions(values)),
    remove: (values) => allTogether(count(values, whole(values, -1))),
    *move(before, after) {
      const changes = counted.flatMap((column): readonly Change[] => {
        const [from, to] = [facetValue(before[column]), facetValue(after[column])]
        if (from === to) return []
        return [
          { facet: column, value: from, amount: -1 },
          { facet: column, value: to, amount: 1 },
        ]
      })
      if (changes.length > 0) yield* allTogether(count(after, changes))
    },
  }
}

/** One row of counts. */
type CountRow = Change & { readonly account: number; readonly run: number }

function counting(dialect: Dialect, name: string): Counting {
  const { db, addition } = statementsOf(dialect.db)
  const add = addition(({ account, facet, value, run, amount }: Given<CountRow>) => {
    const rows = dialect.capabilities.arrays
      ? sql`select account, facet, value, run, ${dialect.writer}, amount
            from unnest(${account}::integer[], ${facet}::text[], ${value}::text[], ${run}::integer[], ${amount}::integer[])
              as each (account, facet, value, run, amount)`
      : sql`values (${account}, ${facet}, ${value}, ${run}, ${dialect.writer}, ${amount})`
    return compilable(
      db,
      sql`insert into ${sql.table(countTable(name))} (${listOf(COUNT_COLUMNS)}) ${rows} ${onCounted(name)}`,
    )
  })
  return ({ account_id: account, id }, changes) => {
    const run = runOf(id)
    return changes.map(({ facet, value, amount }) => add.bind({ account, facet, value, run, amount }))
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
