import type { AccountRecord, ApiKeyRecord, SessionRecord } from '../accounts/account.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Program } from './program.ts'

export interface AccountReads {
  byId(id: AccountId): Program<AccountRecord | undefined>
  byEmail(email: string): Program<AccountRecord | undefined>
  /** In order of id, those after `after`, at most `limit`. */
  page(after: number, limit: number): Program<readonly AccountRecord[]>
  session(tokenDigest: Uint8Array): Program<SessionRecord | undefined>
  apiKey(publicId: string): Program<ApiKeyRecord | undefined>
  apiKeyById(account: AccountId, id: number): Program<ApiKeyRecord | undefined>
  apiKeysOf(account: AccountId): Program<readonly ApiKeyRecord[]>
  /** Live keys of every account that end on one of these days, both inclusive; in order of id, after `after`. */
  apiKeysEnding(
    firstDay: string,
    lastDay: string,
    after: number,
    limit: number,
  ): Program<readonly ApiKeyRecord[]>
}

export interface AccountWrites {
  /** The id the next account gets: its records are bound to it before they are stored. */
  nextId(): Program<AccountId>
  /** False when the address is taken; nothing is stored then. */
  insert(account: AccountRecord): Program<boolean>
  /** Reads an account and keeps every other transaction from changing it until this one ends. */
  hold(id: AccountId): Program<AccountRecord | undefined>
  /** Replaces every field but id and createdAt. */
  update(account: AccountRecord): Program<void>
  insertSession(session: SessionRecord): Program<void>
  /** Sets lastUsedAt, if the session still exists. */
  touchSession(tokenDigest: Uint8Array, at: Instant): Program<void>
  /** True when there was one. */
  removeSession(tokenDigest: Uint8Array): Program<boolean>
  removeSessionsOf(account: AccountId): Program<number>
  /** Drops at most `limit` sessions last used before `before`. */
  removeIdleSessions(before: Instant, limit: number): Program<number>
  nextApiKeyId(): Program<number>
  insertApiKey(key: ApiKeyRecord): Program<void>
  /** Reads an API key and keeps every other transaction from changing it until this one ends. */
  holdApiKey(account: AccountId, id: number): Program<ApiKeyRecord | undefined>
  /** Replaces name, user, restriction, end date and revocation. */
  updateApiKey(key: ApiKeyRecord): Program<void>
  /** Sets lastUsedAt. */
  touchApiKey(publicId: string, at: Instant): Program<void>
  /** Gives the keys of an account that are nobody's to a user. */
  adoptApiKeys(account: AccountId, userId: number): Program<void>
  /** Forgets a key; true when there was one. */
  removeApiKey(account: AccountId, id: number): Program<boolean>
  /** True when it was not revoked before. */
  revokeApiKey(account: AccountId, publicId: string, at: Instant): Program<boolean>
}
