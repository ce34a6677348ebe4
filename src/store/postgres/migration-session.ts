import type { MigrationSession } from '../migrations/session.ts'
import { PostgresConnection } from './connection.ts'

/** Lets one migrating process in at a time: "chancery" in the digits of a telephone. */
const MIGRATION_LOCK = 24_262_379

/** A connection for work that may take longer than any query of a request. */
export function openPatientConnection(url: string): Promise<PostgresConnection> {
  return PostgresConnection.open(url, {
    query_timeout: 0,
    statement_timeout: 0,
    lock_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
}

/** Migrates over a patient connection. */
export function postgresMigrationSession(connection: PostgresConnection): MigrationSession {
  return {
    async begin() {
      await connection.execute('BEGIN')
      await connection.execute(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    },
    run: (step) => connection.run(step),
    async commit() {
      await connection.execute('COMMIT')
    },
    async rollback() {
      await connection.execute('ROLLBACK')
    },
  }
}
