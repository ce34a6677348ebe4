import { type RawBuilder, sql } from 'kysely'
import type { Program } from '../../core/store/program.ts'
import type { Dialect } from '../dialect.ts'
import { type Given, statementsOf } from '../statement.ts'
import { gramsOf, partGrams, wholeGram } from './grams.ts'
import { compilable } from './raw.ts'

/** Terms as they stand in their column: each between line ends, so that a whole one is told from a part. */
export function termsText(terms: readonly string[]): string {
  return terms.length === 0 ? '' : `\n${terms.join('\n')}\n`
}

/** The reverse of `termsText`. */
export function termsOfText(text: string): readonly string[] {
  return text === '' ? [] : text.slice(1, -1).split('\n')
}

/** What the index of an engine takes for the numbers of an item. */
export function termEntry(dialect: Dialect, account: number, termsColumn: string): unknown {
  const numbers = gramsOf(account, termsOfText(termsColumn))
  return dialect.capabilities.arrays ? [...numbers] : [...numbers].map(word).join(' ')
}

/** Keeps the index of a collection's terms. */
export interface TermIndex {
  add(id: number, entry: unknown): Program<unknown>
  remove(id: number): Program<unknown>
}

export function termIndex(dialect: Dialect, collection: string): TermIndex {
  const { db, change } = statementsOf(dialect.db)
  const table = sql.table(termTable(collection))
  const { id: key, entry: column } = termColumns(dialect)
  const insert = change(({ id, entry }: Given<{ id: number; entry: unknown }>) =>
    compilable(db, sql`insert into ${table} (${key}, ${column}) values (${id}, ${entry})`),
  )
  const remove = change(({ id }: Given<{ id: number }>) =>
    compilable(db, sql`delete from ${table} where ${key} = ${id}`),
  )
  return {
    add: (id, entry) => insert.run({ id, entry }),
    remove: (id) => remove.run({ id }),
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
  if (numbers.length === 0) return undefined
  const table = sql.table(termTable(collection))
  if (dialect.capabilities.arrays) {
    return sql`item.id in (select item_id from ${table} where grams @> ${numbers}::integer[])`
  }
  const words = numbers.map((number) => `"${word(number)}"`).join(' ')
  const pacing = dialect.pacing(sql.ref('rowid')) ?? sql`true`
  return sql`item.id in (select rowid from ${table} where ${table} match ${words} and ${pacing})`
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

function word(number: number): string {
  return (number >>> 0).toString(36)
}
