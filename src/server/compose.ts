import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createDirectory } from '../core/authorities/directory.ts'
import type { Engine, EngineSettings } from '../core/engine.ts'
import type { Clock, Log, Random } from '../core/environment.ts'
import type { MasterKeyHolder } from '../core/keys/master-key.ts'
import type { Sealer } from '../core/keys/sealer.ts'
import type { Limits } from '../core/limits/limits.ts'
import { RefusalPace } from '../core/limits/refusal-pace.ts'
import { type KeyList, parseKeyList } from '../core/policy/keys/key-list.ts'
import { builtInKeyLists } from '../core/policy/keys/published-keys.ts'
import { createSigningGate } from '../core/signing-gate.ts'
import { readSigningMark } from '../core/signing-mark.ts'
import type { RateWindow } from '../core/store/admissions.ts'
import type { HighWater } from '../core/store/high-water.ts'
import type { Store } from '../core/store/store.ts'
import { SealedKeyService } from '../keys/key-service.ts'
import { openSealer } from '../keys/open-sealer.ts'
import { Argon2PassphraseKeys } from '../keys/passphrase-keys.ts'
import { checkPrivate } from '../keys/permissions.ts'
import { openHighWaterFile } from '../store/high-water-file.ts'
import { openStore } from '../store/open.ts'
import type { Commit } from '../store/outcome.ts'
import type { Configuration } from './configuration/configuration.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { claimKind } from './kind.ts'
import { openOutside } from './outside.ts'
import { watchRestoredStore } from './restored-store-watch.ts'
import { StartError } from './start-error.ts'

/** The engine with what it was built on, and the way to take it apart again. */
export interface Composition {
  readonly engine: Engine
  readonly sealer: Sealer & MasterKeyHolder
  readonly folder: DataFolder
  /** Closes everything in reverse order. */
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly log: Log
  /** Names this process in the audit log: `serve-1`, `issue`. */
  readonly processName: string
  /** Whether the data folder and the store may be made. */
  readonly create: boolean
  /** Whether certificates name the public URL that was last served here, when none was given. */
  readonly followsServer?: boolean
  /** Told of every durable transaction. */
  readonly onCommit?: (commit: Commit) => void
}

const systemClock: Clock = { now: () => Date.now() }
const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/**
 * Builds the engine of one process: data folder, store, master key, keys, CAs.
 *
 * @throws StartError, StoreUnusable, MasterKeyError, PermissionError, KeyListError; nothing is left open then
 */
export async function compose(configuration: Configuration, options: ComposeOptions): Promise<Composition> {
  const { log } = options
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne()
  }
  try {
    const folder = openDataFolder(configuration.data, options.create)
    checkPrivate(folder.path, configuration.permissions, log)
    const store = await openConfiguredStore(configuration, folder, options)
    opened.push(() => store.close())
    await claimKind(store, configuration.sandbox ? 'sandbox' : 'production', options.create)
    const publicUrl = await publicUrlFor(configuration, store, options.followsServer === true)
    const engine = await buildEngine({ ...configuration, publicUrl }, folder, store, log)
    opened.push(() => engine.passphraseKeys.close())
    const watch = await watchRestoredStore(engine)
    opened.push(async () => watch.stop())
    return { engine, sealer: engine.sealer, folder, close }
  } catch (error) {
    await close()
    throw error
  }
}

function openConfiguredStore(
  { databaseUrl }: Configuration,
  folder: DataFolder,
  { log, processName, onCommit }: ComposeOptions,
): Promise<Store> {
  const location = databaseUrl === undefined ? { sqlitePath: folder.database } : { url: databaseUrl }
  return openStore({
    ...location,
    clock: systemClock,
    random: systemRandom,
    log,
    processName,
    ...(onCommit && { onCommit }),
  })
}

async function publicUrlFor(
  { publicUrl, publicUrlGiven }: Configuration,
  store: Store,
  followsServer: boolean,
): Promise<string> {
  if (publicUrlGiven || !followsServer) return publicUrl
  return (await store.read((view) => view.runtime.setting('public-url'))) ?? publicUrl
}

type BuiltEngine = Engine & {
  readonly sealer: Sealer & MasterKeyHolder
  readonly passphraseKeys: Argon2PassphraseKeys
}

async function buildEngine(
  configuration: Configuration,
  folder: DataFolder,
  store: Store,
  log: Log,
): Promise<BuiltEngine> {
  const clock = systemClock
  const random = systemRandom
  const sealer = await openSealer({
    store,
    masterKeyFile: configuration.masterKeyFile,
    permissions: configuration.permissions,
    random,
    clock,
    log,
  })
  const keyService = new SealedKeyService({ sealer, random })
  const highWater: HighWater = openHighWaterFile(folder.highWater)
  const signingGate = createSigningGate(0)
  signingGate.learn(readSigningMark(await store.read((view) => view.runtime.setting('last-signing'))))
  return {
    clock,
    random,
    log,
    store,
    sealer,
    keyService,
    highWater,
    settings: engineSettings(configuration),
    passphraseKeys: new Argon2PassphraseKeys({ random }),
    directory: createDirectory({ store, keyService, publicUrl: configuration.publicUrl, log }),
    signingGate,
    refusalPace: new RefusalPace(setTimeout),
    outside: openOutside(configuration, folder, { clock, random, log }),
    keyLists: [...builtInKeyLists, ...configuration.keyLists.map(readKeyList)],
  }
}

function engineSettings(configuration: Configuration): EngineSettings {
  return {
    publicUrl: configuration.publicUrl,
    sessionIdleMs: configuration.sessionIdleMs,
    crlValidityMs: configuration.crlValidityMs,
    crlRenewBeforeMs: configuration.crlRenewBeforeMs,
    crlDelayMs: configuration.crlDelayMs,
    ocspValidityMs: configuration.ocspValidityMs,
    backdateMs: configuration.backdateMs,
    maximumCertificateBytes: configuration.certificateBytes,
    maximumNames: configuration.certificateNames,
    maximumReissues: configuration.orderReissues,
    maximumDuplicates: configuration.orderDuplicates,
    limits: limitsOf(configuration),
    failedAttempts: configuration.rateLimits ? [configuration.failedAttemptRate] : [],
  }
}

function limitsOf(configuration: Configuration): Limits {
  const windows = (...rates: readonly RateWindow[]) => (configuration.rateLimits ? rates : [])
  return {
    certcentral: windows(configuration.certcentralShortRate, configuration.certcentralLongRate),
    one: windows(configuration.oneShortRate, configuration.oneLongRate),
    'tinycert.authorities': windows(configuration.tinycertAuthorityRate),
    'tinycert.certificates': windows(configuration.tinycertCertificateRate),
  }
}

function readKeyList(file: string): KeyList {
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch (error) {
    throw new StartError(`the key list ${file} cannot be read ("key-lists" in the configuration file)`, {
      cause: error,
    })
  }
  return parseKeyList(basename(file), text)
}
