import type { ResponderRecord } from '../../core/authorities/authority.ts'
import type { AuthorityId, Instant } from '../../core/brand.ts'
import type { AuthorityReads, AuthorityWrites } from '../../core/store/authorities.ts'
import { atMost, type Given } from '../slots.ts'
import type { Statements } from '../statement.ts'

type ResponderPrograms = Pick<
  AuthorityReads & AuthorityWrites,
  'responder' | 'withoutResponderAt' | 'countRespondersAfter' | 'setResponder' | 'removeRespondersAfter'
>

/** Delegated OCSP signers; the CA's row carries the end of its signer, so that due ones are found by an index. */
export function responderPrograms({ db, row, rows, change }: Statements): ResponderPrograms {
  const byAuthority = row(({ id }: Given<{ id: AuthorityId }>) =>
    db
      .selectFrom('responder')
      .select([
        'authority_id as authorityId',
        'key_id as keyId',
        'certificate_der as certificateDer',
        'not_before as notBefore',
        'not_after as notAfter',
      ])
      .where('authority_id', '=', id),
  )
  const due = rows(({ now, before, limit }: Given<{ now: Instant; before: Instant; limit: number }>) =>
    db
      .selectFrom('authority')
      .select('id')
      .where('responder_until', '<', before)
      .whereRef('responder_until', '<', 'not_after')
      .where('not_after', '>', now)
      .where('status', '<>', 'pending')
      .orderBy('responder_until')
      .orderBy('id')
      .limit(atMost(limit)),
  )
  const replace = change((given: Given<ResponderRecord>) =>
    db
      .insertInto('responder')
      .values({
        authority_id: given.authorityId,
        key_id: given.keyId,
        certificate_der: given.certificateDer,
        not_before: given.notBefore,
        not_after: given.notAfter,
      })
      .onConflict((conflict) =>
        conflict.column('authority_id').doUpdateSet((eb) => ({
          key_id: eb.ref('excluded.key_id'),
          certificate_der: eb.ref('excluded.certificate_der'),
          not_before: eb.ref('excluded.not_before'),
          not_after: eb.ref('excluded.not_after'),
        })),
      ),
  )
  const noteEnd = change(({ id, until }: Given<{ id: AuthorityId; until: Instant }>) =>
    db.updateTable('authority').set({ responder_until: until }).where('id', '=', id),
  )
  const countAfter = row(({ at }: Given<{ at: Instant }>) =>
    db
      .selectFrom('responder')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('not_before', '>', at),
  )
  const removeAfter = change(({ at }: Given<{ at: Instant }>) =>
    db.deleteFrom('responder').where('not_before', '>', at),
  )
  const noteMissing = change((_none: Given<object>) =>
    db
      .updateTable('authority')
      .set({ responder_until: 0 })
      .where('responder_until', '>', 0)
      .where('id', 'not in', ({ selectFrom }) => selectFrom('responder').select('authority_id')),
  )
  return {
    *responder(id) {
      const found = yield* byAuthority.first({ id })
      return found === undefined ? undefined : { ...found }
    },
    *withoutResponderAt(now, before, limit) {
      return (yield* due.all({ now, before, limit })).map((found) => found.id)
    },
    *countRespondersAfter(at) {
      return (yield* countAfter.first({ at }))?.count ?? 0
    },
    *setResponder(responder) {
      yield* replace.run(responder)
      yield* noteEnd.run({ id: responder.authorityId, until: responder.notAfter })
    },
    *removeRespondersAfter(at) {
      const removed = yield* removeAfter.run({ at })
      if (removed > 0) yield* noteMissing.run({})
      return removed
    },
  }
}
