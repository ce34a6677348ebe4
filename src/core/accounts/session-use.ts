import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { SealError } from '../keys/sealer.ts'
import type { AccountRecord, SessionRecord } from './account.ts'
import { checkedAccount, requireActive } from './load-account.ts'
import { sessionObject } from './session-open.ts'
import { openSessionSecrets, type SessionSecrets } from './session-secrets.ts'
import { readSessionToken, type SessionToken } from './session-token.ts'

/** A session during one request. */
export interface OpenSession {
  readonly account: AccountRecord
  readonly tokenDigest: Uint8Array
  /** Opens the account's subscriber keys. */
  readonly vaultKey: Uint8Array
  /** The passphrase as text, for encrypted exports; a string cannot be zeroed, so it is made only when asked for. */
  passphrase(): string
  /** Zeroes the secrets; at the end of the request. */
  release(): void
}

type Parts = Pick<Engine, 'clock' | 'store' | 'sealer' | 'settings' | 'log'>

/**
 * Finds the session of a token and opens its secrets. One that was last used while the clock ran ahead has ended.
 * @throws Fault session_unknown when there is none or it was idle too long, account_unavailable,
 *   account_corrupt, access_denied for a disabled account, session_unusable when its secrets do not open
 */
export async function useSession(parts: Parts, tokenText: string): Promise<OpenSession> {
  const token = readSessionToken(tokenText)
  if (token === undefined) throw new Fault('session_unknown', {})
  const now = parts.clock.now()
  const { session, account } = await parts.store.read(function* (view) {
    const found = yield* view.accounts.session(token.digest)
    if (found === undefined || Math.abs(now - found.lastUsedAt) > parts.settings.sessionIdleMs) {
      throw new Fault('session_unknown', {})
    }
    return { session: found, account: yield* view.accounts.byId(found.accountId) }
  })
  const checked = checkedAccount(parts.sealer, account)
  requireActive(checked)
  const secrets = openSecrets(parts, token, session)
  await touch(parts, session, now)
  return openSessionOf(checked, token, secrets)
}

/** Ends a session; one that is gone already is fine. */
export async function closeSession(
  parts: Pick<Engine, 'clock' | 'store'>,
  session: Pick<OpenSession, 'account' | 'tokenDigest'>,
  caller: Caller,
): Promise<void> {
  await parts.store.write(function* (transaction) {
    if (!(yield* transaction.accounts.removeSession(session.tokenDigest))) return
    transaction.record({
      action: 'session.closed',
      at: parts.clock.now(),
      actor: caller.actor,
      accountId: session.account.id,
      object: sessionObject(session.tokenDigest),
      requestId: caller.requestId,
      detail: {},
    })
  })
}

/** Drops at most `limit` sessions that were idle too long; returns how many. They are refused before that too. */
export function dropIdleSessions(
  parts: Pick<Engine, 'clock' | 'store' | 'settings'>,
  limit: number,
): Promise<number> {
  const before = parts.clock.now() - parts.settings.sessionIdleMs
  return parts.store.write((transaction) => transaction.accounts.removeIdleSessions(before, limit))
}

function openSecrets(parts: Parts, token: SessionToken, session: SessionRecord): SessionSecrets {
  try {
    return openSessionSecrets(parts.sealer, token, session.accountId, session.secretsSealed)
  } catch (error) {
    if (error instanceof SealError) throw new Fault('session_unusable', {}, { cause: error })
    throw error
  }
}

const longestTouchMs = 60_000
/** A thirtieth of the idle time: one write a minute by default, and never too coarse for a short idle time. */
const touchShare = 30

async function touch(parts: Parts, session: SessionRecord, now: Instant): Promise<void> {
  const interval = Math.min(longestTouchMs, parts.settings.sessionIdleMs / touchShare)
  if (now - session.lastUsedAt < interval) return
  try {
    await parts.store.write((transaction) => transaction.accounts.touchSession(session.tokenDigest, now))
  } catch (error) {
    // A store that takes no writes now still answers reads; the call that follows decides for itself.
    if (!isFault(error)) throw error
    parts.log.warn({ fault: error.code }, 'the last use of a session could not be recorded')
  }
}

// A passphrase may begin with U+FEFF.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function openSessionOf(account: AccountRecord, token: SessionToken, secrets: SessionSecrets): OpenSession {
  return {
    account,
    tokenDigest: token.digest,
    vaultKey: secrets.vaultKey,
    passphrase: () => decoder.decode(secrets.passphrase),
    release: () => {
      secrets.vaultKey.fill(0)
      secrets.passphrase.fill(0)
    },
  }
}
