import type { AccountId, AuthorityId, CertificateId, Instant, KeyId } from '../brand.ts'

/**
 * How far a certificate came. `reserved`: its exact tbsCertificate is durable, nothing is signed for sure.
 * `issued`: signed, verified, recorded. `aborted`: failed before signing; the serial is burned.
 * `closed`: a signature may exist; never signed again, answered as revoked until its planned end.
 */
export type CertificateState = 'reserved' | 'issued' | 'aborted' | 'closed'

/** Which door the request came through. */
export type Origin = 'tinycert' | 'command-line' | 'installation' | 'certcentral' | 'one'

/** What a reservation makes durable before anything is signed. */
export interface Reservation {
  readonly accountId: AccountId
  readonly authorityId: AuthorityId
  /** Contents octets of the INTEGER, positive, at most 20. Unique per issuer. */
  readonly serialNumber: Uint8Array
  /** 16 random octets: who finds the row knows whether it is his. */
  readonly attempt: Uint8Array
  readonly profile: string
  readonly origin: Origin
  /** The exact bytes to be signed. */
  readonly tbsDer: Uint8Array
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** Common name, or the first alternative name: what lists show. */
  readonly name: string
  /** SHA-256 of the subjectPublicKeyInfo: finds siblings of a compromised key. */
  readonly spkiDigest: Uint8Array
  /** DER of the PKCS#10 request the names or the key came from; null when none was given. */
  readonly csrDer: Uint8Array | null
  /** The subscriber key kept by this server, or null. */
  readonly keyId: KeyId | null
  /** The certificate this one supersedes when it is issued, or null. */
  readonly supersedes: CertificateId | null
  readonly createdAt: Instant
}

/** A certificate's row, reserved or complete. */
export interface CertificateRecord extends Reservation {
  readonly id: CertificateId
  readonly state: CertificateState
  /** Null until issued. The certificate is tbsDer, the issuer's algorithm and this. */
  readonly signature: Uint8Array | null
  readonly issuedAt: Instant | null
  /** The certificate that took its place, or null. */
  readonly supersededBy: CertificateId | null
  /** When it did: a certificate that had expired before stays expired, others become obsolete. */
  readonly supersededAt: Instant | null
}

/** RFC 5280 section 5.3.1, as far as issued certificates may carry them. 0 is written as absence. */
export type RevocationReason = 0 | 1 | 3 | 4 | 5 | 6 | 9

/** A row exists only while a certificate is revoked or on hold. */
export interface StatusRecord {
  readonly certificateId: CertificateId
  readonly authorityId: AuthorityId
  readonly serialNumber: Uint8Array
  readonly status: 'revoked' | 'hold'
  readonly reason: RevocationReason
  readonly at: Instant
  /** The certificate's end: entries leave the CRL one regular CRL after it. */
  readonly notAfter: Instant
}

/** What OCSP and the faces derive a certificate's status from. */
export interface CertificateStanding {
  readonly id: CertificateId
  readonly state: CertificateState
  readonly createdAt: Instant
  readonly notAfter: Instant
  readonly status: StatusRecord | null
}
