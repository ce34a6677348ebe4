import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { StoreUnusable } from '../../core/store/unusable.ts'
import { postgresDialect, sqliteDialect } from '../dialect.ts'
import { syncFolder } from '../high-water-file.ts'
import { migrate } from '../migrations/migrate.ts'
import type { StoreLocation } from '../open.ts'
import { openPatientConnection, postgresMigrationSession } from '../postgres/migration-session.ts'
import { programsOf } from '../programs/index.ts'
import { SqliteConnection } from '../sqlite/connection.ts'
import { sqliteMigrationSession } from '../sqlite/migration-session.ts'
import { checkCopy } from './backup.ts'
import { copyTables } from './copy-tables.ts'
import { openSealedFile } from './sealed-file.ts'

/**
 * Puts a backup into an empty place, of either engine whichever it came from, at the present schema. Either
 * all of it is there afterwards, or nothing.
 *
 * @throws BackupUnreadable; StoreUnusable when the place is not empty, the backup is newer than the program,
 *   or its content is damaged
 */
export async function restoreStore(file: string, key: Uint8Array, location: StoreLocation): Promise<void> {
  if ('sqlitePath' in location) {
    await restoreSqlite(file, key, location.sqlitePath)
    return
  }
  const copy = join(tmpdir(), `chancery-${randomBytes(6).toString('hex')}.db`)
  try {
    await openCopy(file, key, copy)
    await restorePostgres(copy, location.url)
  } finally {
    await removeDatabase(copy)
  }
}

async function restoreSqlite(file: string, key: Uint8Array, path: string): Promise<void> {
  if (existsSync(path)) throw notEmpty(path)
  const copy = `${path}.restored`
  await removeDatabase(copy)
  try {
    await openCopy(file, key, copy)
    const handle = await open(copy, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(copy, path)
    syncFolder(dirname(path))
  } finally {
    await removeDatabase(copy)
  }
}

/** Opens the sealed copy, checks it, and brings it to the present schema, all in one file without a log. */
async function openCopy(file: string, key: Uint8Array, copy: string): Promise<void> {
  await openSealedFile(file, copy, key)
  checkCopy(copy)
  const connection = new SqliteConnection(copy, 'writer')
  try {
    await migrate(sqliteDialect(), sqliteMigrationSession(connection))
    connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    connection.close()
  }
}

async function restorePostgres(copy: string, url: string): Promise<void> {
  const dialect = postgresDialect()
  const target = await openPatientConnection(url)
  try {
    await migrate(dialect, postgresMigrationSession(target))
    await target.execute('BEGIN')
    // Whatever was written to a store began a chain.
    const heads = await target.drive(programsOf(dialect).audit.heads())
    if (heads.length > 0) throw notEmpty('that database')
    const source = new SqliteConnection(copy, 'reader')
    try {
      await copyTables(
        { dialect: sqliteDialect(), run: source.run.bind(source) },
        { dialect, run: target.run.bind(target) },
      )
    } finally {
      source.close()
    }
    await target.execute(
      `SELECT setval(pg_get_serial_sequence('certificate', 'id'), coalesce(max(id), 0) + 1, false)
       FROM certificate`,
    )
    await target.execute('COMMIT')
  } finally {
    await target.close()
  }
}

function notEmpty(place: string): StoreUnusable {
  return new StoreUnusable('unreachable', `there is a store at ${place} already; restore into an empty place`)
}

async function removeDatabase(path: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true })
}
