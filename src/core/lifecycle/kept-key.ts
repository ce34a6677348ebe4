import { hash } from 'node:crypto'
import { keyKinds } from '../../pki/key-kinds.ts'
import { parseSubjectPublicKeyInfo } from '../../pki/spki.ts'
import type { Caller } from '../audit/caller.ts'
import type { KeyId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { keyCreated } from '../keys/key-events.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { insertKey } from '../keys/master-key.ts'
import { checkPublicKey } from '../policy/keys/check-public-key.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import type { InventoryCertificate } from './inventory.ts'

/** The key that is kept with a certificate: by the engine that made it, or brought along. Null: none. */
export function* keptKeyOf(
  view: Pick<View, 'certificates'>,
  { accountId, certificateId, keyId }: InventoryCertificate,
): Program<KeyId | null> {
  if (keyId !== null || certificateId === null) return keyId
  const record = yield* view.certificates.byId(accountId, certificateId)
  return record?.keyId ?? null
}

/**
 * Stores a key that was brought along with a certificate, sealed like those made here. One that the account keeps
 * already serves for its next certificate, too.
 *
 * @param brought sealed, not stored yet
 * @throws Fault parameter_invalid (`cert`) for a key that is weak or known to be compromised; key_in_other_use for one
 *   that serves another role or another account here; store_busy
 */
export function* keepBroughtKey(
  transaction: Transaction,
  { sealer, keyLists }: Pick<Engine, 'sealer' | 'keyLists'>,
  brought: KeyRecord,
  caller: Caller,
): Program<KeyId> {
  checkKey(brought, keyLists)
  const digest = hash('sha256', brought.spkiDer, 'buffer')
  if (yield* transaction.status.keyBlocked(digest)) throw refused('key_compromised')
  const present = yield* transaction.keys.bySpkiDigest(digest)
  if (present === undefined) {
    yield* insertKey(transaction, sealer, brought)
    transaction.record(keyCreated(brought, caller))
    return brought.id
  }
  const isOwn =
    present.accountId === brought.accountId &&
    present.purpose === brought.purpose &&
    present.wrapping === brought.wrapping
  if (!isOwn) throw new Fault('key_in_other_use', {})
  return present.id
}

function checkKey({ spkiDer }: KeyRecord, keyLists: Engine['keyLists']): void {
  try {
    checkPublicKey(parseSubjectPublicKeyInfo(spkiDer), keyKinds, keyLists)
  } catch (error) {
    throw isFault(error) ? refused(error.code) : error
  }
}

function refused(reason: string): Fault {
  return new Fault('parameter_invalid', { parameter: 'cert', reason })
}
