import type { NamedReference, PageQuery, Reference } from './paging.ts'

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

export interface ProfileAttribute {
  readonly type: string
  readonly mandatory: boolean
  readonly multiple: boolean
  readonly sources: readonly string[]
}

/** `GET /mpki/api/v2/profile/{id}` */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly status: 'Active' | 'Suspended' | 'Deleted' | 'Action needed'
  /** Such as `SHA256_WITH_ECDSA`. */
  readonly signature_algorithm: string
  readonly private_key_attributes: { readonly key_size: string }
  readonly enrollment_method: EnrollmentMethod
  readonly authentication_method: AuthenticationMethod
  readonly account_id?: string
  readonly business_unit_id?: string
  readonly allowed_key_sizes?: readonly string[]
  readonly certificate_delivery_format?: 'X509' | 'PKCS7'
  readonly duplicate_cert_policy?: boolean
  readonly override_cert_validity_via_api?: boolean
  readonly renewal_period_days?: number
  readonly publish_to_public_directory?: boolean
  readonly key_escrow_policy?: { readonly key_escrow_enabled: boolean }
  readonly api_token_binding_enabled?: boolean
  readonly api_token_id?: string
  readonly template?: NamedReference
  readonly tags?: readonly string[]
  readonly certificate?: {
    readonly subject?: { readonly attributes: readonly ProfileAttribute[] }
    readonly validity?: { readonly unit: string; readonly duration: number }
    readonly extensions?: {
      readonly san?: { readonly critical: boolean; readonly attributes: readonly ProfileAttribute[] }
    }
    readonly issuer?: {
      /** Decimal. */
      readonly serial_number: string
      readonly subject_dn: string
      readonly certificate: string
      readonly root?: string
      readonly chain?: readonly string[]
    }
  }
}

export interface ProfileQuery extends PageQuery {
  readonly api_token_id?: string
}

/** `POST /mpki/api/v1/profile`, `PUT /mpki/api/v1/profile/{id}` */
export interface ProfileRequest {
  readonly account_id: string
  readonly business_unit_id: string
  readonly name: string
  readonly template_id: string
  readonly ica: Reference
  readonly enrollment_method: EnrollmentMethod
  readonly authentication_method: AuthenticationMethod
  readonly renewal_window_days: number
  readonly seat_id_mapping: string
  readonly [member: string]: unknown
}
