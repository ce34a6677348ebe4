import { sql } from 'kysely'
import {
  type AccountId,
  type AuthorityId,
  authorityId,
  type CertificateId,
  certificateId,
  type Instant,
} from '../../core/brand.ts'
import type { CertificateQuery, CertificateReads } from '../../core/store/certificates.ts'
import type { Dialect } from '../dialect.ts'
import { keyTagsInGroups } from '../key-tag.ts'
import { isAmong, type ListParameter, listParameter } from '../list-parameter.ts'
import { ORIGINS } from '../schema.ts'
import { atMost, type Given } from '../slots.ts'
import { statementsOf } from '../statement.ts'
import { originCode, readCertificate, statusOrNull } from './certificate-row.ts'
import { standingsProgram } from './standings.ts'

const INSTALLATION = originCode('installation')
const originCodes = ORIGINS.map(originCode)

type ListValues = {
  readonly account: AccountId
  readonly authority: AuthorityId
  readonly origin: number
  readonly after: CertificateId
  readonly limit: number
}

interface ListShape {
  readonly ofAuthority: boolean
  readonly ofOrigin: boolean
  readonly currentOnly: boolean
}

export function certificateReads(dialect: Dialect): CertificateReads {
  const { db, row, rows } = statementsOf(dialect.db)
  const selected = selectCertificates(dialect)

  const byId = row(({ account, id }: Given<{ account: AccountId; id: CertificateId }>) =>
    selected
      .innerJoin('authority', 'authority.id', 'certificate.authority_id')
      .where('certificate.id', '=', id)
      .where('certificate.account_id', '=', account)
      .where('authority.certificates_hidden', '=', 0),
  )
  const anyById = row(({ id }: Given<{ id: CertificateId }>) => selected.where('certificate.id', '=', id))
  const bySerialNumber = row((given: Given<{ authority: AuthorityId; serialNumber: Uint8Array }>) =>
    selected
      .where('certificate.authority_id', '=', given.authority)
      .where('certificate.serial_number', '=', given.serialNumber),
  )
  const withSerialNumber = rows(
    (given: Given<{ account: AccountId; issuers: ListParameter; serialNumber: Uint8Array }>) =>
      db
        .selectFrom('certificate')
        .select('id')
        .where('authority_id', 'in', ({ selectFrom }) =>
          selectFrom('authority')
            .select('authority.id')
            .where(({ ref }) => isAmong(dialect, ref('authority.account_id'), given.issuers)),
        )
        .where('serial_number', '=', given.serialNumber)
        .where(sql<boolean>`${dialect.unindexed(sql.ref('account_id'))} = ${given.account}`)
        .orderBy('id'),
  )
  const withKey = rows(
    (
      given: Given<{
        tags: ListParameter
        spkiDigest: Uint8Array
        now: Instant
        after: CertificateId
        limit: number
      }>,
    ) =>
      selected
        .where(({ ref }) => isAmong(dialect, ref('certificate.key_tag'), given.tags))
        .where('certificate_body.spki_digest', '=', given.spkiDigest)
        .where('certificate.not_after', '>=', given.now)
        .where('certificate.id', '>', given.after)
        .where('issuance.issued_at', 'is not', null)
        .orderBy('certificate.id')
        .limit(atMost(given.limit)),
  )
  const open = selected.innerJoin('open_reservation', 'open_reservation.certificate_id', 'certificate.id')
  const openReservations = rows(({ before, limit }: Given<{ before: Instant; limit: number }>) =>
    open.where('open_reservation.created_at', '<', before).orderBy('certificate.id').limit(atMost(limit)),
  )
  const openReservationsAfter = rows(({ at, limit }: Given<{ at: Instant; limit: number }>) =>
    open.where('open_reservation.created_at', '>', at).orderBy('certificate.id').limit(atMost(limit)),
  )
  type Created = { account: AccountId; origin: number; since: Instant }
  const countReserved = row(({ account, origin, since }: Given<Created>) =>
    db
      .selectFrom('certificate')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('account_id', '=', account)
      .where('origin', '=', origin)
      .where('created_at', '>=', since),
  )
  const countAfter = row(({ at }: Given<{ at: Instant }>) =>
    db
      .selectFrom('certificate')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      // Both lists are there for the index, which begins with them.
      .where('account_id', 'in', ({ selectFrom }) => selectFrom('account').select('account.id'))
      .where('origin', 'in', originCodes)
      .where('created_at', '>', at),
  )
  const countAborted = row(({ account, origin, since }: Given<Created>) =>
    db
      .selectFrom('ended_reservation')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('account_id', '=', account)
      .where('origin', '=', origin)
      .where('created_at', '>=', since)
      .where('state', '=', sql.lit('aborted')),
  )

  const lists = new Map<string, ReturnType<typeof makeList>>()
  const makeList = (shape: ListShape) =>
    rows((given: Given<ListValues>) =>
      db
        .selectFrom('certificate')
        .innerJoin('issuance', 'issuance.certificate_id', 'certificate.id')
        .innerJoin('authority', 'authority.id', 'certificate.authority_id')
        .leftJoin('supersession', 'supersession.certificate_id', 'certificate.id')
        .leftJoin('status', (join) =>
          join
            .onRef('status.authority_id', '=', 'certificate.authority_id')
            .onRef('status.certificate_id', '=', 'certificate.id'),
        )
        .select([
          'certificate.id',
          'certificate.authority_id',
          'certificate.serial_number',
          'certificate.name',
          'certificate.not_before',
          'certificate.not_after',
          'status.status',
          'supersession.successor_id',
        ])
        .where('authority.certificates_hidden', '=', 0)
        .where('certificate.account_id', '=', given.account)
        .$if(shape.ofAuthority, (query) => query.where('certificate.authority_id', '=', given.authority))
        .$if(shape.ofOrigin, (query) => query.where('certificate.origin', '=', given.origin))
        .$if(!shape.ofOrigin, (query) => query.where('certificate.origin', '<>', INSTALLATION))
        .$if(shape.currentOnly, (query) => query.where('supersession.successor_id', 'is', null))
        .where('certificate.id', '>', given.after)
        .orderBy('certificate.id')
        .limit(atMost(given.limit)),
    )
  const listFor = (query: CertificateQuery) => {
    const shape: ListShape = {
      ofAuthority: query.authorityId !== undefined,
      ofOrigin: query.origin !== undefined,
      currentOnly: query.current === true,
    }
    const key = JSON.stringify(shape)
    const statement = lists.get(key) ?? makeList(shape)
    lists.set(key, statement)
    return statement
  }

  return {
    standings: standingsProgram(dialect),
    *byId(account, id) {
      return readCertificate(yield* byId.first({ account, id }))
    },
    *anyById(id) {
      return readCertificate(yield* anyById.first({ id }))
    },
    *bySerialNumber(authority, serialNumber) {
      return readCertificate(yield* bySerialNumber.first({ authority, serialNumber }))
    },
    *withSerialNumber(account, issuers, serialNumber) {
      const among = listParameter(dialect, issuers)
      const found = yield* withSerialNumber.all({ account, issuers: among, serialNumber })
      return found.map(({ id }) => id)
    },
    *list(query) {
      const found = yield* listFor(query).all({
        account: query.accountId,
        authority: query.authorityId ?? authorityId(0),
        origin: query.origin === undefined ? INSTALLATION : originCode(query.origin),
        after: certificateId(query.after),
        limit: query.limit,
      })
      return found.map((each) => ({
        id: each.id,
        authorityId: each.authority_id,
        serialNumber: each.serial_number,
        name: each.name,
        notBefore: each.not_before,
        notAfter: each.not_after,
        status: statusOrNull(each.status),
        supersededBy: each.successor_id,
      }))
    },
    *withKey(spkiDigest, now, after, limit) {
      const tags = listParameter(dialect, keyTagsInGroups(spkiDigest))
      const found = yield* withKey.all({ tags, spkiDigest, now, after: certificateId(after), limit })
      return found.map((each) => readCertificate(each))
    },
    *openReservations(before, limit) {
      return (yield* openReservations.all({ before, limit })).map((each) => readCertificate(each))
    },
    *openReservationsAfter(at, limit) {
      return (yield* openReservationsAfter.all({ at, limit })).map((each) => readCertificate(each))
    },
    *countReservedAfter(at) {
      return (yield* countAfter.first({ at }))?.count ?? 0
    },
    *countCreatedSince(account, origin, since) {
      const values = { account, origin: originCode(origin), since }
      const reserved = yield* countReserved.first(values)
      const aborted = yield* countAborted.first(values)
      return (reserved?.count ?? 0) - (aborted?.count ?? 0)
    },
  }
}

/** A reservation's both halves, and what became of it. */
export function selectCertificates(dialect: Dialect) {
  return dialect.db
    .selectFrom('certificate')
    .innerJoin('certificate_body', 'certificate_body.certificate_id', 'certificate.id')
    .leftJoin('issuance', 'issuance.certificate_id', 'certificate.id')
    .leftJoin('ended_reservation', 'ended_reservation.certificate_id', 'certificate.id')
    .leftJoin('supersession', 'supersession.certificate_id', 'certificate.id')
    .select([
      'certificate.id',
      'certificate.account_id',
      'certificate.authority_id',
      'certificate.serial_number',
      'certificate.origin',
      'certificate.not_before',
      'certificate.not_after',
      'certificate.created_at',
      'certificate.name',
      'certificate_body.attempt',
      'certificate_body.profile',
      'certificate_body.key_id',
      'certificate_body.supersedes',
      'certificate_body.spki_digest',
      'certificate_body.tbs_der',
      'certificate_body.csr_der',
      'issuance.signature',
      'issuance.issued_at',
      'ended_reservation.state as ended_state',
      'supersession.successor_id',
      'supersession.superseded_at',
    ])
}
