import { BoundStatement, type ResultKind } from '../statement.ts'
import type { MigrationSession } from './migrate.ts'

/** Runs a query of a migration, in the transaction that has begun. */
export function runQuery(
  session: MigrationSession,
  query: { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } },
  kind: ResultKind,
): unknown {
  const { sql, parameters } = query.compile()
  return session.run(new BoundStatement({ text: sql, name: '', kind, writes: kind !== 'rows' }, parameters))
}
