import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Compilable } from '../statement.ts'

/** A query over a table whose name and columns are known when the program runs only. */
export function compilable<Row>(db: Kysely<Schema>, query: RawBuilder<unknown>): Compilable<Row> {
  return { compile: () => query.$castTo<Row>().compile(db) }
}

/** Names of columns with commas between them. */
export function listOf(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)))
}
