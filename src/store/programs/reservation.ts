import { type CertificateId, certificateId, type Instant } from '../../core/brand.ts'
import type { Reservation } from '../../core/certificates/certificate.ts'
import type { CertificateWrites } from '../../core/store/certificates.ts'
import type { Dialect } from '../dialect.ts'
import { groupedKeyTag } from '../key-tag.ts'
import type { Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { originCode } from './certificate-row.ts'

type Columns = Omit<Reservation, 'origin'> & { readonly origin: number; readonly tag: number }
type Body = Pick<
  Reservation,
  'attempt' | 'profile' | 'keyId' | 'supersedes' | 'spkiDigest' | 'tbsDer' | 'csrDer'
> & {
  readonly id: CertificateId
}

/**
 * Writes a reservation: its narrow row, its body, and the mark that it is open. The unique pair of issuer and
 * serial number is what keeps a serial from being used twice.
 */
export function reserveProgram(dialect: Dialect): CertificateWrites['reserve'] {
  const reserve = dialect.capabilities.writesInWith ? inOneStatement(dialect) : inThreeStatements(dialect)
  return (reservation) =>
    reserve({
      ...reservation,
      origin: originCode(reservation.origin),
      tag: groupedKeyTag(reservation.spkiDigest, reservation.createdAt),
    })
}

function inThreeStatements(dialect: Dialect) {
  const { db, insertion, change } = statementsOf(dialect.db)
  const row = insertion((given: Given<Columns>) =>
    db
      .insertInto('certificate')
      .values(certificateValues(given))
      .onConflict((conflict) => conflict.columns(['authority_id', 'serial_number']).doNothing()),
  )
  const body = change((given: Given<Body>) =>
    db.insertInto('certificate_body').values({ certificate_id: given.id, ...bodyValues(given) }),
  )
  const open = change((given: Given<{ id: CertificateId; attempt: Uint8Array; createdAt: Instant }>) =>
    db.insertInto('open_reservation').values({
      certificate_id: given.id,
      attempt: given.attempt,
      created_at: given.createdAt,
    }),
  )
  return function* reserve(columns: Columns) {
    const inserted = yield* row.run(columns)
    if (inserted === undefined) return undefined
    const id = certificateId(inserted)
    yield* body.run({ ...columns, id })
    yield* open.run({ id, attempt: columns.attempt, createdAt: columns.createdAt })
    return id
  }
}

function inOneStatement(dialect: Dialect) {
  const { db, changedRow } = statementsOf(dialect.db)
  const all = changedRow((given: Given<Columns>) =>
    db
      .with('reserved', (cte) =>
        cte
          .insertInto('certificate')
          .values(certificateValues(given))
          .onConflict((conflict) => conflict.columns(['authority_id', 'serial_number']).doNothing())
          .returning('id'),
      )
      .with('body', (cte) =>
        cte
          .insertInto('certificate_body')
          .columns([
            'certificate_id',
            'attempt',
            'profile',
            'key_id',
            'supersedes',
            'spki_digest',
            'tbs_der',
            'csr_der',
          ])
          .expression((eb) => {
            const values = bodyValues(given)
            return eb
              .selectFrom('reserved')
              .select([
                'reserved.id',
                values.attempt.as('attempt'),
                values.profile.as('profile'),
                values.key_id.as('key_id'),
                values.supersedes.as('supersedes'),
                values.spki_digest.as('spki_digest'),
                values.tbs_der.as('tbs_der'),
                values.csr_der.as('csr_der'),
              ])
          }),
      )
      .with('open', (cte) =>
        cte
          .insertInto('open_reservation')
          .columns(['certificate_id', 'attempt', 'created_at'])
          .expression((eb) =>
            eb
              .selectFrom('reserved')
              .select(['reserved.id', given.attempt.as('attempt'), given.createdAt.as('created_at')]),
          ),
      )
      .selectFrom('reserved')
      .select('id'),
  )
  return function* reserve(columns: Columns) {
    return (yield* all.first(columns))?.id
  }
}

function certificateValues(given: Given<Columns>) {
  return {
    account_id: given.accountId,
    authority_id: given.authorityId,
    serial_number: given.serialNumber,
    origin: given.origin,
    not_before: given.notBefore,
    not_after: given.notAfter,
    created_at: given.createdAt,
    key_tag: given.tag,
    name: given.name,
  }
}

function bodyValues(given: Given<Omit<Body, 'id'>>) {
  return {
    attempt: given.attempt,
    profile: given.profile,
    key_id: given.keyId,
    supersedes: given.supersedes,
    spki_digest: given.spkiDigest,
    tbs_der: given.tbsDer,
    csr_der: given.csrDer,
  }
}
