import { type ApiKeyRecord, type ApiKeyRestriction, apiKeyRoles } from '../../core/accounts/account.ts'
import type { AccountId, Instant } from '../../core/brand.ts'
import { Fault } from '../../core/faults.ts'
import type { AccountReads, AccountWrites } from '../../core/store/accounts.ts'
import type { Dialect } from '../dialect.ts'
import { member, orFault } from '../read-back.ts'
import type { ApiKeyTable } from '../schema.ts'
import { atMost, type Given } from '../slots.ts'
import type { Statements } from '../statement.ts'
import { counterPrograms } from './counters.ts'

const RESTRICTIONS: readonly ApiKeyRestriction[] = ['orders', 'orders-domains-organizations', 'view', 'users']

type ApiKeyPrograms = Pick<
  AccountReads & AccountWrites,
  | 'apiKey'
  | 'apiKeyById'
  | 'apiKeysOf'
  | 'apiKeysEnding'
  | 'removeApiKey'
  | 'insertApiKey'
  | 'revokeApiKey'
  | 'nextApiKeyId'
  | 'holdApiKey'
  | 'updateApiKey'
  | 'touchApiKey'
  | 'adoptApiKeys'
>

/** API keys, found by their public part. */
export function apiKeyPrograms(make: Statements, dialect: Dialect): ApiKeyPrograms {
  const { db, row, rows, change } = make
  const counters = counterPrograms(make)
  const byId = row(({ account, id }: Given<{ account: AccountId; id: number }>) =>
    db.selectFrom('api_key').selectAll().where('id', '=', id).where('account_id', '=', account),
  )
  const hold = row(({ account, id }: Given<{ account: AccountId; id: number }>) =>
    db
      .selectFrom('api_key')
      .selectAll()
      .where('id', '=', id)
      .where('account_id', '=', account)
      .$if(dialect.capabilities.rowLocks, (query) => query.forUpdate()),
  )
  const byPublicId = row(({ publicId }: Given<{ publicId: string }>) =>
    db.selectFrom('api_key').selectAll().where('public_id', '=', publicId),
  )
  const ofAccount = rows(({ account }: Given<{ account: AccountId }>) =>
    db
      .selectFrom('api_key')
      .selectAll()
      .where('account_id', '=', account)
      .orderBy('created_at')
      .orderBy('public_id'),
  )
  type Ending = { firstDay: string; lastDay: string; after: number; limit: number }
  const ending = rows(({ firstDay, lastDay, after, limit }: Given<Ending>) =>
    db
      .selectFrom('api_key')
      .selectAll()
      .where('end_date', '>=', firstDay)
      .where('end_date', '<=', lastDay)
      .where('revoked_at', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(atMost(limit)),
  )
  const insert = change((given: Given<ApiKeyRecord>) =>
    db.insertInto('api_key').values({
      id: given.id,
      public_id: given.publicId,
      account_id: given.accountId,
      user_id: given.userId,
      name: given.name,
      last_used_at: given.lastUsedAt,
      digest: given.digest,
      role: given.role,
      restriction: given.restriction,
      end_date: given.endDate,
      created_at: given.createdAt,
      revoked_at: given.revokedAt,
    }),
  )
  const revoke = change((given: Given<{ account: AccountId; publicId: string; at: Instant }>) =>
    db
      .updateTable('api_key')
      .set({ revoked_at: given.at })
      .where('public_id', '=', given.publicId)
      .where('account_id', '=', given.account)
      .where('revoked_at', 'is', null),
  )
  const update = change(
    (given: Given<Pick<ApiKeyRecord, 'id' | 'name' | 'userId' | 'restriction' | 'endDate' | 'revokedAt'>>) =>
      db
        .updateTable('api_key')
        .set({
          name: given.name,
          user_id: given.userId,
          restriction: given.restriction,
          end_date: given.endDate,
          revoked_at: given.revokedAt,
        })
        .where('id', '=', given.id),
  )
  const remove = change(({ account, id }: Given<{ account: AccountId; id: number }>) =>
    db.deleteFrom('api_key').where('id', '=', id).where('account_id', '=', account),
  )
  const touch = change((given: Given<{ publicId: string; at: Instant }>) =>
    db.updateTable('api_key').set({ last_used_at: given.at }).where('public_id', '=', given.publicId),
  )
  const adopt = change((given: Given<{ account: AccountId; userId: number }>) =>
    db
      .updateTable('api_key')
      .set({ user_id: given.userId })
      .where('account_id', '=', given.account)
      .where('user_id', 'is', null),
  )
  return {
    *apiKeyById(account, id) {
      const found = yield* byId.first({ account, id })
      return found === undefined ? undefined : readApiKey(found)
    },
    nextApiKeyId: () => counters.next('api_key'),
    *holdApiKey(account, id) {
      const found = yield* hold.first({ account, id })
      return found === undefined ? undefined : readApiKey(found)
    },
    *updateApiKey(key) {
      yield* update.run(key)
    },
    *touchApiKey(publicId, at) {
      yield* touch.run({ publicId, at })
    },
    *adoptApiKeys(account, userId) {
      yield* adopt.run({ account, userId })
    },
    *apiKey(publicId) {
      const found = yield* byPublicId.first({ publicId })
      return found === undefined ? undefined : readApiKey(found)
    },
    *apiKeysOf(account) {
      return (yield* ofAccount.all({ account })).map(readApiKey)
    },
    *apiKeysEnding(firstDay, lastDay, after, limit) {
      return (yield* ending.all({ firstDay, lastDay, after, limit })).map(readApiKey)
    },
    *removeApiKey(account, id) {
      return (yield* remove.run({ account, id })) === 1
    },
    *insertApiKey(key) {
      yield* insert.run(key)
    },
    *revokeApiKey(account, publicId, at) {
      return (yield* revoke.run({ account, publicId, at })) === 1
    },
  }
}

function readApiKey(row: ApiKeyTable): ApiKeyRecord {
  return orFault(
    () => ({
      id: row.id,
      publicId: row.public_id,
      accountId: row.account_id,
      userId: row.user_id,
      name: row.name,
      digest: row.digest,
      role: member(row.role, apiKeyRoles, 'API key role'),
      restriction:
        row.restriction === null ? null : member(row.restriction, RESTRICTIONS, 'API key restriction'),
      endDate: row.end_date,
      createdAt: row.created_at,
      revokedAt: row.revoked_at,
      lastUsedAt: row.last_used_at,
    }),
    (cause) => new Fault('account_corrupt', {}, { cause }),
  )
}
