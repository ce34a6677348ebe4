import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { postgresDialect, sqliteDialect } from '../dialect.ts'
import { syncFolder } from '../high-water-file.ts'
import { schemaVersion } from '../migrations/index.ts'
import { migrate } from '../migrations/migrate.ts'
import type { StoreLocation } from '../open.ts'
import { openPatientConnection } from '../postgres/migration-session.ts'
import { programsOf } from '../programs/index.ts'
import { SqliteConnection } from '../sqlite/connection.ts'
import { findDamage } from '../sqlite/damage.ts'
import { waitingForLock } from '../sqlite/lock.ts'
import { sqliteMigrationSession } from '../sqlite/migration-session.ts'
import { BoundStatement } from '../statement.ts'
import { copyTables } from './copy-tables.ts'
import { sealFile } from './sealed-file.ts'

export interface BackupReport {
  /** Octets of the backup file. */
  readonly size: number
}

/**
 * Writes a consistent copy of a store that may be in use, as of one moment after the call, into a new file
 * sealed under a 256-bit key. The copy is an SQLite database whichever engine it comes from, and was checked
 * before it was sealed. It holds no master key: that is kept elsewhere.
 *
 * Blocks the event loop while SQLite copies, so it belongs into a process of its own.
 *
 * @throws StoreUnusable; when the file exists
 */
export async function backupStore(
  location: StoreLocation,
  file: string,
  key: Uint8Array,
): Promise<BackupReport> {
  const copy = `${file}.${randomBytes(6).toString('hex')}.copy`
  try {
    if ('sqlitePath' in location) await copySqlite(location.sqlitePath, copy)
    else await copyPostgres(location.url, copy)
    checkCopy(copy)
    await sealFile(copy, file, key)
    syncFolder(dirname(file))
    return { size: (await stat(file)).size }
  } finally {
    for (const ending of ['', '-wal', '-shm']) await rm(`${copy}${ending}`, { force: true })
  }
}

/** A vacuumed copy, made by the engine from one snapshot; writers go on meanwhile. */
async function copySqlite(path: string, copy: string): Promise<void> {
  const connection = await waitingForLock(() => new SqliteConnection(path, 'writer'))
  try {
    connection.run(new BoundStatement(VACUUM_INTO, [copy]))
  } finally {
    connection.close()
  }
}

const VACUUM_INTO = { text: 'VACUUM INTO ?', name: '', kind: 'changes', writes: false } as const

/** Every row, read from one snapshot. */
async function copyPostgres(url: string, copy: string): Promise<void> {
  const source = await openPatientConnection(url)
  try {
    await source.execute('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const dialect = postgresDialect()
    const { schema } = await source.drive(programsOf(dialect).epoch.read())
    if (schema !== schemaVersion) {
      throw new StoreUnusable(
        'foreign-schema',
        `the database has schema version ${schema}, this program ${schemaVersion}: start the program once before the backup`,
      )
    }
    const connection = new SqliteConnection(copy, 'writer')
    try {
      const target = { dialect: sqliteDialect(), run: connection.run.bind(connection) }
      await migrate(target.dialect, sqliteMigrationSession(connection))
      connection.execute('BEGIN IMMEDIATE')
      await copyTables({ dialect, run: source.run.bind(source) }, target)
      connection.execute('COMMIT')
      connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      connection.close()
    }
    await source.execute('COMMIT')
  } finally {
    await source.close()
  }
}

/** @throws StoreUnusable when the copy is damaged, which means that its source is */
export function checkCopy(copy: string): void {
  const connection = new SqliteConnection(copy, 'writer')
  try {
    const defect = findDamage(connection)
    if (defect !== undefined) throw new StoreUnusable('unreachable', `the database is damaged: ${defect}`)
  } finally {
    connection.close()
  }
}
