import { createSecretKey, type KeyObject } from 'node:crypto'
import { dirname } from 'node:path'
import type { Clock, Log, Random } from '../core/environment.ts'
import { masterKeyLease } from '../core/keys/master-key.ts'
import { sealContexts } from '../core/keys/seal-contexts.ts'
import { SealError } from '../core/keys/sealer.ts'
import type { Store } from '../core/store/store.ts'
import { keyIdText, openEnvelope, sealEnvelope, type WrappingKey } from './envelope.ts'
import { MasterKeyError, MasterKeyFile } from './master-key-file.ts'
import { checkPrivate, type PermissionPolicy } from './permissions.ts'
import { MasterKeySealer } from './sealer.ts'

export interface SealerOptions {
  readonly store: Store
  /** Path of the master key file. Its folder has to exist. */
  readonly masterKeyFile: string
  /** What to do when the file or its folder is open to other users. Default `refuse`. */
  readonly permissions?: PermissionPolicy
  readonly random: Random
  readonly clock: Clock
  readonly log: Log
}

/** What the store says about its keys. */
interface StoredKeys {
  readonly masterKeyId: string
  readonly integrityKeySealed: Uint8Array
}

/**
 * Opens the master key that the store names; at the first start of an installation makes it. A rotation that
 * was interrupted after its commit is finished here, one interrupted before is undone.
 *
 * Any number of processes may start at once: the first to create the file and the first to write the store win.
 * @throws MasterKeyError when the store is initialised and its key is not there
 * @throws PermissionError when file or folder is open to other users
 */
export async function openSealer(options: SealerOptions): Promise<MasterKeySealer> {
  const { store, random, log } = options
  const policy = options.permissions ?? 'refuse'
  const file = new MasterKeyFile(options.masterKeyFile)
  checkPrivate(dirname(file.path), policy, log)
  const stored = (await readStoredKeys(store)) ?? (await initialise(file, store, random))
  const masterKey = findMasterKey(file, stored.masterKeyId)
  const sealer = new MasterKeySealer({
    file,
    masterKey,
    integrityKey: openIntegrityKey(masterKey, stored.integrityKeySealed),
    random,
  })
  await settle(options, file, sealer)
  checkPrivate(file.path, policy, log)
  return sealer
}

async function readStoredKeys(store: Store): Promise<StoredKeys | undefined> {
  return await store.read(function* (view) {
    const masterKeyId = yield* view.runtime.setting('master-key')
    const integrityKey = yield* view.runtime.setting('integrity-key')
    return storedKeys(masterKeyId, integrityKey)
  })
}

async function initialise(file: MasterKeyFile, store: Store, random: Random): Promise<StoredKeys> {
  const masterKey = file.read() ?? createMasterKey(file, random)
  const masterKeyId = keyIdText(masterKey.id)
  const integrityKeySealed = newIntegrityKey(masterKey, random)
  return await store.write(function* (transaction) {
    const winner = storedKeys(
      yield* transaction.runtime.holdSetting('master-key'),
      yield* transaction.runtime.setting('integrity-key'),
    )
    if (winner !== undefined) return winner
    yield* transaction.runtime.setSetting('master-key', masterKeyId)
    yield* transaction.runtime.setSetting('integrity-key', toText(integrityKeySealed))
    return { masterKeyId, integrityKeySealed }
  })
}

function createMasterKey(file: MasterKeyFile, random: Random): WrappingKey {
  const bytes = random.bytes(32)
  try {
    const made = file.writePending(bytes)
    if (file.establish(keyIdText(made.id))) return made
  } finally {
    bytes.fill(0)
  }
  // Another process was first.
  const established = file.read()
  if (established === undefined) throw new MasterKeyError(`the master key file "${file.path}" disappeared`)
  return established
}

function findMasterKey(file: MasterKeyFile, masterKeyId: string): WrappingKey {
  const key = file.find(masterKeyId)
  if (key !== undefined) return key
  const present = file.read()
  const found =
    present === undefined ? 'there is no such file' : `the file holds key ${keyIdText(present.id)}`
  throw new MasterKeyError(
    `the store is sealed under master key ${masterKeyId}, which is not in "${file.path}": ${found}; ` +
      'put the key file that belongs to this store back in its place',
  )
}

async function settle(options: SealerOptions, file: MasterKeyFile, sealer: MasterKeySealer): Promise<void> {
  const { store, clock, random, log } = options
  // Whoever renames first, it is the same key that takes its place.
  if (file.pendingIds().includes(sealer.masterKeyId)) {
    file.promote(sealer.masterKeyId)
    log.info({ masterKeyId: sealer.masterKeyId }, 'an interrupted rotation of the master key was finished')
  }
  if (file.pendingIds().length === 0) return
  // Another process may be about to commit one of these keys: only the holder of the lease removes them.
  const holder = Buffer.from(random.bytes(8)).toString('hex')
  const now = clock.now()
  const stored = await store.write(function* (transaction) {
    const free = yield* transaction.runtime.takeLease(masterKeyLease, holder, now, now + settleLeaseMs)
    return free ? yield* transaction.runtime.setting('master-key') : undefined
  })
  if (stored === undefined) return
  sealer.follow(stored)
  sealer.settle()
  log.info({ masterKeyId: stored }, 'an interrupted rotation of the master key was undone')
  await store.write((transaction) => transaction.runtime.releaseLease(masterKeyLease, holder))
}

const settleLeaseMs = 60_000

function newIntegrityKey(masterKey: WrappingKey, random: Random): Uint8Array {
  const key = random.bytes(32)
  try {
    return sealEnvelope(masterKey, key, sealContexts.integrityKey, random)
  } finally {
    key.fill(0)
  }
}

function openIntegrityKey(masterKey: WrappingKey, sealed: Uint8Array): KeyObject {
  try {
    const key = openEnvelope(masterKey, sealed, sealContexts.integrityKey)
    try {
      return createSecretKey(key)
    } finally {
      key.fill(0)
    }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new MasterKeyError(
      'the integrity key in the store does not open: restore the store from a backup',
      {
        cause: error,
      },
    )
  }
}

function storedKeys(
  masterKeyId: string | undefined,
  integrityKey: string | undefined,
): StoredKeys | undefined {
  if (masterKeyId === undefined) return undefined
  if (integrityKey === undefined)
    throw new MasterKeyError('the store names a master key and no integrity key')
  return { masterKeyId, integrityKeySealed: Buffer.from(integrityKey, 'base64') }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
