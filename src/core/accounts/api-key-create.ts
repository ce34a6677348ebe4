import type { Caller } from '../audit/caller.ts'
import type { AccountId } from '../brand.ts'
import { parseDay } from '../days.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { ApiKeyRecord } from './account.ts'
import { newApiKeyText } from './api-key.ts'
import { loadAccount } from './load-account.ts'

export interface ApiKeyRequest {
  readonly accountId: AccountId
  /** Absent: the account's first administrator, once there is one. */
  readonly userId?: number
  /** What people call it. Default: none. */
  readonly name?: string
  readonly role: ApiKeyRecord['role']
  /** Null: whatever the role may. */
  readonly restriction: ApiKeyRecord['restriction']
  /** Last UTC day the key works, `YYYY-MM-DD`; null for no end. */
  readonly endDate: string | null
}

export interface CreatedApiKey {
  readonly record: ApiKeyRecord
  /** The whole key: shown once, kept nowhere. */
  readonly text: string
}

type Parts = Pick<Engine, 'clock' | 'random'>

/**
 * Makes an API key for an account.
 * @throws Fault parameter_invalid, account_unavailable, account_corrupt
 */
export async function createApiKey(
  engine: Parts & Pick<Engine, 'store' | 'sealer'>,
  request: ApiKeyRequest,
  caller: Caller,
): Promise<CreatedApiKey> {
  if (request.endDate !== null && parseDay(request.endDate) === undefined) {
    throw new Fault('parameter_invalid', { parameter: 'end_date', reason: 'not a day written YYYY-MM-DD' })
  }
  return await engine.store.write(function* (transaction) {
    yield* loadAccount(transaction, engine.sealer, request.accountId)
    return yield* insertApiKey(transaction, engine, request, caller)
  })
}

/** The same inside a transaction whose account is known to exist. */
export function* insertApiKey(
  transaction: Transaction,
  { clock, random }: Parts,
  request: ApiKeyRequest,
  caller: Caller,
): Program<CreatedApiKey> {
  const kind = (yield* transaction.runtime.setting('kind')) === 'sandbox' ? 'sandbox' : 'production'
  const { text, publicId, digest } = newApiKeyText(kind, random)
  const { accountId, userId = null, name = '', role, restriction, endDate } = request
  const createdAt = clock.now()
  const record: ApiKeyRecord = {
    id: yield* transaction.accounts.nextApiKeyId(),
    publicId,
    accountId,
    userId,
    name,
    digest,
    role,
    restriction,
    endDate,
    createdAt,
    revokedAt: null,
    lastUsedAt: null,
  }
  yield* transaction.accounts.insertApiKey(record)
  transaction.configurationChanged()
  transaction.record({
    action: 'api-key.created',
    at: createdAt,
    actor: caller.actor,
    accountId,
    object: `api-key:${publicId}`,
    requestId: caller.requestId,
    detail: { userId, name, role, restriction, endDate },
  })
  return { record, text }
}

/** Ends an API key now; one that is not the account's, or ended already, is `credential_unknown`. */
export async function revokeApiKey(
  engine: Pick<Engine, 'clock' | 'store'>,
  accountId: AccountId,
  publicId: string,
  caller: Caller,
): Promise<void> {
  await engine.store.write(function* (transaction) {
    const at = engine.clock.now()
    if (!(yield* transaction.accounts.revokeApiKey(accountId, publicId, at))) {
      throw new Fault('credential_unknown', {})
    }
    transaction.configurationChanged()
    transaction.record({
      action: 'api-key.revoked',
      at,
      actor: caller.actor,
      accountId,
      object: `api-key:${publicId}`,
      requestId: caller.requestId,
      detail: {},
    })
  })
}
