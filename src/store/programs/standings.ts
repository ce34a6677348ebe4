import { sql } from 'kysely'
import type { AuthorityId } from '../../core/brand.ts'
import type { CertificateStanding } from '../../core/certificates/certificate.ts'
import type { CertificateReads } from '../../core/store/certificates.ts'
import type { Dialect } from '../dialect.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { readStanding } from './certificate-row.ts'

/**
 * What OCSP reads: one point lookup for each certificate asked for, over narrow rows only; where the engine
 * takes arrays, one statement for all of them.
 */
export function standingsProgram(dialect: Dialect): CertificateReads['standings'] {
  const { db, row, rows } = statementsOf(dialect.db)
  const selected = db
    .selectFrom('certificate')
    .leftJoin('issuance', 'issuance.certificate_id', 'certificate.id')
    .leftJoin('ended_reservation', 'ended_reservation.certificate_id', 'certificate.id')
    .leftJoin('status', (join) =>
      join
        .onRef('status.authority_id', '=', 'certificate.authority_id')
        .onRef('status.certificate_id', '=', 'certificate.id'),
    )
    .select([
      'certificate.id',
      'certificate.authority_id',
      'certificate.serial_number',
      'certificate.not_after',
      'certificate.created_at',
      'issuance.issued_at',
      'ended_reservation.state as ended_state',
      'status.status',
      'status.reason',
      'status.changed_at',
    ])

  const one = row((given: Given<{ authorityId: AuthorityId; serialNumber: Uint8Array }>) =>
    selected
      .where('certificate.authority_id', '=', given.authorityId)
      .where('certificate.serial_number', '=', given.serialNumber),
  )
  type Lists = { authorityIds: readonly AuthorityId[]; serialNumbers: readonly Uint8Array[] }
  const many = rows(({ authorityIds, serialNumbers }: Given<Lists>) =>
    selected
      .innerJoin(
        sql<{ authority_id: AuthorityId; serial_number: Uint8Array; place: number }>`
          unnest(${authorityIds}::integer[], ${serialNumbers}::bytea[]) with ordinality`.as<'asked'>(
          sql`asked(authority_id, serial_number, place)`,
        ),
        (join) =>
          join
            .onRef('asked.authority_id', '=', 'certificate.authority_id')
            .onRef('asked.serial_number', '=', 'certificate.serial_number'),
      )
      .select('asked.place'),
  )

  return function* standings(asked) {
    if (dialect.capabilities.arrays && asked.length > 1) {
      const found = yield* many.all({
        authorityIds: asked.map((each) => each.authorityId),
        serialNumbers: asked.map((each) => each.serialNumber),
      })
      const answers = new Array<CertificateStanding | undefined>(asked.length).fill(undefined)
      for (const each of found) answers[each.place - 1] = readStanding(each)
      return answers
    }
    const answers: (CertificateStanding | undefined)[] = []
    for (const each of asked) {
      const found = yield* one.first(each)
      answers.push(found === undefined ? undefined : readStanding(found))
    }
    return answers
  }
}
