import type { KeyKind } from '../../pki/key-kinds.ts'
import type { NameInput } from '../../pki/names.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import type { AccountId, AuthorityId, CertificateId, Instant } from '../brand.ts'
import type { NameRequest } from '../policy/names/name-request.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { CertificateRecord, Origin } from './certificate.ts'

/** Where the subscriber's key comes from. */
export type KeySource =
  /** PKCS#10, PEM or DER; only its key is taken, and its names where `names` says so. */
  | { readonly from: 'request'; readonly csr: string | Uint8Array }
  /**
   * Made here, where the CA was granted server-made keys. Kept under the account's vault key, or under the master
   * key when none is given.
   */
  | {
      readonly from: 'server'
      readonly kind: KeyKind
      readonly vaultKey?: Uint8Array
      /** Default `subscriber`. */
      readonly purpose?: 'subscriber' | 'tls-server'
    }
  /** The key of an earlier certificate of this account, with the request that was kept beside it. */
  | { readonly from: 'certificate'; readonly certificate: CertificateRecord }

/** A wish for a certificate below one CA. */
export interface IssueRequest {
  readonly accountId: AccountId
  readonly authorityId: AuthorityId
  /**
   * The caller validated names and subject as the requirements for public certificates say. CAs of the
   * installation's public hierarchy issue for nobody else; for CAs of the account it says nothing.
   */
  readonly publiclyValidated?: true
  /** Id of a leaf profile; absent: the CA's own. */
  readonly profile?: string
  readonly origin: Origin
  readonly key: KeySource
  /** Alternative names as the caller wrote them; `from-request`: those of the PKCS#10 request. */
  readonly names: readonly NameRequest[] | 'from-request'
  /**
   * Subject attributes by dotted OID, any order. Without a common name, profiles whose common name stands among
   * the names take the first DNS name or address that fits.
   */
  readonly subject: readonly (NameInput & { readonly parameter: string })[]
  /** Whole days, both ends counted; absent: the profile's default. */
  readonly lifetimeDays?: number
  /** The last instant of validity, whole seconds; wins over `lifetimeDays` and is held to the same limits. */
  readonly notAfter?: Instant
  /** The certificate this one takes the place of. */
  readonly supersedes?: CertificateId
  /** Runs in the transaction of the reservation: limits of a face, which have to be exact. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
  /**
   * Runs in the transaction that makes the certificate count: what stands beside it becomes durable with it. What it
   * throws closes the certificate, which nobody gets then.
   */
  readonly whileRecording?: (transaction: Transaction, issued: IssuedCertificate) => Program<void>
}

/** A certificate that was issued. */
export interface IssuedCertificate {
  readonly id: CertificateId
  readonly authority: AuthorityRecord
  readonly certificateDer: Uint8Array
  readonly serialNumber: Uint8Array
  readonly notBefore: Instant
  readonly notAfter: Instant
}
