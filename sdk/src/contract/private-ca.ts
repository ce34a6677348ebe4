import type { CertificateStatus, RevocationReason } from './certificates.ts'
import type { NamedReference, PageQuery, Reference } from './paging.ts'
import type { SeatTypeId } from './seats.ts'

/** Members are spelled otherwise than in Trust Lifecycle Manager: `organization_unit`, `email_addresses`. */
export interface PrivateCaSubject extends CertificateAuthoritySubject {
  readonly street_address?: readonly string[]
  readonly postal_code?: string
}

/** What the name of a CA can hold. */
export interface CertificateAuthoritySubject {
  readonly common_name?: string
  readonly organization_name?: string
  readonly organization_unit?: readonly string[]
  readonly locality?: string
  readonly state?: string
  readonly country?: string
}

/** RFC 3339. */
export interface ValidityPeriod {
  /** Not in the future: certificates begin when they are issued. */
  readonly valid_from?: string
  readonly valid_to?: string
}

/** `POST /certificate-authority/api/v1/certificate` */
export interface PrivateCaIssueRequest {
  readonly issuer: Reference
  /** The one for servers unless given. */
  readonly template_id?: string
  readonly account_id?: string
  /** PEM of a PKCS#10. */
  readonly csr: string
  readonly csr_type?: 'csr'
  readonly subject?: PrivateCaSubject
  readonly validity?: ValidityPeriod
  readonly extensions?: {
    readonly san?: {
      readonly dns_names?: readonly string[]
      readonly ip_addresses?: readonly string[]
      readonly email_addresses?: readonly string[]
      readonly uris?: readonly string[]
    }
  }
}

export interface PrivateCaIssueAnswer {
  readonly id: string
  readonly serial_number: string
  /** Base64 of the DER. */
  readonly blob: string
  /** Issuers without the leaf, the nearest first. */
  readonly chain: readonly { readonly cert_type: 'root' | 'intermediate'; readonly blob: string }[]
}

/** Item of `GET /certificate-authority/api/v1/certificate`. */
export interface PrivateCaCertificateSummary {
  readonly id: string
  readonly serial_number: string
  readonly common_name: string
  readonly status: CertificateStatus
  /** Absent where the CA is not one of ours. */
  readonly issuer_id?: string
  readonly valid_from: string
  readonly valid_to: string
  readonly created_date: string
  readonly is_revoked: boolean
  readonly revoked_date?: string
  /** Such as `superseded`. */
  readonly revoked_reason?: string
  /** Upper-case hex. */
  readonly thumbprint_sha256: string
}

/** `GET /certificate-authority/api/v1/certificate/{id or serial}` */
export interface PrivateCaCertificate extends PrivateCaCertificateSummary {
  /** Base64 of the DER. */
  readonly blob: string
}

export interface PrivateCaListQuery extends PageQuery {
  readonly issuer_id?: string
}

/** `PUT /certificate-authority/api/v1/certificate/{id}/revocation` */
export interface PrivateCaRevocation {
  readonly revocation_reason: RevocationReason
  readonly comment?: string
}

export interface CertificateAuthority {
  readonly id: string
  readonly name: string
  readonly status: 'active' | 'inactive'
  readonly cert_type: 'root' | 'intermediate'
  readonly ca_type: 'online'
  /** Its own where it is a root. */
  readonly issuer_id: string
  readonly serial_number: string
  readonly thumbprint_sha256: string
  readonly valid_from: string
  readonly valid_to: string
  readonly created_date: string
}

/** `POST /certificate-authority/api/v1/ca` */
export interface CertificateAuthorityRequest {
  readonly name: string
  readonly cert_type: 'root' | 'intermediate'
  readonly ca_type?: 'online'
  /** Needed for an intermediate. */
  readonly issuer?: Reference
  readonly account_id?: string
  /** The one of its kind, which it is made from in any case. */
  readonly template_id?: string
  readonly subject?: CertificateAuthoritySubject
  readonly key?: { readonly algorithm?: 'EC' | 'ECDSA' | 'RSA'; readonly size?: string }
  readonly validity?: Pick<ValidityPeriod, 'valid_to'>
}

/** `POST /certificate-authority/api/v1/ca/{id}/recertify` */
export interface RecertifyRequest {
  /** False unless given. */
  readonly new_key?: boolean
  readonly validity?: Pick<ValidityPeriod, 'valid_to'>
}

/** What certificates and CAs are made from. */
export type Template =
  | {
      readonly id: string
      readonly name: string
      readonly type: 'end_entity'
      readonly template: {
        readonly extended_key_usage: readonly string[]
        readonly san_types: readonly string[]
        readonly lifetime_days: number
        readonly seat_type: { readonly id: SeatTypeId }
      }
    }
  | {
      readonly id: string
      readonly name: string
      readonly type: 'root' | 'intermediate'
      readonly ca_type: 'online'
      readonly template: { readonly lifetime_days: number; readonly path_length?: number }
    }

/** Key of a CA, made with it and its alone. */
export interface KeyPair {
  readonly id: string
  readonly name: string
  readonly algorithm?: string
  readonly size?: string
  readonly status: 'active' | 'inactive'
  readonly ca: NamedReference
  /** SHA-256 of the SubjectPublicKeyInfo, upper-case hex. */
  readonly public_key_sha256: string
  readonly created_date: string
}

/** `POST /certificate-authority/api/v1/crl`; address and period are the server's, and can only be named as they are. */
export interface CrlRequest {
  readonly ca: Reference
  readonly distribution_url?: string
  readonly update_period_hours?: number
}

export interface CrlConfiguration {
  readonly id: string
  readonly ca: NamedReference
  readonly distribution_url: string
  readonly update_period_hours: number
  /** Of the latest CRL, as the times; decimal. */
  readonly crl_number?: string
  readonly this_update?: string
  readonly next_update?: string
}

/** `POST /certificate-authority/api/v1/ocsp-responder`; the address can only be named as it is. */
export interface OcspResponderRequest {
  readonly ca: Reference
  readonly url?: string
  readonly signing_mode?: 'delegated'
}

export interface OcspResponderConfiguration {
  readonly id: string
  readonly ca: NamedReference
  readonly url: string
  readonly signing_mode: 'delegated'
}
