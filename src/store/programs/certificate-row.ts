import type { CertificateId, Instant } from '../../core/brand.ts'
import type {
  CertificateRecord,
  CertificateStanding,
  CertificateState,
  Origin,
  RevocationReason,
  StatusRecord,
} from '../../core/certificates/certificate.ts'
import { member, RowUnreadable } from '../read-back.ts'
import {
  type CertificateBodyTable,
  type CertificateTable,
  type EndedReservationTable,
  type IssuanceTable,
  ORIGINS,
  type StatusTable,
  type SupersessionTable,
} from '../schema.ts'

const STATUSES: readonly StatusRecord['status'][] = ['revoked', 'hold']
const ENDED_STATES: readonly ('aborted' | 'closed')[] = ['aborted', 'closed']
const REASONS: readonly RevocationReason[] = [0, 1, 3, 4, 5, 6, 9]

type Nullable<Shape> = { readonly [Name in keyof Shape]: Shape[Name] | null }

/** A reservation joined with what became of it. */
export type CertificateRow = Omit<CertificateTable, 'id' | 'key_tag'> & { id: CertificateId } & Omit<
    CertificateBodyTable,
    'certificate_id'
  > &
  Nullable<Omit<IssuanceTable, 'certificate_id'>> &
  Nullable<Omit<SupersessionTable, 'certificate_id'>> & { readonly ended_state: string | null }

export function readCertificate(row: CertificateRow): CertificateRecord
export function readCertificate(row: CertificateRow | undefined): CertificateRecord | undefined
export function readCertificate(row: CertificateRow | undefined): CertificateRecord | undefined {
  if (row === undefined) return undefined
  return {
    id: row.id,
    accountId: row.account_id,
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    attempt: row.attempt,
    profile: row.profile,
    origin: originOf(row.origin),
    tbsDer: row.tbs_der,
    notBefore: row.not_before,
    notAfter: row.not_after,
    name: row.name,
    spkiDigest: row.spki_digest,
    csrDer: row.csr_der,
    keyId: row.key_id,
    supersedes: row.supersedes,
    createdAt: row.created_at,
    state: stateOf(row.issued_at, row.ended_state),
    signature: row.signature,
    issuedAt: row.issued_at,
    supersededBy: row.successor_id,
    supersededAt: row.superseded_at,
  }
}

/** What became of a reservation: the rows beside it tell. */
export function stateOf(issuedAt: Instant | null, endedState: string | null): CertificateState {
  if (issuedAt !== null) return 'issued'
  if (endedState !== null) return member(endedState, ENDED_STATES, 'certificate state')
  return 'reserved'
}

export function originCode(origin: Origin): number {
  const code = ORIGINS.indexOf(origin)
  if (code < 0) throw new RangeError(`origin ${origin} has no code`)
  return code
}

function originOf(code: number): Origin {
  const origin = ORIGINS[code]
  if (origin === undefined) throw new RowUnreadable('certificate origin')
  return origin
}

export function readStatus(row: StatusTable): StatusRecord
export function readStatus(row: StatusTable | undefined): StatusRecord | undefined
export function readStatus(row: StatusTable | undefined): StatusRecord | undefined {
  if (row === undefined) return undefined
  return {
    certificateId: row.certificate_id,
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    status: member(row.status, STATUSES, 'certificate status'),
    reason: reasonOf(row.reason),
    at: row.changed_at,
    notAfter: row.not_after,
  }
}

/** The status column of a row that may be absent. */
export function statusOrNull(text: string | null): StatusRecord['status'] | null {
  return text === null ? null : member(text, STATUSES, 'certificate status')
}

function reasonOf(code: number): RevocationReason {
  const reason = REASONS.find((known) => known === code)
  if (reason === undefined) throw new RowUnreadable('revocation reason')
  return reason
}

/** A closed reservation as the CRL lists it: revoked since it was made. */
export function readClosed(
  row: Omit<EndedReservationTable, 'state' | 'account_id' | 'origin'>,
): StatusRecord {
  return {
    certificateId: row.certificate_id,
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    status: 'revoked',
    reason: 0,
    at: row.created_at,
    notAfter: row.not_after,
  }
}

/** What a standing is read from: a reservation's narrow columns, and those beside it that may be absent. */
export interface StandingRow {
  readonly id: CertificateId
  readonly authority_id: StatusTable['authority_id']
  readonly serial_number: Uint8Array
  readonly not_after: Instant
  readonly created_at: Instant
  readonly issued_at: Instant | null
  readonly ended_state: string | null
  readonly status: string | null
  readonly reason: number | null
  readonly changed_at: Instant | null
}

export function readStanding(row: StandingRow): CertificateStanding {
  const { status, reason, changed_at } = row
  return {
    id: row.id,
    state: stateOf(row.issued_at, row.ended_state),
    createdAt: row.created_at,
    notAfter: row.not_after,
    status:
      status === null || reason === null || changed_at === null
        ? null
        : readStatus({ ...row, certificate_id: row.id, status, reason, changed_at }),
  }
}
