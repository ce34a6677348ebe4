import type { AuthorityId, CertificateId, Instant } from '../../core/brand.ts'
import type { CertificateReads, CertificateWrites } from '../../core/store/certificates.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { completePrograms } from './completion.ts'
import { reserveProgram } from './reservation.ts'

export function certificateWrites(
  dialect: Dialect,
  reads: Pick<CertificateReads, 'anyById'>,
): CertificateWrites {
  const { db, row, change } = statementsOf(dialect.db)
  const lock = row(({ id }: Given<{ id: CertificateId }>) =>
    db.selectFrom('certificate').select('id').where('id', '=', id).forUpdate(),
  )
  const supersede = change((given: Given<{ id: CertificateId; by: CertificateId; at: Instant }>) =>
    db
      .insertInto('supersession')
      .values({ certificate_id: given.id, successor_id: given.by, superseded_at: given.at })
      .onConflict((conflict) => conflict.column('certificate_id').doNothing()),
  )
  const hide = change(({ authority }: Given<{ authority: AuthorityId }>) =>
    db.updateTable('authority').set({ certificates_hidden: 1 }).where('id', '=', authority),
  )
  return {
    ...completePrograms(dialect),
    reserve: reserveProgram(dialect),
    *hold(id) {
      // A statement that waits for a lock still sees the tables beside it as they were before: read after it.
      if (dialect.capabilities.rowLocks) yield* lock.first({ id })
      return yield* reads.anyById(id)
    },
    *supersede(id, by, at) {
      return (yield* supersede.run({ id, by, at })) === 1
    },
    *removeOf(authority) {
      yield* hide.run({ authority })
    },
  }
}
