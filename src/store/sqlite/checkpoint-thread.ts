import { parentPort, workerData } from 'node:worker_threads'
import { SqliteConnection } from './connection.ts'
import { sqliteTrouble } from './errors.ts'

/**
 * The thread that moves pages from the log into the database: each message asks for one pass, and is answered
 * by one. It ends with its process.
 */

/** How a pass ended; `message` is what the engine said. */
export type PassResult = { readonly failed: false } | { readonly failed: true; readonly message: string }

const { path } = workerData as { readonly path: string }
let connection: SqliteConnection | undefined

parentPort?.on('message', () => parentPort?.postMessage(pass()))

/**
 * The bulk is moved while others write. The log starts from its beginning only when all of it was moved, so the
 * few pages written meanwhile are moved under the write lock; when that is not to be had, the next pass will.
 */
function pass(): PassResult {
  try {
    connection ??= new SqliteConnection(path, 'checkpointer')
    connection.pragma('wal_checkpoint(PASSIVE)')
    connection.pragma('wal_checkpoint(FULL)')
    return { failed: false }
  } catch (error) {
    const trouble = sqliteTrouble(error)
    if (trouble === 'busy' || trouble === 'full') return { failed: false }
    return { failed: true, message: error instanceof Error ? error.message : String(error) }
  }
}
