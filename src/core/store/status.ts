import type { AuthorityId, CertificateId, Instant } from '../brand.ts'
import type { StatusRecord } from '../certificates/certificate.ts'
import type { CrlRecord } from '../status/crl-record.ts'
import type { Program } from './program.ts'

/** What a CRL was built from. */
export interface CrlBasis {
  /** As `changes` told before its first entry was read. */
  readonly changes: number
  /** Number of the CRL it was compared with; 0 when there was none. */
  readonly follows: number
}

export interface StatusReads {
  of(id: CertificateId): Program<StatusRecord | undefined>
  /** Revoked and held certificates of a CA that end after `notAfterFrom`, in order of certificate id, after `after`. */
  page(
    authority: AuthorityId,
    notAfterFrom: Instant,
    after: number,
    limit: number,
  ): Program<readonly StatusRecord[]>
  /**
   * Reservations that ended `closed` and end after `notAfterFrom`, in order of certificate id, after `after`: on the
   * CRL as revoked from their creation on, because a signature may exist.
   */
  closed(
    authority: AuthorityId,
    notAfterFrom: Instant,
    after: number,
    limit: number,
  ): Program<readonly StatusRecord[]>
  latestCrl(authority: AuthorityId, shard: number): Program<CrlRecord | undefined>
  /** Without its bytes. */
  latestCrlHeader(authority: AuthorityId, shard: number): Program<Omit<CrlRecord, 'der'> | undefined>
  /** Number of the latest CRL of every CA and shard. */
  crlNumbers(): Program<
    readonly { readonly authorityId: AuthorityId; readonly shard: number; readonly number: number }[]
  >
  /**
   * Counts the changes of a CA's status so far. A CRL job reads it before the first page and hands it to
   * `insertCrl`, so that a change made while the CRL was built makes the next one due.
   */
  changes(authority: AuthorityId): Program<number>
  /** CAs whose status changed after their last CRL, or whose CRL is absent or due before `dueBefore`. */
  crlsDue(dueBefore: Instant, limit: number): Program<readonly AuthorityId[]>
  /** The latest CRLs, of every CA and shard, whose thisUpdate is later; without their bytes. */
  crlsAfter(at: Instant): Program<readonly Omit<CrlRecord, 'der'>[]>
  /** Is any of these public keys (SHA-256 of the subjectPublicKeyInfo) blocked? */
  keyBlocked(spkiDigest: Uint8Array): Program<boolean>
}

export interface StatusWrites {
  /** Sets or replaces the row and marks the CA's CRL as due. */
  set(status: StatusRecord): Program<void>
  /** Removes the row and marks the CA's CRL as due. */
  clear(id: CertificateId): Program<void>
  /**
   * Replaces the CA's CRL of this shard. False when it is not the one that `basis` names any more, or its number is
   * not lower; nothing is stored then.
   */
  insertCrl(crl: CrlRecord, basis: CrlBasis): Program<boolean>
  /** Marks the CA's CRL as due without a status change, as after closing a reservation. */
  markCrlDue(authority: AuthorityId): Program<void>
  /** Does so for every CA with a CRL whose thisUpdate is later; how many. */
  markCrlsDueAfter(at: Instant): Program<number>
  /**
   * Afterwards `withKey` finds every certificate over the key that was recorded without regard to the block, until
   * the transaction ends.
   */
  blockKey(spkiDigest: Uint8Array, reason: string, at: Instant): Program<void>
}
