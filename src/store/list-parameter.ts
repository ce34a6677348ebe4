import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from './dialect.ts'

/** A list as one bound value: an array where the engine takes one, else JSON text. */
export type ListParameter<Item extends number | string = number> = readonly Item[] | string

export function listParameter(dialect: Dialect, numbers: readonly number[]): ListParameter {
  return dialect.capabilities.arrays ? numbers : JSON.stringify(numbers)
}

/** Is the column one of the numbers? One index lookup for each. */
export function isAmong(
  dialect: Dialect,
  column: Expression<number>,
  numbers: RawBuilder<ListParameter>,
): RawBuilder<SqlBool> {
  return dialect.capabilities.arrays
    ? sql`${column} = any(${numbers}::bigint[])`
    : sql`${column} in (select value from json_each(${numbers}))`
}

export function textListParameter(dialect: Dialect, texts: readonly string[]): ListParameter<string> {
  return dialect.capabilities.arrays ? texts : JSON.stringify(texts)
}

/** Is the column one of the texts? One index lookup for each. */
export function isAmongTexts(
  dialect: Dialect,
  column: Expression<string>,
  texts: RawBuilder<ListParameter<string>>,
): RawBuilder<SqlBool> {
  return dialect.capabilities.arrays
    ? sql`${column} = any(${texts}::text[])`
    : sql`${column} in (select value from json_each(${texts}))`
}
