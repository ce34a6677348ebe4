import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import type { Log } from '../../core/environment.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'
import type { SqliteConnection } from './connection.ts'

/** A file beside the database that asks the next start to check it. */
const markPath = (path: string): string => `${path}-check`

/** Leaves a note that a write or a sync failed. The disk may refuse even that; then the log has to do. */
export function noteFailure(path: string): void {
  try {
    closeSync(openSync(markPath(path), 'w', 0o600))
  } catch {
    // Nothing is left to write to.
  }
}

/**
 * Checks the whole database when the last run ended with a storage error; not at each start, because that
 * would grow with the data.
 * @throws StoreUnusable unreachable, when it is damaged
 */
export async function checkAfterFailure(path: string, connection: SqliteConnection, log: Log): Promise<void> {
  if (!existsSync(markPath(path))) return
  log.warn({ path }, 'the last run ended with a storage error: checking the database')
  const defect = findDamage(connection)
  if (defect !== undefined) {
    throw new StoreUnusable(
      'unreachable',
      `the database ${path} is damaged (${defect}); restore it from a backup`,
    )
  }
  rmSync(markPath(path))
}

/** What `integrity_check` and `foreign_key_check` complain about first, or undefined. */
export function findDamage(connection: SqliteConnection): string | undefined {
  const found = connection.pragma('integrity_check(1)')
  if (found !== 'ok') return String(found)
  const orphan = connection.pragma('foreign_key_check')
  return orphan === undefined ? undefined : `a row of ${String(orphan)} refers to nothing`
}
