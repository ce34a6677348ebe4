import type { PageQuery } from './paging.ts'

export interface RoleAssignment {
  /** Such as `enterprise_manager`. */
  readonly application_code: string
  readonly role_code: string
}

/** Item of `GET /account/api/v1/user`. */
export interface User {
  readonly id: string
  readonly email: string
  /** Such as `ACTIVE`. */
  readonly status: string
  readonly access_scope?: string
  readonly primary_account_id?: string
  readonly friendly_name?: string
  /** `YYYY-MM-DD`; works until 23:59:59 UTC of the day. */
  readonly end_date?: string
}

/** `POST /account/api/v1/user` */
export interface ServiceUserRequest {
  readonly user_type: 'service'
  /** Unique; letters, digits, blanks, dashes, underscores. */
  readonly friendly_name: string
  readonly description?: string
  readonly email: string
  readonly end_date?: string
  readonly account_ids?: readonly string[]
  readonly roles?: readonly RoleAssignment[]
}

export interface ServiceUserAnswer {
  readonly id: string
  readonly friendly_name: string
  readonly status: string
  readonly end_date?: string
  /** The value is shown this once. */
  readonly token: { readonly id: string; readonly value: string }
}

export interface ApiToken {
  readonly id: string
  readonly name: string
  readonly status: 'enabled' | 'disabled' | 'expired'
  readonly end_date?: string
}

/** `POST /account/api/v1/api-access-token` */
export interface ApiTokenRequest {
  readonly user_id: string
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
  readonly end_date?: string
}

/** `POST /account/api/v1/client-auth-certificate` */
export interface ClientCertificateRequest {
  readonly user_id: string
  /** Unique, as a friendly name. */
  readonly name: string
  /** PKCS#10 in PEM; without it the server makes the key and delivers PKCS#12. */
  readonly csr?: string
  /** Not after the owner's. */
  readonly end_date?: string
}

export interface ClientCertificateAnswer {
  readonly id: string
  readonly name: string
  readonly certificate?: string
  /** Base64; delivered this once, with its password. */
  readonly pkcs12?: string
  readonly pkcs12_password?: string
}

/** Item of `GET /account/api/v1/account`. The letter style is mixed. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly service_period?: { readonly from: string; readonly to: string }
  readonly friendly_identifier?: string
  readonly admins?: readonly { readonly id: string; readonly name: string; readonly email: string }[]
  readonly sign_in_methods?: readonly {
    readonly signInMethod: string
    readonly status: string
    readonly mfaStatus?: string
    readonly clientAuthCertLoginEnabled?: boolean
  }[]
  readonly locale?: string
}

/** Item of `GET /account/api/v1/role`. */
export interface Role {
  /** Such as `AM_USER_MANAGER`. */
  readonly code?: string
  readonly name: string
  readonly permissions: readonly unknown[]
}

/** `GET /account/api/v1/audit-log` */
export interface AccountAuditQuery extends PageQuery {
  /** Part of the name. */
  readonly user_name?: string
  readonly action?: string
  /** Separated by commas. */
  readonly resource_types?: string
  readonly resource_id?: string
  readonly status?: string
  readonly account_id?: string
  /** `YYYY-MM-DD`, as `to`. */
  readonly from?: string
  readonly to?: string
}
