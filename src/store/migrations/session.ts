import { BoundStatement, type ResultKind } from '../statement.ts'

/** What migrating needs of an engine. `begin` lets one migrating process in at a time. */
export interface MigrationSession {
  begin(): Promise<void>
  run(step: BoundStatement): unknown
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** Runs a query of a migration, in the transaction that has begun. */
export function runQuery(
  session: MigrationSession,
  query: { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } },
  kind: ResultKind,
): unknown {
  const { sql, parameters } = query.compile()
  return session.run(new BoundStatement({ text: sql, name: '', kind, writes: kind !== 'rows' }, parameters))
}
