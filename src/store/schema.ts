import type { Generated } from 'kysely'
import type { AccountId, AuthorityId, CertificateId, Instant, KeyId } from '../core/brand.ts'
import type { Origin } from '../core/certificates/certificate.ts'

/**
 * Every table as queries see it. Octets are BLOB or bytea; times are integer milliseconds UTC; structured
 * values are JSON text. Columns of closed sets are read as plain text, because what is read is checked.
 */
export interface Schema {
  account: AccountTable
  session: SessionTable
  api_key: ApiKeyTable
  authority: AuthorityTable
  authority_certificate: AuthorityCertificateTable
  responder: ResponderTable
  private_key: PrivateKeyTable
  certificate: CertificateTable
  certificate_body: CertificateBodyTable
  open_reservation: OpenReservationTable
  ended_reservation: EndedReservationTable
  issuance: IssuanceTable
  supersession: SupersessionTable
  status: StatusTable
  crl_schedule: CrlScheduleTable
  crl: CrlTable
  blocked_key: BlockedKeyTable
  chain: ChainTable
  event: EventTable
  anchor: AnchorTable
  setting: SettingTable
  counter: CounterTable
  lease: LeaseTable
  idempotency: IdempotencyTable
  schema_migration: SchemaMigrationTable
}

export interface AccountTable {
  id: AccountId
  email: string
  name: string
  status: string
  settings: string
  passphrase_parameters: string
  vault_key_sealed: Uint8Array
  tinycert_key_sealed: Uint8Array
  created_at: Instant
  integrity: Uint8Array
}

export interface SessionTable {
  token_digest: Uint8Array
  account_id: AccountId
  secrets_sealed: Uint8Array
  created_at: Instant
  last_used_at: Instant
}

export interface ApiKeyTable {
  id: number
  public_id: string
  account_id: AccountId
  user_id: number | null
  name: string
  digest: Uint8Array
  role: string
  restriction: string | null
  end_date: string | null
  created_at: Instant
  revoked_at: Instant | null
  last_used_at: Instant | null
}

export interface AuthorityTable {
  id: AuthorityId
  account_id: AccountId
  parent_id: AuthorityId | null
  succeeds_id: AuthorityId | null
  role: string
  origin: string
  name: string
  strictness: string
  grants: string
  profile: string
  key_id: KeyId
  signature_algorithm: string
  subject_der: Uint8Array
  spki_der: Uint8Array
  certificate_der: Uint8Array
  not_after: Instant
  crl_shards: number
  contact_email: string
  status: string
  created_at: Instant
  /** 1 hides the certificates from their owner. */
  certificates_hidden: number
  /** notAfter of the responder's certificate; 0 while there is none. */
  responder_until: Instant
  name_sha1: Uint8Array
  key_sha1: Uint8Array
  name_sha256: Uint8Array
  key_sha256: Uint8Array
}

export interface AuthorityCertificateTable {
  authority_id: AuthorityId
  serial_number: Uint8Array
  certificate_der: Uint8Array
  not_before: Instant
  not_after: Instant
}

export interface ResponderTable {
  authority_id: AuthorityId
  key_id: KeyId
  certificate_der: Uint8Array
  not_before: Instant
  not_after: Instant
}

export interface PrivateKeyTable {
  id: KeyId
  account_id: AccountId
  kind: string
  purpose: string
  wrapping: string
  spki_der: Uint8Array
  /** First 40 bits of the SHA-256 of the subjectPublicKeyInfo: a narrow index; the bytes decide. */
  key_tag: number
  sealed: Uint8Array
  created_at: Instant
}

/**
 * The narrow half of a reservation: what lists, OCSP and counts read. Rows are written once and never
 * changed; what becomes of a reservation stands in the tables beside it.
 */
export interface CertificateTable {
  id: Generated<CertificateId>
  account_id: AccountId
  authority_id: AuthorityId
  serial_number: Uint8Array
  /** Index into the list of origins. */
  origin: number
  not_before: Instant
  not_after: Instant
  created_at: Instant
  /** First bits of the SHA-256 of the subjectPublicKeyInfo below the group of the minute, see key-tag.ts. */
  key_tag: number
  name: string
}

/** The wide half of a reservation. */
export interface CertificateBodyTable {
  certificate_id: CertificateId
  attempt: Uint8Array
  profile: string
  key_id: KeyId | null
  supersedes: CertificateId | null
  spki_digest: Uint8Array
  tbs_der: Uint8Array
  csr_der: Uint8Array | null
}

/** One row for each reservation that has not ended; whoever deletes it decides how it ends. */
export interface OpenReservationTable {
  certificate_id: CertificateId
  attempt: Uint8Array
  created_at: Instant
}

/** Reservations without a certificate: aborted or closed. */
export interface EndedReservationTable {
  certificate_id: CertificateId
  state: string
  account_id: AccountId
  authority_id: AuthorityId
  serial_number: Uint8Array
  origin: number
  not_after: Instant
  created_at: Instant
}

/** One row for each issued certificate. */
export interface IssuanceTable {
  certificate_id: CertificateId
  signature: Uint8Array
  issued_at: Instant
}

export interface SupersessionTable {
  certificate_id: CertificateId
  successor_id: CertificateId
  superseded_at: Instant
}

export interface StatusTable {
  authority_id: AuthorityId
  certificate_id: CertificateId
  serial_number: Uint8Array
  status: string
  reason: number
  changed_at: Instant
  not_after: Instant
}

export interface CrlScheduleTable {
  authority_id: AuthorityId
  /** Grows with every change of status. */
  changes: number
  /** nextUpdate of the CRL; 0 when it is absent or behind the changes. */
  due_at: Instant
}

export interface CrlTable {
  authority_id: AuthorityId
  shard: number
  number: number
  this_update: Instant
  next_update: Instant
  entries: number
  der: Uint8Array
}

export interface BlockedKeyTable {
  spki_digest: Uint8Array
  reason: string
  blocked_at: Instant
}

/** One audit chain with its head. */
export interface ChainTable {
  id: number
  name: string
  sequence: number
  hash: Uint8Array
  /** Transactions of this chain's writer: tells after a lost connection whether the last one committed. */
  batches: number
}

/** How far another chain vouches for this one. */
export interface AnchorTable {
  chain_id: number
  sequence: number
}

export interface EventTable {
  chain_id: number
  sequence: number
  body: string
  hash: Uint8Array
}

export interface SettingTable {
  name: string
  value: string
}

export interface CounterTable {
  name: 'account' | 'api_key' | 'authority' | 'chain' | 'configuration'
  value: number
}

export interface LeaseTable {
  name: string
  holder: string
  until: Instant
}

/** A request that is done once however often it comes. */
export interface IdempotencyTable {
  account_id: AccountId
  key_digest: Uint8Array
  request_digest: Uint8Array
  /** Who works on it, until `claimed_until`. */
  attempt: string
  claimed_until: Instant
  finished: number
  /** JSON; null until something was made. */
  subject: string | null
  created_at: Instant
}

export interface SchemaMigrationTable {
  number: number
  name: string
}

/** Codes of `certificate.origin`: the place in this list, which therefore only grows at its end. */
export const ORIGINS: readonly Origin[] = ['tinycert', 'command-line', 'installation', 'certcentral', 'one']
