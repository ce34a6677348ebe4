import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { isNodeError } from './node-error.ts'
import { sqliteTrouble } from './sqlite/errors.ts'

/** A lock is held for a few file operations; whoever holds it longer hangs. */
const PATIENCE_MS = 10_000
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 50

/**
 * Runs work that one process at a time may do, and one piece of it within a process. The lock is the system's own
 * on an empty file, taken through SQLite, so that the death of its holder ends it: there is nothing left over that
 * would have to be taken for stale.
 *
 * @param path of the file, which stays; its folder has to be on a local disk
 * @throws Error when another process holds the lock for 10 seconds; what `work` throws
 */
export async function underFileLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  makeFile(path)
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    await take(file, path)
    return await work()
  } finally {
    // Ends the transaction that is the lock.
    file.close()
  }
}

async function take(file: DatabaseSync, path: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      file.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (sqliteTrouble(error) !== 'busy') throw error
      if (performance.now() > deadline) {
        throw new Error(`another process does not give back the lock ${path}`, { cause: error })
      }
    }
    await delay(pauseMs)
  }
}

/** Private from its first moment. A file that is there is not opened: closing it would end this process's locks on it. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!isNodeError(error, 'EEXIST')) throw error
  }
}
