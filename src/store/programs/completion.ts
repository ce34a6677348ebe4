import type { CertificateId, Instant } from '../../core/brand.ts'
import type { CertificateWrites } from '../../core/store/certificates.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'

type Completed = {
  readonly id: CertificateId
  readonly attempt: Uint8Array
  readonly signature: Uint8Array
  readonly at: Instant
}

/**
 * The two ways a reservation ends. Whoever deletes its mark in `open_reservation` decides, so that two
 * processes never end one reservation both, and neither writes to the reservation's own row.
 */
export function completePrograms(dialect: Dialect): Pick<CertificateWrites, 'complete' | 'end'> {
  const { db, change } = statementsOf(dialect.db)

  const claimOwn = change(({ id, attempt }: Given<Pick<Completed, 'id' | 'attempt'>>) =>
    db.deleteFrom('open_reservation').where('certificate_id', '=', id).where('attempt', '=', attempt),
  )
  const insertIssuance = change((given: Given<Omit<Completed, 'attempt'>>) =>
    db
      .insertInto('issuance')
      .values({ certificate_id: given.id, signature: given.signature, issued_at: given.at }),
  )
  const completeAtOnce = change((given: Given<Completed>) =>
    db
      .with('claimed', (cte) =>
        cte
          .deleteFrom('open_reservation')
          .where('certificate_id', '=', given.id)
          .where('attempt', '=', given.attempt)
          .returning('certificate_id'),
      )
      .insertInto('issuance')
      .columns(['certificate_id', 'signature', 'issued_at'])
      .expression((eb) =>
        eb
          .selectFrom('claimed')
          .select(['certificate_id', given.signature.as('signature'), given.at.as('issued_at')]),
      ),
  )
  const claimAny = change(({ id }: Given<{ id: CertificateId }>) =>
    db.deleteFrom('open_reservation').where('certificate_id', '=', id),
  )
  const insertEnd = change(({ id, state }: Given<{ id: CertificateId; state: 'aborted' | 'closed' }>) =>
    db
      .insertInto('ended_reservation')
      .columns([
        'certificate_id',
        'state',
        'account_id',
        'authority_id',
        'serial_number',
        'origin',
        'not_after',
        'created_at',
      ])
      .expression((eb) =>
        eb
          .selectFrom('certificate')
          .select([
            'id',
            state.as('state'),
            'account_id',
            'authority_id',
            'serial_number',
            'origin',
            'not_after',
            'created_at',
          ])
          .where('id', '=', id),
      ),
  )
  return {
    *complete(id, attempt, signature, at) {
      if (dialect.capabilities.writesInWith) {
        return (yield* completeAtOnce.run({ id, attempt, signature, at })) === 1
      }
      if ((yield* claimOwn.run({ id, attempt })) === 0) return false
      yield* insertIssuance.run({ id, signature, at })
      return true
    },
    *end(id, state) {
      if ((yield* claimAny.run({ id })) === 0) return false
      yield* insertEnd.run({ id, state })
      return true
    },
  }
}
