import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { gramWord } from './gram-word.ts'
import { gramsOf, keyGram, partGrams, wholeGram } from './grams.ts'
import type { ItemValues } from './item-values.ts'
import { compilable } from './raw.ts'

/** Terms as they stand in their column: each between line ends, so that a whole one is told from a part. */
export function termsText(terms: readonly string[]): string {
  return terms.length === 0 ? '' : `\n${terms.join('\n')}\n`
}

/** The reverse of `termsText`. */
export function termsOfText(text: string): readonly string[] {
  return text === '' ? [] : text.slice(1, -1).split('\n')
}

/**
 * What the index of an engine takes for the numbers of an item.
 * @param scattered see `CollectionDefinition`
 */
function termEntry(dialect: Dialect, values: ItemValues, scattered: readonly string[]): unknown {
  const keys = scattered.flatMap((column) => (values[column] === null ? [] : String(values[column])))
  const numbers = gramsOf(values.account_id, termsOfText(String(values.terms)), keys)
  return dialect.capabilities.arrays ? `{${[...numbers].join()}}` : [...numbers].map(gramWord).join(' ')
}

/** Keeps the index of a collection's terms. */
export interface TermIndex {
  entryOf(values: ItemValues): unknown
  add(values: ItemValues): Program<unknown>
  remove(id: number): Program<unknown>
  /** Does what is looked for differ between two versions of an item? */
  differ(before: ItemValues, after: ItemValues): boolean
}

export function termIndex(
  dialect: Dialect,
  collection: string,
  scattered: readonly string[] = [],
): TermIndex {
  const { db, change } = statementsOf(dialect.db)
  const table = sql.table(termTable(collection))
  const { id: key, entry: column } = termColumns(dialect)
  const insert = change(({ id, entry }: Given<{ id: number; entry: unknown }>) =>
    compilable(db, sql`insert into ${table} (${key}, ${column}) values (${id}, ${entry})`),
  )
  const remove = change(({ id }: Given<{ id: number }>) =>
    compilable(db, sql`delete from ${table} where ${key} = ${id}`),
  )
  const entryOf = (values: ItemValues) => termEntry(dialect, values, scattered)
  return {
    entryOf,
    add: (values) => insert.run({ id: values.id, entry: entryOf(values) }),
    remove: (id) => remove.run({ id }),
    differ: (before, after) => ['terms', ...scattered].some((column) => before[column] !== after[column]),
  }
}

/** Ids of the items that may have the text as a term, or as a part of one; undefined: any may. */
export function termCandidates(
  dialect: Dialect,
  collection: string,
  account: number,
  text: string,
  isWhole: boolean,
): RawBuilder<boolean> | undefined {
  const numbers = isWhole ? [wholeGram(account, text)] : partGrams(account, text)
  return numbers.length === 0 ? undefined : sql`item.id in ${indexed(dialect, collection, numbers, 'all')}`
}

/** Ids of the items that may have one of the keys. */
export function keyCandidates(
  dialect: Dialect,
  collection: string,
  account: number,
  keys: readonly string[],
): RawBuilder<unknown> {
  const numbers = keys.map((key) => keyGram(account, key))
  return indexed(dialect, collection, numbers, 'any')
}

/** Ids of the items that have all of the numbers, or any of them, in parentheses. */
function indexed(
  dialect: Dialect,
  collection: string,
  numbers: readonly number[],
  which: 'all' | 'any',
): RawBuilder<unknown> {
  const table = sql.table(termTable(collection))
  if (dialect.capabilities.arrays) {
    const operator = sql.raw(which === 'all' ? '@>' : '&&')
    return sql`(select item_id from ${table} where grams ${operator} ${numbers}::integer[])`
  }
  const words = numbers.map((number) => `"${gramWord(number)}"`).join(which === 'all' ? ' ' : ' OR ')
  const pacing = dialect.pacing(sql.ref('rowid')) ?? sql`true`
  return sql`(select rowid from ${table} where ${table} match ${words} and ${pacing})`
}

export const termTable = (collection: string): string => `${collection}_term`

/** The columns of the index: its key and what it holds. */
export function termColumns(dialect: Dialect): {
  readonly id: RawBuilder<unknown>
  readonly entry: RawBuilder<unknown>
} {
  return { id: sql.ref(dialect.capabilities.arrays ? 'item_id' : 'rowid'), entry: sql.ref('grams') }
}

/** The index itself: full-text search over words that stand for numbers, or an inverted index over arrays. */
export function termTableStatements(dialect: Dialect, collection: string): readonly RawBuilder<unknown>[] {
  const table = sql.table(termTable(collection))
  if (!dialect.capabilities.arrays) {
    return [
      sql`create virtual table ${table} using
          fts5(grams, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii')`,
    ]
  }
  return [
    sql`create table ${table} (item_id integer primary key, grams integer[] not null)`,
    sql`create index ${sql.id(`${collection}_term_grams`)} on ${table} using gin (grams)`,
  ]
}

/** Stores the entries of rows that have none. */
export function termInsertion(
  dialect: Dialect,
  collection: string,
  rows: readonly ItemValues[],
  scattered: readonly string[] = [],
): RawBuilder<unknown> {
  const { id, entry } = termColumns(dialect)
  const entries = rows.map((row) => sql`(${row.id}, ${sql.val(termEntry(dialect, row, scattered))})`)
  return sql`insert into ${sql.table(termTable(collection))} (${id}, ${entry}) values ${sql.join(entries)}`
}
