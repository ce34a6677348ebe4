import type { NamedReference, PageQuery, Reference } from './paging.ts'

export interface RoleAssignment {
  /** Such as `enterprise_manager`. */
  readonly application_code: string
  readonly role_code: string
}

export type UserType = 'standard' | 'service'

/** Item of `GET /account/api/v1/user`. */
export interface User {
  readonly id: string
  /** `service` for programs. */
  readonly user_type: UserType
  readonly email: string
  /** `EXPIRED` from the day after the end date on. */
  readonly status: 'ACTIVE' | 'INACTIVE' | 'EXPIRED'
  readonly access_scope: 'account'
  readonly primary_account_id: string
  readonly accounts: readonly Reference[]
  /** Of programs. */
  readonly friendly_name?: string
  /** Of people, as the last name. */
  readonly first_name?: string
  readonly last_name?: string
  readonly description?: string
  /** `YYYY-MM-DD`; works until 23:59:59 UTC of the day. */
  readonly end_date?: string
  readonly roles: readonly RoleAssignment[]
  /** RFC 3339, as all times here. */
  readonly created_at: string
}

/** `GET /account/api/v1/user/{id}` */
export interface UserDetails extends User {
  /** What the credential at hand may do, such as `VIEW_EM_CERTIFICATE`; of the caller alone. */
  readonly permissions?: readonly string[]
}

export interface UserQuery extends PageQuery {
  readonly user_type?: UserType
}

/** The role, and the application that it has to belong to. */
export interface RoleRequest {
  readonly role_code: string
  readonly application_code?: string
}

/** `POST /account/api/v1/user` */
export interface ServiceUserRequest {
  readonly user_type: 'service'
  /** Unique; letters, digits, blanks, dashes, underscores. */
  readonly friendly_name: string
  readonly description?: string
  /** Hears of the end before it comes; the caller's unless given. */
  readonly email?: string
  readonly end_date?: string
  readonly account_ids?: readonly string[]
  readonly roles?: readonly RoleRequest[]
}

export interface ServiceUserAnswer extends User {
  /** The value is shown this once. */
  readonly token: { readonly id: string; readonly value: string }
}

/** `PUT /account/api/v1/user/{id}` of a service user; what is left out stays. */
export interface ServiceUserUpdate {
  readonly friendly_name?: string
  readonly description?: string
  readonly email?: string
  /** `null`: no end. */
  readonly end_date?: string | null
  readonly status?: 'ACTIVE' | 'INACTIVE'
  readonly roles?: readonly RoleRequest[]
}

export interface ApiToken {
  readonly id: string
  readonly user_id: string
  readonly name: string
  readonly status: 'enabled' | 'disabled' | 'expired'
  readonly end_date?: string
  readonly created_at: string
}

/** `me` stands for the caller. */
export interface OfUserQuery {
  readonly user_id: string
}

/** `POST /account/api/v1/api-access-token` */
export interface ApiTokenRequest extends OfUserQuery {
  readonly name: string
  readonly end_date?: string
}

export interface ApiTokenAnswer extends ApiToken {
  /** Shown this once. */
  readonly token: string
}

/** `PUT /account/api/v1/api-access-token/{id}` */
export interface ApiTokenUpdate {
  readonly status?: 'enabled' | 'disabled'
  readonly name?: string
  /** `null`: no end. */
  readonly end_date?: string | null
}

/** Item of `GET /account/api/v1/client-auth-certificate`. */
export interface ClientCertificate {
  readonly id: string
  readonly user_id: string
  readonly name: string
  readonly status: 'enabled' | 'disabled' | 'expired'
  /** Upper-case hex. */
  readonly serial_number: string
  /** Upper-case hex. */
  readonly thumbprint_sha256: string
  readonly end_date: string
  readonly valid_to: string
  readonly created_at: string
}

/** `POST /account/api/v1/client-auth-certificate` */
export interface ClientCertificateRequest extends OfUserQuery {
  /** Unique, as a friendly name. */
  readonly name: string
  /** PKCS#10 in PEM; without it the server makes the key and delivers PKCS#12. */
  readonly csr?: string
  /** Not after the owner's; in a year, or with the owner where he ends before, unless given. */
  readonly end_date?: string
}

export interface ClientCertificateAnswer extends ClientCertificate {
  /** PEM, the leaf first. */
  readonly certificate: string
  /** Base64; delivered this once, with its password. */
  readonly pkcs12?: string
  readonly pkcs12_password?: string
}

/** Item of `GET /account/api/v1/account`. The letter style is mixed. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** `YYYY-MM-DD` */
  readonly service_period: { readonly from: string; readonly to: string }
  readonly friendly_identifier: string
  readonly admins: readonly Administrator[]
  readonly sign_in_methods: readonly {
    readonly signInMethod: string
    readonly status: string
    readonly mfaStatus: string
    readonly clientAuthCertLoginEnabled: boolean
  }[]
  readonly locale: string
}

export interface Administrator extends NamedReference {
  readonly email: string
}

/** Item of `GET /account/api/v1/organization`. */
export interface Organization {
  readonly id: string
  readonly name: string
  readonly assumed_name?: string
  readonly active: boolean
  readonly account: NamedReference
  readonly street_address: readonly string[]
  readonly locality: string
  readonly state: string
  readonly postal_code: string
  /** ISO 3166-1, two upper-case letters. */
  readonly country: string
  readonly telephone: string
  readonly created_at: string
}

/** Item of `GET /account/api/v1/role`. */
export interface Role {
  /** Such as `AM_USER_MANAGER`. */
  readonly code: string
  readonly name: string
  readonly application_code: string
  readonly permissions: readonly { readonly code: string }[]
}

export interface RoleQuery {
  readonly application_code?: 'account_manager' | 'enterprise_manager' | 'ca_manager'
}

/** Item of `GET /account/api/v1/locale`. */
export interface Locale {
  /** Such as `ja_JP`. */
  readonly locale: string
  readonly name: string
}

/** Item of `GET /account/api/v1/limit`: how much of one limit the credential has left. */
export interface LimitState {
  readonly limit: string
  /** Who set it. */
  readonly source: string
  /** Rolling; none where there is no limit. */
  readonly windows: readonly {
    readonly limit: number
    readonly window_seconds: number
    readonly used: number
    readonly remaining: number
    /** Until one more call is allowed than now. */
    readonly frees_in_seconds: number
  }[]
}
