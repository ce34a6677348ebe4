import type { SignatureAlgorithm } from '../../pki/algorithms.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import type { AccountId, AuthorityId, Instant, KeyId } from '../brand.ts'

/** The rule set a CA is bound to: the CA/Browser Forum's in full, or RFC 5280 with all key and encoding checks. */
export type Strictness = 'public-tls' | 'private-tls'

/**
 * What a CA may do beyond its strictness level. Explicit, audited, shown by `chancery ca show`.
 * An absent member means: not granted.
 */
export interface AuthorityGrants {
  /** DNS suffixes whose internal and single-label names may be certified; `*` allows every one. */
  readonly internalNames?: readonly string[]
  /** CIDR ranges of special-purpose addresses that may be certified; `*` allows every one. */
  readonly privateAddresses?: readonly string[]
  /** The server may make subscriber keys. */
  readonly serverKeys?: boolean
  /** Certificates may be put on hold, and only hold may be lifted again. */
  readonly hold?: boolean
  /** A revoked certificate may become good again: the TinyCert API documents it. */
  readonly reversibleRevocation?: boolean
  /** The common name is free text and need not stand among the alternative names. */
  readonly freeCommonName?: boolean
  /** Key kinds beyond RSA 2048/3072/4096, P-256 and P-384. */
  readonly keyKinds?: readonly KeyKind[]
  /** Underscores in dNSNames. */
  readonly underscores?: boolean
  /** Longest lifetime of a leaf in days; absent: as long as the CA's own. */
  readonly maximumLifetimeDays?: number
  /** The CA signs with SHA-1. */
  readonly sha1?: boolean
  /** The CA issues leaves although CAs may stand below it. */
  readonly leaves?: boolean
}

/**
 * A certification authority as stored: one subject name and one key. A CA renewed with the same key keeps
 * this record and gains a certificate; one renewed with a new key is a new record that names the old one.
 */
export interface AuthorityRecord {
  readonly id: AuthorityId
  readonly accountId: AccountId
  /** The CA that issued the current certificate; null for a self-signed root. */
  readonly parentId: AuthorityId | null
  /** The CA whose name this one carries on with a new key. */
  readonly succeedsId: AuthorityId | null
  readonly role: 'root' | 'issuing'
  /** Who made it decides how it is listed: the TinyCert face lists only its own. */
  readonly origin: 'installation' | 'tinycert' | 'operator'
  /** Short display name, unique only to people. */
  readonly name: string
  readonly strictness: Strictness
  readonly grants: AuthorityGrants
  /** Default profile of leaves, see src/core/profiles. */
  readonly profile: string
  readonly keyId: KeyId
  readonly signatureAlgorithm: SignatureAlgorithm
  /** DER of the subject name: copied byte for byte as issuer into everything this CA signs. */
  readonly subjectDer: Uint8Array
  /** DER of the CA's subjectPublicKeyInfo. */
  readonly spkiDer: Uint8Array
  /** DER of the current CA certificate. */
  readonly certificateDer: Uint8Array
  /** notAfter of the current certificate. */
  readonly notAfter: Instant
  /** How many CRLs its certificates are spread over; 1: one complete CRL. Fixed at creation. */
  readonly crlShards: number
  /** The account's address at creation: TinyCert shows it and puts it into the alternative names. */
  readonly contactEmail: string
  /**
   * `pending`: its own certificate is not signed yet, so nothing else knows it (certificateDer is empty).
   * `closed`: signs no leaves, still answers status. `deleted`: hidden from its owner too.
   */
  readonly status: 'pending' | 'active' | 'closed' | 'deleted'
  readonly createdAt: Instant
}

/** One certificate of a CA; the newest is the current one. */
export interface AuthorityCertificateRecord {
  readonly authorityId: AuthorityId
  readonly serialNumber: Uint8Array
  readonly certificateDer: Uint8Array
  readonly notBefore: Instant
  readonly notAfter: Instant
}

/** How OCSP requests name an issuer (RFC 6960 section 4.1.1): hash of the subject name and of the key bits. */
export interface IssuerHashes {
  readonly nameSha1: Uint8Array
  readonly keySha1: Uint8Array
  readonly nameSha256: Uint8Array
  readonly keySha256: Uint8Array
}

/** The delegated signer of a CA's OCSP answers. */
export interface ResponderRecord {
  readonly authorityId: AuthorityId
  readonly keyId: KeyId
  readonly certificateDer: Uint8Array
  readonly notBefore: Instant
  readonly notAfter: Instant
}
