import type { ApiKeyRecord, ApiKeyRestriction, ApiKeyRole } from '../../core/accounts/account.ts'
import type { AccountId, Instant } from '../../core/brand.ts'
import { Fault } from '../../core/faults.ts'
import type { AccountReads, AccountWrites } from '../../core/store/accounts.ts'
import { member, orFault } from '../read-back.ts'
import type { ApiKeyTable } from '../schema.ts'
import type { Given, Statements } from '../statement.ts'

const ROLES: readonly ApiKeyRole[] = ['administrator', 'standard', 'limited', 'finance', 'manager']
const RESTRICTIONS: readonly ApiKeyRestriction[] = ['orders', 'orders-domains-organizations', 'view', 'users']

type ApiKeyPrograms = Pick<
  AccountReads & AccountWrites,
  'apiKey' | 'apiKeysOf' | 'insertApiKey' | 'revokeApiKey'
>

/** API keys, found by their public part. */
export function apiKeyPrograms({ db, row, rows, change }: Statements): ApiKeyPrograms {
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
  const insert = change((given: Given<ApiKeyRecord>) =>
    db.insertInto('api_key').values({
      public_id: given.publicId,
      account_id: given.accountId,
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
  return {
    *apiKey(publicId) {
      const found = yield* byPublicId.first({ publicId })
      return found === undefined ? undefined : readApiKey(found)
    },
    *apiKeysOf(account) {
      return (yield* ofAccount.all({ account })).map(readApiKey)
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
      publicId: row.public_id,
      accountId: row.account_id,
      digest: row.digest,
      role: member(row.role, ROLES, 'API key role'),
      restriction:
        row.restriction === null ? null : member(row.restriction, RESTRICTIONS, 'API key restriction'),
      endDate: row.end_date,
      createdAt: row.created_at,
      revokedAt: row.revoked_at,
    }),
    (cause) => new Fault('account_corrupt', {}, { cause }),
  )
}
