import type { SqliteConnection } from './connection.ts'
import { sqliteTrouble } from './errors.ts'

/** Pages of the log above which they are moved into the database: 4 MiB. */
const LOG_PAGES = 1_000
/** Commits between two looks at the log. */
const COMMITS_BETWEEN_LOOKS = 8

export interface CheckpointerOptions {
  readonly connection: SqliteConnection
  readonly path: string
  readonly onFailure: (cause: unknown) => void
}

/**
 * Moves committed pages from the log into the database, after a commit was answered. It is done here and not
 * by the engine because the engine swallows a failed sync and tries it again, which can lose data silently.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions
  #commits = 0

  constructor(options: CheckpointerOptions) {
    this.#options = options
  }

  committed(): void {
    this.#commits += 1
    if (this.#commits < COMMITS_BETWEEN_LOOKS) return
    this.#commits = 0
    const { connection, onFailure } = this.#options
    try {
      const { log, checkpointed } = connection.pragmaRow('wal_checkpoint(NOOP)')
      if (Number(log) - Number(checkpointed) >= LOG_PAGES) connection.pragma('wal_checkpoint(PASSIVE)')
    } catch (error) {
      const trouble = sqliteTrouble(error)
      if (trouble !== 'busy' && trouble !== 'full') onFailure(error)
    }
  }
}
