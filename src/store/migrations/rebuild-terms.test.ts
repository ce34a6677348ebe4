import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { storeKinds } from '../../../test/support/stores.ts'
import { keyCandidates } from '../collections/terms.ts'
import { type Dialect, postgresDialect, sqliteDialect } from '../dialect.ts'
import type { StoreLocation } from '../open.ts'
import { openPatientConnection, postgresMigrationSession } from '../postgres/migration-session.ts'
import { SqliteConnection } from '../sqlite/connection.ts'
import { sqliteMigrationSession } from '../sqlite/migration-session.ts'
import { migrations } from './index.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migration.ts'
import { type MigrationSession, runQuery } from './session.ts'

interface Place {
  readonly dialect: Dialect
  readonly session: MigrationSession
  close(): Promise<void> | void
}

async function connect(location: StoreLocation): Promise<Place> {
  if ('sqlitePath' in location) {
    const connection = new SqliteConnection(location.sqlitePath, 'writer')
    return {
      dialect: sqliteDialect(),
      session: sqliteMigrationSession(connection),
      close: () => connection.close(),
    }
  }
  const connection = await openPatientConnection(location.url)
  return {
    dialect: postgresDialect(),
    session: postgresMigrationSession(connection),
    close: () => connection.close(),
  }
}

for (const { name, skip, place } of storeKinds) {
  test(`${name}: columns that an earlier migration scattered are found after a later one scatters more`, {
    skip,
  }, async (t) => {
    const { dialect, session, close } = await connect((await place(t)).location)
    t.after(close)
    await migrate(dialect, session)
    const row = sql`insert into certificate_order (id, account_id, serial_number, certificate_id, terms, document)
      values (3, 7, 'S3', 41, '', '{}')`
    await runQuery(session, { compile: () => row.compile(dialect.db) }, 'changes')
    const more: Migration = {
      number: (migrations.at(-1)?.number ?? 0) + 1,
      name: 'more terms',
      scattered: { certificate_order: ['certificate_id'] },
    }
    await migrate(dialect, session, undefined, [...migrations, more])
    const idsOf = async (value: string) => {
      const found = sql`select id from certificate_order
        where id in ${keyCandidates(dialect, 'certificate_order', 7, [value])}`
      const rows = await runQuery(session, { compile: () => found.compile(dialect.db) }, 'rows')
      return (rows as readonly { readonly id: number }[]).map(({ id }) => id)
    }
    assert.deepEqual(await idsOf('41'), [3])
    assert.deepEqual(await idsOf('S3'), [3])
    assert.deepEqual(await idsOf('S4'), [])
  })
}
