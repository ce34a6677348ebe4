import type { DeliveryFormat, Validity } from './certificates.ts'
import type { NamedReference, Reference, SortedPageQuery } from './paging.ts'

export type EnrollmentMethod =
  | 'rest_api'
  | 'csr'
  | 'scep'
  | 'est'
  | 'acme'
  | 'browser_pkcs12'
  | 'digicert_desktop_client'
  | 'android'
  | 'ios'
  | 'os_browser'
  | 'pki_client'
  | 'acme_device_attestation'

export type AuthenticationMethod =
  | 'third_party_app'
  | 'enrollment_code'
  | 'manual_approval'
  | 'saml_idp'
  | 'active_directory'
  | 'certificate_authentication'
  | 'global_passphrase'
  | 'no_auth'

export type ProfileStatus = 'Active' | 'Suspended' | 'Deleted' | 'Action needed'

export interface ProfileAttribute {
  /** Member of `attributes.subject` or `attributes.extensions.san`, such as `common_name`. */
  readonly type: string
  readonly mandatory: boolean
  readonly multiple: boolean
  readonly sources: readonly { readonly mandatory: boolean; readonly source: string }[]
}

/** Item of `GET /mpki/api/v2/profile`. */
export interface ProfileSummary {
  readonly id: string
  readonly name: string
  readonly status: ProfileStatus
  /** What requests are signed with, such as `SHA256_WITH_ECDSA`. */
  readonly signature_algorithm: string
  readonly publish_to_public_directory: boolean
  readonly renewal_period_days: number
  readonly duplicate_cert_policy: boolean
  readonly override_cert_validity_via_api: boolean
  readonly certificate_delivery_format: 'X509' | 'PKCS7'
  readonly account_id: string
  readonly business_unit_id: string
  readonly enrollment_method: EnrollmentMethod
  readonly authentication_method: AuthenticationMethod
  readonly seat_id_mapping: string
  readonly private_key_attributes: { readonly key_size: string }
  /** RSA by its bits, other keys by their name, such as `P-256`. */
  readonly allowed_key_sizes: readonly string[]
  readonly key_escrow_policy: { readonly key_escrow_enabled: boolean }
  readonly api_token_binding_enabled: boolean
  readonly api_token_id?: string
  readonly template: NamedReference
  readonly tags: readonly string[]
}

/** `GET /mpki/api/v2/profile/{id}` */
export interface Profile extends ProfileSummary {
  readonly certificate: {
    readonly subject: { readonly attributes: readonly ProfileAttribute[] }
    readonly validity: Validity
    readonly extensions: {
      readonly san: { readonly critical: boolean; readonly attributes: readonly ProfileAttribute[] }
    }
    /** Those above the CA are in its chain, nearest first. */
    readonly issuer?: ProfileAuthority & { readonly id: string; readonly chain: readonly ProfileAuthority[] }
  }
}

export interface ProfileAuthority {
  /** Decimal. */
  readonly serial_number: string
  /** RFC 4514. */
  readonly subject_dn: string
  /** Base64 of the DER. */
  readonly certificate: string
  /** Whether it is a root. */
  readonly root: boolean
}

export interface ProfileQuery extends SortedPageQuery {
  readonly api_token_id?: string
  readonly business_unit_id?: string
}

export interface ProfileAttributeRequest {
  readonly type: string
  readonly mandatory?: boolean
}

/** What a profile can say besides what it is. */
export interface ProfileSettings {
  readonly private_key_attributes?: { readonly key_size?: string }
  readonly allowed_key_sizes?: readonly string[]
  readonly override_cert_validity_via_api?: boolean
  readonly duplicate_cert_policy?: boolean
  readonly key_escrow_policy?: { readonly key_escrow_enabled?: boolean }
  readonly certificate_delivery_format?: DeliveryFormat
  readonly api_token_binding_enabled?: boolean
  readonly api_token_id?: string
  readonly certificate?: {
    readonly validity?: Validity
    readonly subject?: { readonly attributes?: readonly ProfileAttributeRequest[] }
    readonly extensions?: {
      readonly san?: { readonly attributes?: readonly ProfileAttributeRequest[] }
    }
  }
  readonly tags?: readonly string[]
}

/** `POST /mpki/api/v1/profile` */
export interface ProfileRequest extends ProfileSettings {
  readonly account_id: string
  readonly business_unit_id: string
  readonly name: string
  readonly template_id: string
  readonly ica: Reference
  readonly enrollment_method: EnrollmentMethod
  readonly authentication_method: AuthenticationMethod
  readonly renewal_window_days: number
  readonly seat_id_mapping: string
}

/** `PUT /mpki/api/v1/profile/{id}`; what is left out stays. */
export interface ProfileChanges extends ProfileSettings {
  readonly name?: string
  readonly status?: ProfileStatus
  readonly renewal_window_days?: number
}
