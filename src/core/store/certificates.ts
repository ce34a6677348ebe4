import type { AccountId, AuthorityId, CertificateId, Instant } from '../brand.ts'
import type {
  CertificateRecord,
  CertificateStanding,
  Origin,
  Reservation,
} from '../certificates/certificate.ts'
import type { Program } from './program.ts'

/** One row of a list: what a face shows without opening the certificate. */
export interface CertificateSummary {
  readonly id: CertificateId
  readonly authorityId: AuthorityId
  readonly serialNumber: Uint8Array
  readonly name: string
  readonly notBefore: Instant
  readonly notAfter: Instant
  readonly status: 'revoked' | 'hold' | null
  readonly supersededBy: CertificateId | null
}

/** Which issued certificates of an account to list, in order of id. */
export interface CertificateQuery {
  readonly accountId: AccountId
  /** Absent: of all its CAs. */
  readonly authorityId?: AuthorityId
  /** Absent: every origin but `installation` (CA certificates, responders, our own listeners). */
  readonly origin?: Origin
  /** Absent: superseded ones too. */
  readonly current?: true
  readonly after: number
  readonly limit: number
}

export interface CertificateReads {
  /** Of this account only: another's is undefined. */
  byId(account: AccountId, id: CertificateId): Program<CertificateRecord | undefined>
  /** Any account's: for the operator, jobs, and to tell "another's" from "unknown". */
  anyById(id: CertificateId): Program<CertificateRecord | undefined>
  bySerialNumber(authority: AuthorityId, serialNumber: Uint8Array): Program<CertificateRecord | undefined>
  /** Ids of an account's certificates with a serial number, whichever CA of these accounts issued them. */
  withSerialNumber(
    account: AccountId,
    issuers: readonly AccountId[],
    serialNumber: Uint8Array,
  ): Program<readonly CertificateId[]>
  list(query: CertificateQuery): Program<readonly CertificateSummary[]>
  /** Issued, unexpired certificates over one public key, of every account. */
  withKey(
    spkiDigest: Uint8Array,
    now: Instant,
    after: number,
    limit: number,
  ): Program<readonly CertificateRecord[]>
  /** Rows still `reserved` although reserved before `before`: a crash left them. */
  openReservations(before: Instant, limit: number): Program<readonly CertificateRecord[]>
  /** Those that were made later than `at`. */
  openReservationsAfter(at: Instant, limit: number): Program<readonly CertificateRecord[]>
  /** Reserved or issued through one door since then; aborted ones do not count. */
  countCreatedSince(account: AccountId, origin: Origin, since: Instant): Program<number>
  /** Reserved later than that, of every account and through every door. */
  countReservedAfter(at: Instant): Program<number>
  /** What OCSP needs, in the order asked; undefined where this issuer never reserved the serial. */
  standings(
    asked: readonly { readonly authorityId: AuthorityId; readonly serialNumber: Uint8Array }[],
  ): Program<readonly (CertificateStanding | undefined)[]>
}

export interface CertificateWrites {
  /** Reads any account's certificate and keeps every other transaction from changing it until this one ends. */
  hold(id: CertificateId): Program<CertificateRecord | undefined>
  /** The new row's id, or undefined when the issuer has used this serial before. */
  reserve(reservation: Reservation): Program<CertificateId | undefined>
  /** Completes the caller's own reservation; false when it is not `reserved` under this attempt any more. */
  complete(id: CertificateId, attempt: Uint8Array, signature: Uint8Array, at: Instant): Program<boolean>
  /** Ends a reservation without a certificate; false when it is not `reserved` any more. */
  end(id: CertificateId, state: 'aborted' | 'closed'): Program<boolean>
  /** Names the successor, once; false when there is one already. */
  supersede(id: CertificateId, by: CertificateId, at: Instant): Program<boolean>
  /** Hides the certificates of a deleted CA from their owner; status stays answered. */
  removeOf(authority: AuthorityId): Program<void>
}
