import type { NamedReference, PageQuery, Reference } from './paging.ts'

export type DeliveryFormat = 'x509' | 'pkcs7' | 'pkcs12' | 'pkcs12_pem'

/** Length of a lifetime; counts only where the profile lets a request choose it. */
export interface Validity {
  readonly unit: 'years' | 'months' | 'days' | 'hours' | 'minutes'
  readonly duration: number
}

/** RFC 5280, section 5.3.1; `certificate_hold` suspends. */
export type RevocationReason =
  | 'unspecified'
  | 'key_compromise'
  | 'ca_compromise'
  | 'affiliation_changed'
  | 'superseded'
  | 'cessation_of_operation'
  | 'certificate_hold'
  | 'privilege_withdrawn'

export interface SubjectAttributes {
  readonly common_name?: string
  readonly organization_name?: string
  readonly organization_units?: readonly string[]
  readonly organization_identifier?: string
  readonly serial_number?: string
  readonly locality?: string
  readonly state?: string
  readonly postal_code?: string
  readonly street_address?: readonly string[]
  readonly country?: string
  readonly email?: string
  readonly title?: readonly string[]
  readonly given_name?: readonly string[]
  readonly surname?: readonly string[]
  readonly pseudonym?: string
  readonly unique_identifier?: string
  readonly user_identifier?: string
  readonly dn_qualifier?: string
  readonly description?: readonly string[]
  readonly domain_component?: readonly string[]
  readonly unstructured_name?: readonly string[]
  readonly unstructured_address?: readonly string[]
}

export interface OtherNames {
  readonly guid?: readonly string[]
  readonly raw_other_names?: readonly {
    /** Dotted. */
    readonly oid: string
    readonly values: readonly { readonly label?: string; readonly value: string }[]
  }[]
}

export interface SubjectAltNames {
  readonly dns_names?: readonly string[]
  readonly emails?: readonly string[]
  readonly ip_addresses?: readonly string[]
  readonly uris?: readonly string[]
  readonly user_principal_names?: readonly string[]
  readonly registered_ids?: readonly string[]
  readonly directory_name?: string
  readonly other_names?: OtherNames
}

export interface CertificateAttributes {
  readonly subject?: SubjectAttributes
  readonly extensions?: { readonly san?: SubjectAltNames }
  readonly custom_values?: Readonly<Record<string, string>>
}

export interface CustomAttribute {
  readonly id: string
  readonly value?: string
  readonly multi_select_values?: readonly string[]
}

/** `POST /mpki/api/v1/certificate` */
export interface IssueRequest {
  readonly profile: Reference
  /** A seat that does not exist is made. */
  readonly seat: { readonly seat_id: string; readonly email?: string }
  /** PKCS#10 in PEM, or its bare base64; absent where the profile has the server make the key. */
  readonly csr?: string
  readonly validity?: Validity
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
  readonly attributes?: CertificateAttributes
  readonly tags?: readonly string[]
  readonly cert_owner_ids?: readonly string[]
  readonly custom_attributes?: readonly CustomAttribute[]
}

/** A certificate, or `request_id` alone while the issuance waits for something. */
export interface IssueAnswer {
  /** Upper-case hex, an even number of digits. */
  readonly serial_number?: string
  readonly delivery_format?: string
  /** PEM, the leaf first; base64 for PKCS#12. */
  readonly certificate?: string
  readonly pkcs12_password?: string
  readonly request_id?: string
}

/** `POST /mpki/api/v1/certificate-pickup/{request_id}` */
export interface PickupAnswer {
  readonly status: 'ISSUED' | 'PENDING' | 'REJECTED'
  readonly serial_number?: string
  readonly delivery_format?: string
  readonly certificate?: string
}

/** `POST /mpki/api/v1/certificate/{serial}/renew` */
export interface RenewRequest {
  readonly csr?: string
  readonly validity?: Validity
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
  readonly renewal_comment?: string
}

