import type { PageQuery, Reference } from './paging.ts'

/** Members are spelled otherwise than in Trust Lifecycle Manager: `organization_unit`, `email_addresses`. */
export interface PrivateCaSubject {
  readonly common_name?: string
  readonly organization_name?: string
  readonly organization_unit?: readonly string[]
  readonly locality?: string
  readonly state?: string
  readonly country?: string
  readonly street_address?: readonly string[]
  readonly postal_code?: string
}

/** RFC 3339. */
export interface ValidityPeriod {
  readonly valid_from?: string
  readonly valid_to?: string
}

/** `POST /certificate-authority/api/v1/certificate` */
export interface PrivateCaIssueRequest {
  readonly issuer: Reference
  readonly template_id?: string
  readonly account_id?: string
  readonly cert_type?: string
  /** PEM of a PKCS#10, or of a SubjectPublicKeyInfo where `csr_type` says so. */
  readonly csr: string
  readonly csr_type?: 'csr' | 'spki'
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
  readonly chain: readonly { readonly cert_type: string; readonly blob: string }[]
}

/** `GET /certificate-authority/api/v1/certificate/{id or serial}` */
export interface PrivateCaCertificate {
  readonly id: string
  readonly serial_number: string
  readonly valid_from?: string
  readonly valid_to?: string
  readonly created_date?: string
  readonly is_revoked?: boolean
  readonly revoked_date?: string
  readonly revoked_reason?: string
  readonly issuer_id?: string
  /** Upper-case hex. */
  readonly thumbprint_sha256?: string
  readonly blob?: string
}

export type PrivateCaListQuery = PageQuery

export interface CertificateAuthority {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly cert_type?: 'root' | 'intermediate'
  readonly issuer_id?: string
  readonly serial_number?: string
  readonly thumbprint_sha256?: string
  readonly valid_from?: string
  readonly valid_to?: string
}

/** `POST /certificate-authority/api/v1/ca` */
export interface CertificateAuthorityRequest {
  readonly name: string
  readonly cert_type: 'root' | 'intermediate'
  readonly ca_type: 'online'
  /** Needed for an intermediate. */
  readonly issuer?: Reference
  readonly account_id?: string
  readonly template_id?: string
  readonly subject?: PrivateCaSubject
  readonly key?: { readonly algorithm: string; readonly size: string }
  readonly validity?: ValidityPeriod
}

export interface Template {
  readonly id: string
  readonly name: string
  readonly [member: string]: unknown
}

/** `POST /certificate-authority/api/v1/crl` */
export interface CrlConfiguration {
  readonly ca: Reference
  readonly distribution_url?: string
  readonly update_period_hours?: number
}

/** `POST /certificate-authority/api/v1/ocsp-responder` */
export interface OcspResponderConfiguration {
  readonly ca: Reference
  readonly url?: string
  readonly signing_mode?: string
}
