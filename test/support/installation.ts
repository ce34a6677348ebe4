import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LoginThrottle } from '../../src/core/accounts/login-throttle.ts'
import type { SessionParts } from '../../src/core/accounts/session-open.ts'
import type { Caller } from '../../src/core/audit/caller.ts'
import type { Action, Event } from '../../src/core/audit/event.ts'
import type { Engine } from '../../src/core/engine.ts'
import { defaultEngineSettings } from '../../src/core/engine-settings.ts'
import type { Log, StopPoints } from '../../src/core/environment.ts'
import { SealedKeyService } from '../../src/keys/key-service.ts'
import { openSealer } from '../../src/keys/open-sealer.ts'
import { Argon2PassphraseKeys } from '../../src/keys/passphrase-keys.ts'
import type { MasterKeySealer } from '../../src/keys/sealer.ts'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import { testRandom } from './sealer.ts'

/** Accounts, sessions and keys over a real store and a real master key file, without CAs. */
export interface Installation
  extends SessionParts,
    Pick<Engine, 'keyService' | 'settings' | 'log' | 'stopAt'> {
  readonly sealer: MasterKeySealer
  readonly clock: { time: number; now(): number }
  readonly masterKeyFile: string
  readonly databaseFile: string
  close(): Promise<void>
}

export interface InstallationOptions {
  /** Data folder of mode 0700; may hold an installation already. */
  readonly folder: string
  /** The database, where it is not the SQLite file in the folder. */
  readonly location?: StoreLocation
  readonly stopAt?: StopPoints
  readonly log?: Log
  /** What the clock shows first; noon of a fixed day unless given. */
  readonly startAt?: number
}

export const installationStart = Date.UTC(2026, 10, 22, 12)

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

export const testCaller: Caller = { actor: { type: 'operator', user: 'test' }, requestId: null }

/** Opens an installation, at its first start makes it. Passphrases cost next to nothing to stretch. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const log = options.log ?? silentLog
  const clock = { time: options.startAt ?? installationStart, now: () => clock.time }
  const environment = { clock, random: testRandom, log, ...(options.stopAt && { stopAt: options.stopAt }) }
  const masterKeyFile = join(options.folder, 'master.key')
  const databaseFile = join(options.folder, 'chancery.db')
  const store = await openStore({
    ...(options.location ?? { sqlitePath: databaseFile }),
    processName: 'test',
    ...environment,
  })
  try {
    const sealer = await openSealer({ ...environment, store, masterKeyFile })
    const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
    const passphraseKeys = new Argon2PassphraseKeys({ random: testRandom, cost })
    return {
      ...environment,
      store,
      sealer,
      passphraseKeys,
      keyService: new SealedKeyService({ sealer, random: testRandom }),
      loginThrottle: new LoginThrottle({ clock, admissions: store.admissions }),
      settings: { ...defaultEngineSettings, publicUrl: 'http://ca.example.test' },
      masterKeyFile,
      databaseFile,
      close: async () => {
        await passphraseKeys.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Changes the database behind the program's back. */
export function tamper(
  installation: Installation,
  sql: string,
  ...values: readonly (string | number | Uint8Array)[]
): void {
  const database = new DatabaseSync(installation.databaseFile, {
    enableForeignKeyConstraints: false,
    timeout: 5000,
  })
  try {
    database.prepare(sql).run(...values)
  } finally {
    database.close()
  }
}

/** Bodies of all events of one kind, oldest first. */
export async function eventsOf(installation: Installation, action: Action): Promise<readonly Event[]> {
  const bodies = await installation.store.read(function* (view) {
    const found: string[] = []
    for (const { chain } of yield* view.audit.heads()) {
      for (const { body } of yield* view.audit.page(chain, 0, 10_000)) found.push(body)
    }
    return found
  })
  return bodies.map((body): Event => JSON.parse(body)).filter((event) => event.action === action)
}
