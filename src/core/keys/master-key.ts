import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { KeyRecord } from './key-record.ts'
import type { SealContext, Sealer } from './sealer.ts'

/** The holder of the master key, as far as exchanging it goes. */
export interface MasterKeyHolder {
  /** Fingerprint of the key in use. */
  readonly masterKeyId: string
  /**
   * Puts the files in order after an interrupted rotation: the key in use takes its place, others that lie
   * about go. Only while no rotation can be running, that is under `masterKeyLease`.
   */
  settle(): void
  /** Makes a new key durable beside the one in use. */
  prepare(): NextMasterKey
}

/** A key that is durable and not in use yet. */
export interface NextMasterKey {
  readonly id: string
  /** The envelope with its data key wrapped by the next key instead of the present one. @throws SealError */
  rewrap(sealed: Uint8Array, context: SealContext): Uint8Array
  /** Puts the key in the place of the present one and takes it into use. */
  promote(): void
  /** Removes the key, when the store did not take it. */
  discard(): void
}

/** Name of the lease that keeps two rotations apart. */
export const masterKeyLease = 'master-key'

/**
 * Has to come first in every transaction that stores something sealed under the master key: keeps a rotation
 * from committing meanwhile, and brings the sealer up to date when one has committed. What is sealed after it
 * is sealed under the store's key.
 * @throws Fault store_busy when this process cannot find the store's key yet
 */
export function* holdMasterKey(
  transaction: Transaction,
  sealer: Pick<Sealer, 'masterKeyId' | 'follow'>,
): Program<void> {
  const masterKeyId = yield* transaction.runtime.holdSetting('master-key')
  if (masterKeyId === sealer.masterKeyId) return
  if (masterKeyId !== undefined) sealer.follow(masterKeyId)
  if (masterKeyId !== sealer.masterKeyId) throw new Fault('store_busy', { retryAfterMs })
}

/**
 * Stores a key.
 * @throws Fault store_busy when the master key changed since the key was made: it has to be made again
 */
export function* insertKey(
  transaction: Transaction,
  sealer: Pick<Sealer, 'masterKeyId' | 'follow' | 'wrappedBy'>,
  key: KeyRecord,
): Program<void> {
  if (key.wrapping === 'master') {
    yield* holdMasterKey(transaction, sealer)
    // Storing it would lose the key: nobody holds what opens it any more.
    if (sealer.wrappedBy(key.sealed) !== sealer.masterKeyId) {
      throw new Fault('store_busy', { retryAfterMs })
    }
  }
  yield* transaction.keys.insert(key)
}

const retryAfterMs = 1000
