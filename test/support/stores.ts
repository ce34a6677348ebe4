import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Log } from '../../src/core/environment.ts'
import type { Store } from '../../src/core/store/store.ts'
import { type OpenStoreOptions, openStore, type StoreLocation } from '../../src/store/open.ts'
import { createDatabase, postgresMissing } from './postgres.ts'
import { type Scope, temporaryFolder } from './tmp.ts'

/** A place for one store, and the stores opened there. Open ones are closed before the place goes. */
export interface StorePlace {
  readonly location: StoreLocation
  /** Opens the store with the system's clock and randomness, unless told otherwise. */
  open(overrides?: Partial<Omit<OpenStoreOptions, 'url' | 'sqlitePath'>>): Promise<Store>
  /** Runs one statement behind the store's back, with values written into the text. */
  query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** One engine that every store test runs on. */
export interface StoreKind {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Value for a test's `skip` option. */
  readonly skip: string | false
  /** Writing transactions that one process has in flight at once, each with an audit chain. */
  readonly lanes: number
  /** A new, empty place, gone at the scope's end. */
  place(scope: Scope): Promise<StorePlace>
}

/** All of them: a test of the store is written once and run on each. */
export const storeKinds: readonly StoreKind[] = [
  {
    name: 'SQLite',
    skip: false,
    lanes: 1,
    async place(scope) {
      const last = lastFirst(scope)
      return placeAt(last, { sqlitePath: join(temporaryFolder(last, 'store'), 'chancery.db') })
    },
  },
  {
    name: 'PostgreSQL',
    skip: postgresMissing,
    lanes: 2,
    async place(scope) {
      const last = lastFirst(scope)
      return placeAt(last, { url: await createDatabase(last) })
    },
  },
]

export const silentLog: Log = { info() {}, warn() {}, error() {} }

export function placeAt(scope: Scope, location: StoreLocation): StorePlace {
  return {
    location,
    async open(overrides = {}) {
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
    },
    query: (text) => query(location, text),
  }
}

/** A scope whose clean-ups run in the opposite order of their arrival. */
export function lastFirst(scope: Scope): Scope {
  const cleanUps: (() => unknown)[] = []
  scope.after(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })
  return { after: (cleanUp) => cleanUps.push(cleanUp) }
}

async function query(
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