/** `PUT /mpki/api/v1/certificate/{serial}/revoke` */
export interface RevokeRequest {
  readonly revocation_reason: RevocationReason
  /** Tells two certificates with one serial number apart. */
  readonly thumbprint_sha256?: string
  readonly account_id?: string
}

export type CertificateStatus = 'issued' | 'revoked' | 'expired' | 'suspended'

/** `GET /mpki/api/v1/certificate/{serial}` */
export interface CertificateDetails {
  readonly id: string
  readonly serial_number: string
  readonly status: CertificateStatus
  readonly common_name: string
  /** SHA-256 of the DER, upper-case hex. */
  readonly thumbprint: string
  /** Base64 of the DER. */
  readonly certificate: string
  /** RFC 3339, as all times here. */
  readonly valid_from: string
  readonly valid_to: string
  readonly expires_in_days?: number
  readonly key_size?: string
  readonly signature_algorithm?: string
  readonly subject?: SubjectAttributes
  readonly profile?: NamedReference
  readonly template_name?: string
  readonly seat?: { readonly seat_id: string }
  readonly seat_type?: Reference
  readonly business_unit?: NamedReference
  readonly account?: Reference
  readonly ica?: Reference
  readonly issuing_ca_name?: string
  readonly notes?: string
  readonly tags?: readonly string[]
  /** Only when revoked. */
  readonly revocation?: {
    readonly reason: string
    readonly revocation_date: string
    readonly comments?: string
  }
}

/** `GET /mpki/api/v1/certificate-search`; at most 100 a page and 10,000 in all. Dates may be ranges: `A_B`, `A_`, `_B`. */
export interface CertificateSearchQuery extends PageQuery {
  readonly account_id?: string
  readonly business_unit_id?: string
  readonly business_unit_name?: string
  readonly profile_id?: string
  readonly seat_id?: string
  readonly seat_type_id?: string
  readonly serial_number?: string
  readonly valid_from?: string
  readonly valid_to?: string
  readonly common_name?: string
  readonly aki?: string
  readonly issuing_ca_id?: string
  readonly issuing_ca_name?: string
  readonly issuing_ca_serial_number?: string
  readonly status?: Uppercase<CertificateStatus> | CertificateStatus
  readonly thumbprint?: string
  readonly enrollment_id?: string
  readonly cert_owners?: string
  readonly tags?: string | readonly string[]
}

/** `GET /mpki/api/v1/certificate-search/summary`; at most 1,000 a page. */
export interface CertificateSummaryQuery extends PageQuery {
  readonly account_id: string
  readonly status?: CertificateStatus
  readonly issuer_type?: 'private_ca'
}

export interface CertificateSummary {
  readonly id: string
  readonly ca_cert_id: string
  readonly status: CertificateStatus
  readonly serial_number: string
  readonly thumbprint: string
}

/** `GET /mpki/api/v1/certificate/{serial}/additional-formats` */
export interface AdditionalFormats {
  readonly pkcs7: string
  readonly x509_cert_chain: readonly { readonly common_name: string; readonly cert_blob: string }[]
}

/** One entry of `POST /mpki/api/v1/certificate-import`. */
export interface CertificateImport {
  readonly cert_type: 'x509' | 'pkcs12'
  readonly business_unit_id: string
  readonly seat_id: string
  readonly cert: string
  /** At most 255 characters. */
  readonly notes?: string
  readonly tag_name?: string
  readonly password?: string
  readonly revocation?: {
    readonly revoked: boolean
    readonly reason?: RevocationReason
    readonly revoke_date?: string
  }
}

export interface CertificateImportResult {
  readonly import_status: string
  readonly [member: string]: unknown
}

/** `GET /mpki/api/v1/certificate/escrow/recover/{serial}` */
export interface RecoveredKey {
  readonly delivery_format: 'PKCS12'
  readonly certificate: string
  readonly pkcs12_password: string
}
