import type { AuthorityId, Instant } from '../../core/brand.ts'
import type { CrlRecord } from '../../core/status/crl-record.ts'
import type { StatusReads, StatusWrites } from '../../core/store/status.ts'
import { atMost, type Given } from '../slots.ts'
import type { Statements } from '../statement.ts'

type CrlPrograms = Pick<
  StatusReads & StatusWrites,
  | 'changes'
  | 'latestCrl'
  | 'latestCrlHeader'
  | 'crlNumbers'
  | 'crlsAfter'
  | 'crlsDue'
  | 'insertCrl'
  | 'markCrlDue'
  | 'markCrlsDueAfter'
>

/**
 * The latest CRL of each shard, and one row for each CA that says when the next is due, so that finding the due
 * ones reads an index and nothing else.
 */
export function crlPrograms({ db, row, rows, change }: Statements): CrlPrograms {
  const header = db
    .selectFrom('crl')
    .select([
      'authority_id as authorityId',
      'shard',
      'number',
      'this_update as thisUpdate',
      'next_update as nextUpdate',
      'entries',
    ])
  type Shard = { authority: AuthorityId; shard: number }
  const latestHeader = row(({ authority, shard }: Given<Shard>) =>
    header.where('authority_id', '=', authority).where('shard', '=', shard),
  )
  const latest = row(({ authority, shard }: Given<Shard>) =>
    header.select('der').where('authority_id', '=', authority).where('shard', '=', shard),
  )
  const numbers = rows((_none: Given<object>) =>
    db.selectFrom('crl').select(['authority_id as authorityId', 'shard', 'number']),
  )
  const after = rows(({ at }: Given<{ at: Instant }>) => header.where('this_update', '>', at))
  const changes = row(({ authority }: Given<{ authority: AuthorityId }>) =>
    db.selectFrom('crl_schedule').select('changes').where('authority_id', '=', authority),
  )
  const due = rows(({ dueBefore, limit }: Given<{ dueBefore: Instant; limit: number }>) =>
    db
      .selectFrom('crl_schedule')
      .select('authority_id')
      .where('due_at', '<', dueBefore)
      .where((eb) =>
        // A CA that was never certified signs nothing.
        eb.not(
          eb.exists(
            eb
              .selectFrom('authority')
              .select('id')
              .whereRef('id', '=', 'crl_schedule.authority_id')
              .where('status', '=', 'pending'),
          ),
        ),
      )
      .orderBy('due_at')
      .orderBy('authority_id')
      .limit(atMost(limit)),
  )
  const replace = change((given: Given<CrlRecord & { follows: number }>) =>
    db
      .insertInto('crl')
      .values({
        authority_id: given.authorityId,
        shard: given.shard,
        number: given.number,
        this_update: given.thisUpdate,
        next_update: given.nextUpdate,
        entries: given.entries,
        der: given.der,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['authority_id', 'shard'])
          .doUpdateSet((eb) => ({
            number: eb.ref('excluded.number'),
            this_update: eb.ref('excluded.this_update'),
            next_update: eb.ref('excluded.next_update'),
            entries: eb.ref('excluded.entries'),
            der: eb.ref('excluded.der'),
          }))
          .where('crl.number', '=', given.follows)
          .where((eb) => eb('crl.number', '<', eb.ref('excluded.number'))),
      ),
  )
  const markPublished = change((given: Given<{ authority: AuthorityId; changes: number; dueAt: Instant }>) =>
    db
      .updateTable('crl_schedule')
      .set({ due_at: given.dueAt })
      .where('authority_id', '=', given.authority)
      .where('changes', '=', given.changes),
  )
  const markDue = change(({ authority }: Given<{ authority: AuthorityId }>) =>
    db
      .updateTable('crl_schedule')
      .set((eb) => ({ changes: eb('changes', '+', 1), due_at: 0 }))
      .where('authority_id', '=', authority),
  )
  const markDueAfter = change(({ at }: Given<{ at: Instant }>) =>
    db
      .updateTable('crl_schedule')
      .set((eb) => ({ changes: eb('changes', '+', 1), due_at: 0 }))
      .where('authority_id', 'in', ({ selectFrom }) =>
        selectFrom('crl').select('crl.authority_id').where('this_update', '>', at),
      ),
  )
  return {
    *changes(authority) {
      return (yield* changes.first({ authority }))?.changes ?? 0
    },
    *latestCrl(authority, shard) {
      const found = yield* latest.first({ authority, shard })
      return found === undefined ? undefined : { ...found }
    },
    *latestCrlHeader(authority, shard) {
      const found = yield* latestHeader.first({ authority, shard })
      return found === undefined ? undefined : { ...found }
    },
    *crlNumbers() {
      return (yield* numbers.all({})).map((found) => ({ ...found }))
    },
    *crlsAfter(at) {
      return (yield* after.all({ at })).map((found) => ({ ...found }))
    },
    *crlsDue(dueBefore, limit) {
      return (yield* due.all({ dueBefore, limit })).map((found) => found.authority_id)
    },
    *insertCrl(crl, { changes: seen, follows }) {
      if ((yield* replace.run({ ...crl, follows })) === 0) return false
      yield* markPublished.run({ authority: crl.authorityId, changes: seen, dueAt: crl.nextUpdate })
      return true
    },
    *markCrlDue(authority) {
      yield* markDue.run({ authority })
    },
    markCrlsDueAfter: (at) => markDueAfter.run({ at }),
  }
}
