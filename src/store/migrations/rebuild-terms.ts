import { sql } from 'kysely'
import type { ItemValues } from '../collections/item-values.ts'
import { termInsertion, termTable, termTableStatements } from '../collections/terms.ts'
import type { Dialect } from '../dialect.ts'
import { type MigrationSession, runQuery } from './session.ts'

const ROWS_A_PAGE = 250

/** Makes the index of a collection's terms anew, from the rows. */
export async function rebuildTerms(
  dialect: Dialect,
  session: MigrationSession,
  collection: string,
  scattered: readonly string[],
): Promise<void> {
  const { db } = dialect
  const run = (query: ReturnType<typeof sql>, kind: 'rows' | 'changes') =>
    runQuery(session, { compile: () => query.compile(db) }, kind)
  await run(sql`drop table ${sql.table(termTable(collection))}`, 'changes')
  for (const statement of termTableStatements(dialect, collection)) await run(statement, 'changes')
  const columns = sql.join(['id', 'account_id', 'terms', ...scattered].map((column) => sql.ref(column)))
  let after = 0
  for (;;) {
    const page = (await run(
      sql`select ${columns} from ${sql.table(collection)} where id > ${after} order by id limit ${sql.lit(ROWS_A_PAGE)}`,
      'rows',
    )) as readonly ItemValues[]
    if (page.length > 0) await run(termInsertion(dialect, collection, page, scattered), 'changes')
    if (page.length < ROWS_A_PAGE) return
    after = page.at(-1)?.id ?? after
  }
}
