import type { SessionRecord } from '../../core/accounts/account.ts'
import type { AccountId, Instant } from '../../core/brand.ts'
import type { AccountReads, AccountWrites } from '../../core/store/accounts.ts'
import { atMost, type Given } from '../slots.ts'
import type { Statements } from '../statement.ts'

type SessionPrograms = Pick<
  AccountReads & AccountWrites,
  'session' | 'insertSession' | 'touchSession' | 'removeSession' | 'removeSessionsOf' | 'removeIdleSessions'
>

/** Live TinyCert sessions, found by the digest of their token. */
export function sessionPrograms({ db, row, change }: Statements): SessionPrograms {
  const byDigest = row(({ tokenDigest }: Given<{ tokenDigest: Uint8Array }>) =>
    db
      .selectFrom('session')
      .select([
        'token_digest as tokenDigest',
        'account_id as accountId',
        'secrets_sealed as secretsSealed',
        'created_at as createdAt',
        'last_used_at as lastUsedAt',
      ])
      .where('token_digest', '=', tokenDigest),
  )
  const insert = change((given: Given<SessionRecord>) =>
    db.insertInto('session').values({
      token_digest: given.tokenDigest,
      account_id: given.accountId,
      secrets_sealed: given.secretsSealed,
      created_at: given.createdAt,
      last_used_at: given.lastUsedAt,
    }),
  )
  const touch = change(({ tokenDigest, at }: Given<{ tokenDigest: Uint8Array; at: Instant }>) =>
    db.updateTable('session').set({ last_used_at: at }).where('token_digest', '=', tokenDigest),
  )
  const remove = change(({ tokenDigest }: Given<{ tokenDigest: Uint8Array }>) =>
    db.deleteFrom('session').where('token_digest', '=', tokenDigest),
  )
  const removeOf = change(({ account }: Given<{ account: AccountId }>) =>
    db.deleteFrom('session').where('account_id', '=', account),
  )
  const removeIdle = change(({ before, limit }: Given<{ before: Instant; limit: number }>) =>
    db
      .deleteFrom('session')
      .where('token_digest', 'in', (from) =>
        from
          .selectFrom('session')
          .select('token_digest')
          .where('last_used_at', '<', before)
          .orderBy('last_used_at')
          .limit(atMost(limit)),
      ),
  )
  return {
    *session(tokenDigest) {
      const found = yield* byDigest.first({ tokenDigest })
      return found === undefined ? undefined : { ...found }
    },
    *insertSession(session) {
      yield* insert.run(session)
    },
    *touchSession(tokenDigest, at) {
      yield* touch.run({ tokenDigest, at })
    },
    *removeSession(tokenDigest) {
      return (yield* remove.run({ tokenDigest })) === 1
    },
    removeSessionsOf: (account) => removeOf.run({ account }),
    removeIdleSessions: (before, limit) => removeIdle.run({ before, limit }),
  }
}
