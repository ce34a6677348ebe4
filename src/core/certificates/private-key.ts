import type { Caller } from '../audit/caller.ts'
import type { Action } from '../audit/event.ts'
import type { AccountId, KeyId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { SealError } from '../keys/sealer.ts'

/** A key that is kept with a certificate of an account. */
export interface KeptKey {
  readonly accountId: AccountId
  /** Null: none is. */
  readonly keyId: KeyId | null
  /** The certificate as audit events name it. */
  readonly object: string
}

/**
 * Gives out the subscriber key kept with a certificate. The release is told to the audit log before the key is
 * handed over, a refusal as well.
 *
 * @param kept with a certificate of the account that asks
 * @param vaultKey the account's, from the session; needed for keys kept under it
 * @returns PKCS#8 DER; the caller zeroes it after use
 * @throws Fault private_key_not_kept; session_unusable when `vaultKey` does not open it
 */
export async function releasePrivateKey(
  engine: Engine,
  kept: KeptKey,
  vaultKey: Uint8Array | undefined,
  caller: Caller,
): Promise<Uint8Array> {
  const { keyId, accountId } = kept
  const key = keyId === null ? undefined : await engine.store.read((view) => view.keys.byId(keyId))
  if (key === undefined || key.accountId !== accountId || key.purpose !== 'subscriber') {
    await tell(engine, kept, 'key.release-refused', { reason: 'not-kept' }, caller)
    throw new Fault('private_key_not_kept', {})
  }
  const pkcs8 = open(engine, key, vaultKey)
  if (pkcs8 === undefined) {
    await tell(engine, kept, 'key.release-refused', { reason: 'not-opened', key: key.id }, caller)
    throw new Fault('session_unusable', {})
  }
  await tell(engine, kept, 'key.released', { key: key.id }, caller)
  return pkcs8
}

function open(
  engine: Engine,
  key: Parameters<Engine['keyService']['exportPrivateKey']>[0],
  vaultKey: Uint8Array | undefined,
): Uint8Array | undefined {
  try {
    return engine.keyService.exportPrivateKey(key, vaultKey)
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}

function tell(
  engine: Engine,
  { accountId, object }: KeptKey,
  action: Action,
  detail: Readonly<Record<string, string>>,
  caller: Caller,
): Promise<void> {
  return engine.store.write(function* (transaction) {
    transaction.record({
      action,
      at: engine.clock.now(),
      actor: caller.actor,
      accountId,
      object,
      requestId: caller.requestId,
      detail,
    })
  })
}
