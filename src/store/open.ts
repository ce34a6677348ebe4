import type { Clock, Log, Random, StopPoints } from '../core/environment.ts'
import type { Store } from '../core/store/store.ts'
import type { LongReadLimits } from './long-reads.ts'
import type { Commit } from './outcome.ts'
import { openPostgresStore } from './postgres/store.ts'
import { openSqliteStore } from './sqlite/store.ts'

/** Where the data live: a PostgreSQL URL, or the path of an SQLite file. */
export type StoreLocation = { readonly url: string } | { readonly sqlitePath: string }

export type OpenStoreOptions = StoreLocation & {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly stopAt?: StopPoints
  /** Tells this process from others in the audit log, such as `serve-1`. */
  readonly processName: string
  /** Told after each commit of something written. */
  readonly onCommit?: (commit: Commit) => void
  /** Default: `longReadLimits`. */
  readonly longReads?: LongReadLimits
}

/**
 * Opens a store, brings its schema to the present, and checks that what it commits is durable.
 * @throws StoreUnusable
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { clock, random, log, processName, stopAt, onCommit, longReads } = options
  const given = { ...(stopAt && { stopAt }), ...(onCommit && { onCommit }), ...(longReads && { longReads }) }
  const common = { clock, random, log, processName, ...given }
  if ('sqlitePath' in options) return await openSqliteStore({ ...common, path: options.sqlitePath })
  return await openPostgresStore({ ...common, url: options.url })
}
