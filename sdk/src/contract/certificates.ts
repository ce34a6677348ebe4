import type { ErrorEntry } from './errors.ts'
import type { NamedReference, PageQuery, Reference, SortedPageQuery } from './paging.ts'
import type { SeatTypeId } from './seats.ts'

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
  | 'aa_compromise'

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
  readonly user_identifier?: string
  readonly dn_qualifier?: string
  readonly description?: readonly string[]
  readonly domain_component?: readonly string[]
  readonly unstructured_name?: readonly string[]
  readonly unstructured_address?: readonly string[]
}

export interface OtherNames {
  /** Of domain controllers: `6b29fc40-ca47-1067-b31d-00dd010662da`. */
  readonly guid?: readonly string[]
  /** Texts of kinds that are told by a dotted object identifier. */
  readonly raw_other_names?: readonly {
    readonly oid: string
    readonly values: readonly { readonly value: string }[]
  }[]
}

export interface SubjectAltNames {
  readonly dns_names?: readonly string[]
  readonly emails?: readonly string[]
  readonly ip_addresses?: readonly string[]
  readonly uris?: readonly string[]
  readonly user_principal_names?: readonly string[]
  /** Dotted object identifiers. */
  readonly registered_ids?: readonly string[]
  readonly directory_name?: SubjectAttributes
  readonly other_names?: OtherNames
}

/** Whom a certificate names. */
export interface CertifiedNames {
  readonly subject?: SubjectAttributes
  readonly extensions?: { readonly san?: SubjectAltNames }
}

/** One value, or several. */
export type CustomAttribute =
  | { readonly id: string; readonly value: string }
  | { readonly id: string; readonly multi_select_values: readonly string[] }

/** What every way to ask for a certificate of a profile takes. */
export interface IssueContents {
  readonly profile: Reference
  /** A seat that does not exist is made. */
  readonly seat: { readonly seat_id: string; readonly seat_name?: string; readonly email?: string }
  /** PKCS#10 in PEM, or its bare base64; absent where the profile has the server make the key. */
  readonly csr?: string
  readonly validity?: Validity
  readonly attributes?: CertifiedNames
  readonly tags?: readonly string[]
  readonly cert_owner_ids?: readonly string[]
  readonly custom_attributes?: readonly CustomAttribute[]
}

/** `POST /mpki/api/v1/certificate` */
export interface IssueRequest extends IssueContents {
  /** The profile's unless given. */
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
}

/** A certificate as it is handed over. */
export interface DeliveredCertificate {
  /** Upper-case hex, an even number of digits. */
  readonly serial_number: string
  /** As the request spelled it. */
  readonly delivery_format: string
  /** PEM, the leaf first; base64 for PKCS#12. */
  readonly certificate: string
  /** Where a key goes with it. */
  readonly pkcs12_password?: string
  /** The same, as it was spelled before. */
  readonly pkcs12Password?: string
}

/** A certificate, or `request_id` in its place while the issuance waits for something. */
export interface IssueAnswer extends Partial<DeliveredCertificate> {
  readonly delivery_format: string
  readonly request_id?: string
}

/** `POST /mpki/api/v1/certificate-pickup/{request_id}` */
export interface PickupRequest {
  /** The profile that was asked. */
  readonly profile?: Reference
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
}

/** The certificate where it is issued; what is made for an answer, such as a key, is not picked up. */
export interface PickupAnswer extends Partial<DeliveredCertificate> {
  readonly status: 'ISSUED' | 'PENDING' | 'REJECTED'
}

/** `POST /mpki/api/v1/certificate/{serial}/renew` */
export interface RenewRequest {
  readonly csr?: string
  readonly validity?: Validity
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
  readonly renewal_comment?: string
  /** Tells two certificates with one serial number apart. */
  readonly thumbprint_sha256?: string
}

/** `PUT /mpki/api/v1/certificate/{serial}/revoke` */
export interface RevokeRequest {
  readonly revocation_reason: RevocationReason
  readonly comment?: string
  /** Tells two certificates with one serial number apart. */
  readonly thumbprint_sha256?: string
  readonly account_id?: string
}

/** Tells two certificates with one serial number apart. */
export interface SerialQuery {
  readonly thumbprint_sha256?: string
}

export type CertificateStatus = 'issued' | 'revoked' | 'expired' | 'suspended'

/** Item of `GET /mpki/api/v1/certificate-search`. What is absent does not apply, as a profile to an imported one. */
export interface CertificateListing {
  readonly id: string
  readonly profile?: NamedReference
  readonly seat?: { readonly seat_id: string }
  readonly seat_type?: { readonly id: SeatTypeId }
  readonly business_unit?: NamedReference
  readonly account: Reference
  readonly ica?: Reference
  readonly common_name: string
  readonly status: CertificateStatus
  readonly serial_number: string
  /** SHA-256 of the DER, upper-case hex. */
  readonly thumbprint: string
  /** RFC 3339, as all times here. */
  readonly valid_from: string
  readonly valid_to: string
  readonly issuing_ca_name: string
  readonly key_size: string
  readonly signature_algorithm: string
  /** 0 when it has ended. */
  readonly expires_in_days: number
  readonly notes: string
  readonly template_name?: string
  readonly source: 'imported' | 'digicert_one'
  readonly tags: readonly string[]
  readonly cert_owner_ids: readonly string[]
  /** By the ids of the attributes. */
  readonly custom_attributes: Readonly<Record<string, string | readonly string[]>>
  readonly enrollment_id?: string
  /** Only when revoked. */
  readonly revocation?: {
    /** Such as `superseded`. */
    readonly reason: string
    readonly revocation_date: string
    readonly comments: string
  }
}

