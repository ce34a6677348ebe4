import { sql } from 'kysely'
import { type AccountId, accountId, type Instant } from '../../core/brand.ts'
import { isClaimInForce } from '../../core/claim.ts'
import type { BoundRequest, IdempotencyWrites, RepeatableRequest } from '../../core/store/idempotency.ts'
import type { Dialect } from '../dialect.ts'
import type { IdempotencyTable } from '../schema.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

interface Claim extends RepeatableRequest {
  readonly attempt: string
  readonly now: Instant
  readonly until: Instant
}

interface Own {
  readonly accountId: AccountId
  readonly keyDigest: Uint8Array
  readonly attempt: string
}

/** Requests that are done once. The row of a request decides who works on it. */
export function idempotencyPrograms(dialect: Dialect): IdempotencyWrites {
  const { db, row, rows, change } = statementsOf(dialect.db)

  const insert = change((given: Given<Claim>) =>
    db
      .insertInto('idempotency')
      .values({
        account_id: given.accountId,
        key_digest: given.keyDigest,
        request_digest: given.requestDigest,
        attempt: given.attempt,
        claimed_until: given.until,
        finished: sql.lit(0),
        subject: sql.lit(null),
        created_at: given.now,
      })
      .onConflict((conflict) => conflict.columns(['account_id', 'key_digest']).doNothing()),
  )
  const hold = row(({ accountId, keyDigest }: Given<Pick<Own, 'accountId' | 'keyDigest'>>) =>
    db
      .selectFrom('idempotency')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('key_digest', '=', keyDigest)
      .$if(dialect.capabilities.rowLocks, (query) => query.forUpdate()),
  )
  const renew = change((given: Given<Claim>) =>
    db
      .updateTable('idempotency')
      .set({
        request_digest: given.requestDigest,
        attempt: given.attempt,
        claimed_until: given.until,
        finished: sql.lit(0),
        subject: sql.lit(null),
        created_at: given.now,
      })
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest),
  )
  const takeOver = change((given: Given<Own & { readonly until: Instant }>) =>
    db
      .updateTable('idempotency')
      .set({ attempt: given.attempt, claimed_until: given.until })
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest),
  )
  const bind = change((given: Given<Own & { readonly subject: string }>) =>
    db
      .updateTable('idempotency')
      .set({ subject: given.subject })
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest)
      .where('attempt', '=', given.attempt),
  )
  const finishMade = change((given: Given<Own>) =>
    db
      .updateTable('idempotency')
      .set({ finished: sql.lit(1) })
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest)
      .where('attempt', '=', given.attempt)
      .where('subject', 'is not', null),
  )
  const dropUnmade = change((given: Given<Own>) =>
    db
      .deleteFrom('idempotency')
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest)
      .where('attempt', '=', given.attempt)
      .where('subject', 'is', null),
  )
  const removeOlder = change(({ before, limit }: Given<{ before: Instant; limit: number }>) =>
    db
      .deleteFrom('idempotency')
      .where(
        ({ refTuple, selectFrom }) =>
          sql<boolean>`${refTuple('account_id', 'key_digest')} in ${selectFrom('idempotency')
            .select(['account_id', 'key_digest'])
            .where('created_at', '<', before)
            .orderBy('created_at')
            .limit(atMost(limit))}`,
      ),
  )
  const withSecret = rows(
    ({ accountId, keyDigest, limit }: Given<Pick<Own, 'accountId' | 'keyDigest'> & { limit: number }>) =>
      db
        .selectFrom('idempotency')
        .select(['account_id', 'key_digest', 'subject'])
        .where(
          ({ refTuple }) =>
            sql<boolean>`${refTuple('account_id', 'key_digest')} > (${accountId}, ${keyDigest})`,
        )
        .where('subject', 'like', sql.lit('%"sealed":%'))
        .orderBy('account_id')
        .orderBy('key_digest')
        .limit(atMost(limit)),
  )
  const replaceSubject = change((given: Given<BoundRequest & { readonly replacement: string }>) =>
    db
      .updateTable('idempotency')
      .set({ subject: given.replacement })
      .where('account_id', '=', given.accountId)
      .where('key_digest', '=', given.keyDigest)
      .where('subject', '=', given.subject),
  )

  return {
    *claim(request, attempt, now, until, expiredBefore) {
      const claim: Claim = { ...request, attempt, now, until }
      if ((yield* insert.run(claim)) === 1) return { state: 'claimed', subject: null }
      const found: IdempotencyTable | undefined = yield* hold.first(request)
      // Dropped since: whoever dropped it had made nothing.
      if (found === undefined) return { state: 'running' }
      if (found.created_at < expiredBefore) {
        yield* renew.run(claim)
        return { state: 'claimed', subject: null }
      }
      if (Buffer.compare(found.request_digest, request.requestDigest) !== 0) return { state: 'conflict' }
      if (found.finished === 1 && found.subject !== null) return { state: 'finished', subject: found.subject }
      if (isClaimInForce(found.claimed_until, now, until - now)) return { state: 'running' }
      yield* takeOver.run({ ...request, attempt, until })
      return { state: 'claimed', subject: found.subject }
    },
    *bind(request, attempt, subject) {
      return (yield* bind.run({ ...request, attempt, subject })) === 1
    },
    *finish(request, attempt) {
      if ((yield* finishMade.run({ ...request, attempt })) === 0)
        yield* dropUnmade.run({ ...request, attempt })
    },
    *withSecret(after, limit) {
      const { accountId: account, keyDigest } = after ?? {
        accountId: accountId(0),
        keyDigest: new Uint8Array(0),
      }
      const found = yield* withSecret.all({ accountId: account, keyDigest, limit })
      return found.flatMap(({ account_id, key_digest, subject }) =>
        subject === null ? [] : [{ accountId: account_id, keyDigest: key_digest, subject }],
      )
    },
    *replaceSubject(request, replacement) {
      yield* replaceSubject.run({ ...request, replacement })
    },
    removeOlder: (before, limit) => removeOlder.run({ before, limit }),
  }
}
