import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Log } from '../../src/core/environment.ts'
import type { Store } from '../../src/core/store/store.ts'
import { type OpenStoreOptions, openStore, type StoreLocation } from '../../src/store/open.ts'
import { createDatabase, postgresMissing } from './postgres.ts'
import { type Scope, temporaryFolder } from './tmp.ts'

/** One engine that every store test runs on. */
export interface StoreKind {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Value for a test's `skip` option. */
  readonly skip: string | false
  /** Writing transactions that one process has in flight at once. */
  readonly lanes: number
  /** Where a new, empty store may be made; it is gone at the scope's end. */
  place(scope: Scope): Promise<StoreLocation>
}

/** All of them: a test of the store is written once and run on each. */
export const storeKinds: readonly StoreKind[] = [
  {
    name: 'SQLite',
    skip: false,
    lanes: 1,
    place: async (scope) => ({ sqlitePath: join(temporaryFolder(scope, 'store'), 'chancery.db') }),
  },
  {
    name: 'PostgreSQL',
    skip: postgresMissing,
    lanes: 2,
    place: async (scope) => ({ url: await createDatabase(scope) }),
  },
]

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Opens a store with the system's clock and randomness, and closes it at the scope's end. */
export async function openTestStore(
  scope: Scope,
  location: StoreLocation,
  overrides: Partial<Omit<OpenStoreOptions, 'url' | 'sqlitePath'>> = {},
): Promise<Store> {
  const store = await openStore({
    clock: { now: () => Date.now() },
    random: { bytes: (length) => randomBytes(length) },
    log: silentLog,
    processName: 'test',
    ...overrides,
    ...location,
  })
  scope.after(() => store.close())
  return store
}

/** Runs one statement on a store behind its back, with values written into the text. */
export async function query(
  location: StoreLocation,
  text: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if ('sqlitePath' in location) {
    const database = new DatabaseSync(location.sqlitePath, { timeout: 5_000 })
    try {
      return database.prepare(text).all()
    } finally {
      database.close()
    }
  }
  const client = new Client({ connectionString: location.url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
