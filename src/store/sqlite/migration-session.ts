import type { MigrationSession } from '../migrations/session.ts'
import type { SqliteConnection } from './connection.ts'
import { waitingForLock } from './lock.ts'

/** Migrates over a writing connection; the write lock lets one process in at a time. */
export function sqliteMigrationSession(connection: SqliteConnection): MigrationSession {
  return {
    begin: () => waitingForLock(() => connection.execute('BEGIN IMMEDIATE')),
    run: (step) => connection.run(step),
    async commit() {
      connection.execute('COMMIT')
    },
    async rollback() {
      if (connection.inTransaction) connection.execute('ROLLBACK')
    },
  }
}
