import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Caller } from '../core/audit/caller.ts'
import type { Action } from '../core/audit/event.ts'
import type { Engine } from '../core/engine.ts'
import type { Log } from '../core/environment.ts'
import { backupKeyOf } from '../keys/backup-key.ts'
import { checkPrivate } from '../keys/permissions.ts'
import { backupStore } from '../store/backup/backup.ts'
import { restoreStore } from '../store/backup/restore.ts'
import type { StoreLocation } from '../store/open.ts'
import { compose } from './compose.ts'
import type { Configuration } from './configuration/configuration.ts'
import { openDataFolder } from './data-folder.ts'
import { StartError } from './start-error.ts'

/**
 * Writes a sealed copy of the store, which may be in use, into a new file.
 *
 * @returns size of the file in bytes
 */
export async function backup(
  configuration: Configuration,
  file: string,
  caller: Caller,
  log: Log,
): Promise<number> {
  const { engine, close } = await compose(configuration, { log, processName: 'backup', create: false })
  try {
    // In the log before the copy is made, so that the copy knows of itself.
    await record(engine, 'backup.made', caller)
  } finally {
    await close()
  }
  const key = backupKeyOf(configuration.masterKeyFile)
  try {
    const { size } = await backupStore(location(configuration), file, key)
    return size
  } catch (error) {
    throw explained(error, file)
  } finally {
    key.fill(0)
  }
}

/**
 * Puts a backup into an empty place and tells the audit log. The master key that belongs to it has to be in
 * its file already. Nothing stays in the data folder when it fails; in a PostgreSQL database the copied rows stay
 * when opening it fails.
 */
export async function restore(
  configuration: Configuration,
  file: string,
  caller: Caller,
  log: Log,
): Promise<void> {
  const { data, masterKeyFile, permissions } = configuration
  const isNew = !existsSync(data)
  const folder = openDataFolder(data, true)
  const isMarked = existsSync(folder.highWater)
  let made: readonly string[] = []
  try {
    const key = backupKeyOf(masterKeyFile)
    try {
      for (const path of [data, dirname(masterKeyFile), masterKeyFile]) checkPrivate(path, permissions, log)
      await restoreStore(file, key, location(configuration))
    } catch (error) {
      throw explained(error, file)
    } finally {
      key.fill(0)
    }
    const database = configuration.databaseUrl === undefined ? databaseFiles(folder.database) : []
    made = isMarked ? database : [...database, folder.highWater]
    await recordRestored(configuration, caller, log)
  } catch (error) {
    for (const path of made) rmSync(path, { force: true })
    if (isNew) removeEmpty(data)
    throw error
  }
}

async function recordRestored(configuration: Configuration, caller: Caller, log: Log): Promise<void> {
  const { engine, close } = await compose(configuration, { log, processName: 'restore', create: false })
  try {
    await record(engine, 'store.restored', caller)
  } finally {
    await close()
  }
}

/** Files of an SQLite database: its own, and those of its write-ahead log. */
const databaseFiles = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`]

function removeEmpty(folder: string): void {
  // Whatever lies in there by now is somebody else's.
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

function location({ databaseUrl, data }: Configuration): StoreLocation {
  return databaseUrl === undefined
    ? { sqlitePath: openDataFolder(data, false).database }
    : { url: databaseUrl }
}

function record(engine: Engine, action: Action, caller: Caller): Promise<void> {
  return engine.store.write(function* (transaction) {
    transaction.record({
      action,
      at: engine.clock.now(),
      actor: caller.actor,
      accountId: null,
      object: 'store',
      requestId: caller.requestId,
      detail: {},
    })
  })
}

function explained(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EEXIST':
      return new StartError(`${file} exists: name a new file`, { cause: error })
    case 'ENOENT':
      return new StartError(`${file} is not there, or its folder is not`, { cause: error })
    case 'EACCES':
    case 'EPERM':
      return new StartError(`${file} cannot be read or written by this user`, { cause: error })
    case 'ENOSPC':
      return new StartError('the disk is full: make room and try again', { cause: error })
    default:
      return error
  }
}
