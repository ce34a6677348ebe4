import { sql } from 'kysely'
import type { AuthorityId, CertificateId, Instant } from '../../core/brand.ts'
import { certificateId } from '../../core/brand.ts'
import type { StatusRecord } from '../../core/certificates/certificate.ts'
import type { StatusReads, StatusWrites } from '../../core/store/status.ts'
import { compilable } from '../collections/raw.ts'
import type { Dialect } from '../dialect.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { readClosed, readStatus } from './certificate-row.ts'
import { crlPrograms } from './crls.ts'

/** Revoked and held certificates, closed reservations, CRLs and blocked keys. */
export function statusPrograms(dialect: Dialect): StatusReads & StatusWrites {
  const make = statementsOf(dialect.db)
  const { db, row, rows, change } = make
  const crls = crlPrograms(make)

  const of = row(({ id }: Given<{ id: CertificateId }>) =>
    db
      .selectFrom('certificate')
      .innerJoin('status', (join) =>
        join
          .onRef('status.authority_id', '=', 'certificate.authority_id')
          .onRef('status.certificate_id', '=', 'certificate.id'),
      )
      .selectAll('status')
      .where('certificate.id', '=', id),
  )
  type Page = { authority: AuthorityId; notAfterFrom: Instant; after: CertificateId; limit: number }
  const page = rows(({ authority, notAfterFrom, after, limit }: Given<Page>) =>
    db
      .selectFrom('status')
      .selectAll()
      .where('authority_id', '=', authority)
      .where('certificate_id', '>', after)
      .where('not_after', '>=', notAfterFrom)
      .orderBy('certificate_id')
      .limit(atMost(limit)),
  )
  const closed = rows(({ authority, notAfterFrom, after, limit }: Given<Page>) =>
    db
      .selectFrom('ended_reservation')
      .select(['certificate_id', 'authority_id', 'serial_number', 'not_after', 'created_at'])
      .where('authority_id', '=', authority)
      .where('state', '=', sql.lit('closed'))
      .where('certificate_id', '>', after)
      .where('not_after', '>=', notAfterFrom)
      .orderBy('certificate_id')
      .limit(atMost(limit)),
  )
  const blocked = row(({ spkiDigest }: Given<{ spkiDigest: Uint8Array }>) =>
    db.selectFrom('blocked_key').select('blocked_at').where('spki_digest', '=', spkiDigest),
  )
  const set = change((given: Given<StatusRecord>) =>
    db
      .insertInto('status')
      .values({
        authority_id: given.authorityId,
        certificate_id: given.certificateId,
        serial_number: given.serialNumber,
        status: given.status,
        reason: given.reason,
        changed_at: given.at,
        not_after: given.notAfter,
      })
      .onConflict((conflict) =>
        conflict.columns(['authority_id', 'certificate_id']).doUpdateSet((eb) => ({
          status: eb.ref('excluded.status'),
          reason: eb.ref('excluded.reason'),
          changed_at: eb.ref('excluded.changed_at'),
        })),
      ),
  )
  const issuerOf = row(({ id }: Given<{ id: CertificateId }>) =>
    db.selectFrom('certificate').select('authority_id').where('id', '=', id),
  )
  const clear = change(({ authority, id }: Given<{ authority: AuthorityId; id: CertificateId }>) =>
    db.deleteFrom('status').where('authority_id', '=', authority).where('certificate_id', '=', id),
  )
  const block = change((given: Given<{ spkiDigest: Uint8Array; reason: string; at: Instant }>) =>
    db
      .insertInto('blocked_key')
      .values({ spki_digest: given.spkiDigest, reason: given.reason, blocked_at: given.at })
      .onConflict((conflict) => conflict.column('spki_digest').doNothing()),
  )
  // What is being recorded in other transactions is waited for, and nobody records until this one ends.
  const holdIssuances = change((_none: Given<object>) =>
    compilable(db, sql`lock table issuance in share mode`),
  )

  return {
    ...crls,
    *of(id) {
      return readStatus(yield* of.first({ id }))
    },
    *page(authority, notAfterFrom, after, limit) {
      const found = yield* page.all({ authority, notAfterFrom, after: certificateId(after), limit })
      return found.map((each) => readStatus(each))
    },
    *closed(authority, notAfterFrom, after, limit) {
      const found = yield* closed.all({ authority, notAfterFrom, after: certificateId(after), limit })
      return found.map(readClosed)
    },
    *keyBlocked(spkiDigest) {
      return (yield* blocked.first({ spkiDigest })) !== undefined
    },
    *set(status) {
      yield* set.run(status)
      yield* crls.markCrlDue(status.authorityId)
    },
    *clear(id) {
      const issuer = yield* issuerOf.first({ id })
      if (issuer === undefined) return
      const cleared = yield* clear.run({ authority: issuer.authority_id, id })
      if (cleared === 1) yield* crls.markCrlDue(issuer.authority_id)
    },
    *blockKey(spkiDigest, reason, at) {
      yield* block.run({ spkiDigest, reason, at })
      if (dialect.capabilities.rowLocks) yield* holdIssuances.run({})
    },
  }
}
