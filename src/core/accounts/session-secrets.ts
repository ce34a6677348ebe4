import type { AccountId } from '../brand.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { SealError, type Sealer } from '../keys/sealer.ts'
import { type SessionToken, sessionWrappingKey } from './session-token.ts'

const vaultKeyLength = 32

/** What a session needs to use the account's keys, and what encrypted exports are made with. */
export interface SessionSecrets {
  /** 256 bits. */
  readonly vaultKey: Uint8Array
  /** UTF-8. */
  readonly passphrase: Uint8Array
}

/** Vault key and passphrase in one envelope that only the token opens. */
export function sealSessionSecrets(
  sealer: Pick<Sealer, 'sealUnder'>,
  token: SessionToken,
  account: AccountId,
  secrets: SessionSecrets,
): Uint8Array {
  const key = sessionWrappingKey(token)
  const joined = Buffer.concat([secrets.vaultKey, secrets.passphrase])
  try {
    return sealer.sealUnder(key, joined, sealContexts.session(account, token.digest))
  } finally {
    key.fill(0)
    joined.fill(0)
  }
}

/** Both members are windows of one buffer. @throws SealError */
export function openSessionSecrets(
  sealer: Pick<Sealer, 'openUnder'>,
  token: SessionToken,
  account: AccountId,
  sealed: Uint8Array,
): SessionSecrets {
  const key = sessionWrappingKey(token)
  try {
    const joined = sealer.openUnder(key, sealed, sealContexts.session(account, token.digest))
    if (joined.length < vaultKeyLength) throw new SealError('the secrets of a session are too short')
    return { vaultKey: joined.subarray(0, vaultKeyLength), passphrase: joined.subarray(vaultKeyLength) }
  } finally {
    key.fill(0)
  }
}
