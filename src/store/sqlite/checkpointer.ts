import { Worker } from 'node:worker_threads'
import type { Log } from '../../core/environment.ts'
import type { PassResult } from './checkpoint-thread.ts'
import type { SqliteConnection } from './connection.ts'

/** Pages of the log above which they are moved into the database: 4 MiB. */
const LOG_PAGES = 1_000
/** Commits between two looks at the log. */
const COMMITS_BETWEEN_LOOKS = 8

export interface CheckpointerOptions {
  readonly connection: SqliteConnection
  readonly path: string
  readonly log: Log
  /** Told when pages could not be written or synced. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Sees to it that committed pages move from the log into the database. The engine does not do it by itself,
 * because it swallows a failed sync and tries it again, which can lose data silently; and it would do it in the
 * middle of a commit. A thread does it: a pass writes a thousand scattered pages and waits for the disk.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions
  #commits = 0
  #thread: Worker | undefined
  #passing = false

  constructor(options: CheckpointerOptions) {
    this.#options = options
  }

  /** Takes notice of a commit. */
  committed(): void {
    this.#commits += 1
    if (this.#passing || this.#commits < COMMITS_BETWEEN_LOOKS) return
    this.#commits = 0
    const { connection, onFailure } = this.#options
    try {
      const { log, checkpointed } = connection.pragmaRow('wal_checkpoint(NOOP)')
      if (Number(log) - Number(checkpointed) < LOG_PAGES) return
    } catch (error) {
      onFailure(error)
      return
    }
    this.#passing = true
    this.#thread ??= this.#startThread()
    this.#thread.postMessage('pass')
  }

  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  #startThread(): Worker {
    const { path, log, onFailure } = this.#options
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const thread = new Worker(new URL(`checkpoint-thread.${extension}`, import.meta.url), {
      workerData: { path },
      // Options of the process, such as how to read standard input, are not meant for it.
      execArgv: [],
    })
    thread.unref()
    thread.on('message', (result: PassResult) => {
      this.#passing = false
      if (result.failed) onFailure(new Error(result.message))
    })
    // Without the thread nothing is lost, but the log grows: another one is started for the next pass.
    thread.on('error', (error) => log.warn({ error: String(error) }, 'the checkpoint thread ended'))
    thread.on('exit', () => {
      this.#passing = false
      this.#thread = undefined
    })
    return thread
  }
}