/** `GET /mpki/api/v1/certificate/{serial}` */
export interface CertificateDetails extends CertificateListing {
  /** Base64 of the DER. */
  readonly certificate: string
  readonly subject: SubjectAttributes
  /** Whether its key is kept by the server. */
  readonly escrow: boolean
}

/** `GET /mpki/api/v1/certificate-search`; at most 100 a page and 10,000 in all. Dates may be ranges: `A_B`, `A_`, `_B`. */
export interface CertificateSearchQuery extends SortedPageQuery {
  readonly account_id?: string
  readonly business_unit_id?: string
  readonly business_unit_name?: string
  readonly profile_id?: string
  readonly seat_id?: string
  readonly seat_type_id?: SeatTypeId | 'UNMANAGED_SEAT'
  readonly serial_number?: string
  readonly valid_from?: string
  readonly valid_to?: string
  /** Part of the name, as `issuing_ca_name`. */
  readonly common_name?: string
  /** Authority key identifier, hex. */
  readonly aki?: string
  readonly issuing_ca_id?: string
  readonly issuing_ca_name?: string
  /** Hex, or decimal as profiles have it. */
  readonly issuing_ca_serial_number?: string
  readonly status?: Uppercase<CertificateStatus> | CertificateStatus
  readonly thumbprint?: string
  readonly enrollment_id?: string
  readonly cert_owners?: string | readonly string[]
  readonly tags?: string | readonly string[]
  /** `id:value` */
  readonly custom_attributes?: string | readonly string[]
}

/** `GET /mpki/api/v1/certificate-search/summary`; at most 1,000 a page. */
export interface CertificateSummaryQuery extends PageQuery {
  readonly account_id: string
  /** `issued` unless given. */
  readonly status?: CertificateStatus
  readonly issuer_type?: 'private_ca'
}

export interface CertificateSummary {
  readonly id: string
  /** Empty for an imported one. */
  readonly ca_cert_id: string
  readonly status: CertificateStatus
  readonly serial_number: string
  readonly thumbprint: string
}

/** `GET /mpki/api/v1/certificate/{serial}/additional-formats` */
export interface AdditionalFormats {
  /** PEM. */
  readonly pkcs7: string
  /** The leaf first; base64 of the DER. */
  readonly x509_cert_chain: readonly { readonly common_name: string; readonly cert_blob: string }[]
}

/** One entry of `POST /mpki/api/v1/certificate-import`. */
export interface CertificateImport {
  readonly cert_type: 'x509' | 'pkcs12'
  readonly business_unit_id: string
  /** Else the certificate's common name. */
  readonly seat_id?: string
  /** PEM, or base64 of the DER; of `pkcs12` base64 of the file. */
  readonly cert: string
  /** Opens a file of `pkcs12`. */
  readonly password?: string
  /** At most 255 characters. */
  readonly notes?: string
  readonly tag_name?: string
  readonly tags?: readonly string[]
  readonly revocation?: {
    readonly revoked: boolean
    readonly reason?: RevocationReason
    readonly revoke_date?: string
  }
}

/** What became of one entry; each stands for itself. */
export type CertificateImportResult =
  | {
      readonly import_status: 'SUCCESS'
      readonly cert_type?: 'x509' | 'pkcs12'
      readonly id: string
      readonly serial_number: string
      readonly thumbprint: string
      readonly common_name: string
      /** The whole name of the issuer, RFC 4514. */
      readonly issuing_ca?: string
      readonly seat?: { readonly seat_id: string; readonly type?: SeatTypeId }
      readonly business_unit?: NamedReference
      readonly cert_status: CertificateStatus
      /** Of one that was imported as revoked or on hold. */
      readonly revocation?: {
        readonly revoked: true
        readonly reason: string
        readonly revoke_date: string
      }
    }
  | {
      readonly import_status: 'FAILED'
      /** Absent where the entry names none that is known. */
      readonly cert_type?: 'x509' | 'pkcs12'
      /** That of the first of `errors`. */
      readonly error_message: string
      readonly errors: readonly ErrorEntry[]
    }

/** `POST /mpki/api/v1/certificate/{id}/tag` */
export interface TagRequest {
  readonly tags: readonly string[]
}

/** `POST /mpki/api/v1/certificate/tag/bulk-add` */
export interface BulkTagRequest extends TagRequest {
  /** Ids, not serial numbers. */
  readonly certificate_ids: readonly string[]
}

/** `GET /mpki/api/v1/certificate/escrow/recover/{serial}` */
export interface RecoveryQuery extends SerialQuery {
  readonly include_chain?: boolean
}

export interface RecoveredKey {
  readonly delivery_format: 'PKCS12'
  /** Base64. */
  readonly certificate: string
  readonly pkcs12_password: string
}
