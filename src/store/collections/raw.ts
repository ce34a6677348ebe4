import type { Kysely, RawBuilder } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Compilable } from '../statement.ts'

/** A query over a table whose name and columns are known when the program runs only. */
export function compilable<Row>(db: Kysely<Schema>, query: RawBuilder<unknown>): Compilable<Row> {
  return { compile: () => query.$castTo<Row>().compile(db) }
}
