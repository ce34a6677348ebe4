import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { AccountRecord } from './account.ts'
import { checkedAccount, requireActive } from './load-account.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { openVaultKey } from './passphrase.ts'
import { sealSessionSecrets } from './session-secrets.ts'
import { newSessionToken, type SessionToken } from './session-token.ts'

export interface SessionParts
  extends Pick<Engine, 'clock' | 'random' | 'store' | 'sealer' | 'passphraseKeys'> {
  readonly loginThrottle: LoginThrottle
}

/**
 * Opens a session of an account by its passphrase. Several may exist side by side.
 * @param account as `loadAccountByEmail` gave it
 * @param caller who is named when the passphrase is wrong
 * @returns the token: 64 lower-case hex digits, known to nobody else
 * @throws Fault access_denied for a disabled account, passphrase_wrong, login_throttled, overloaded
 */
export async function openSession(
  parts: SessionParts,
  account: AccountRecord,
  passphrase: string,
  caller: Caller,
): Promise<string> {
  requireActive(account)
  return await parts.loginThrottle.attempt(account.id, async (unchecked) => {
    try {
      const token = newSessionToken(parts.random)
      await storeSession(parts, account, passphrase, token, { unchecked, requestId: caller.requestId })
      return token.text
    } catch (error) {
      if (isFault(error, 'passphrase_wrong')) await tellRefusal(parts, account, caller, unchecked)
      throw error
    }
  })
}

interface Telling {
  readonly unchecked: number
  readonly requestId: string | null
}

async function storeSession(
  parts: SessionParts,
  account: AccountRecord,
  passphrase: string,
  token: SessionToken,
  telling: Telling,
): Promise<void> {
  const { sealer } = parts
  const vaultKey = await openVaultKey(parts, account, passphrase)
  const passphraseBytes = new TextEncoder().encode(passphrase)
  const secrets = { vaultKey, passphrase: passphraseBytes }
  const secretsSealed = sealSessionSecrets(sealer, token, account.id, secrets)
  vaultKey.fill(0)
  passphraseBytes.fill(0)
  await parts.store.write(function* (transaction) {
    const held = checkedAccount(sealer, yield* transaction.accounts.hold(account.id))
    requireActive(held)
    // The passphrase was changed while we stretched it: a session of the old one must not outlive it.
    if (Buffer.compare(held.vaultKeySealed, account.vaultKeySealed) !== 0)
      throw new Fault('passphrase_wrong', {})
    const now = parts.clock.now()
    yield* transaction.accounts.insertSession({
      tokenDigest: token.digest,
      accountId: account.id,
      secretsSealed,
      createdAt: now,
      lastUsedAt: now,
    })
    transaction.record({
      action: 'session.opened',
      at: now,
      actor: { type: 'session', accountId: account.id },
      accountId: account.id,
      object: sessionObject(token.digest),
      requestId: telling.requestId,
      detail: { refusedUnchecked: telling.unchecked },
    })
  })
}

function tellRefusal(
  parts: SessionParts,
  account: AccountRecord,
  caller: Caller,
  unchecked: number,
): Promise<void> {
  return parts.store.write(function* (transaction) {
    transaction.record({
      action: 'login.refused',
      at: parts.clock.now(),
      actor: caller.actor,
      accountId: account.id,
      object: `account:${account.id}`,
      requestId: caller.requestId,
      detail: { reason: 'passphrase', refusedUnchecked: unchecked },
    })
  })
}

/** How the audit log names a session: enough of the digest to tell sessions apart. */
export function sessionObject(tokenDigest: Uint8Array): string {
  return `session:${Buffer.from(tokenDigest.subarray(0, 8)).toString('hex')}`
}
