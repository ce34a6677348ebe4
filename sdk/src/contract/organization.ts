import type { NamedReference, PageQuery, Reference } from './paging.ts'

/** Item of `GET /mpki/api/v1/business-unit`. */
export interface BusinessUnit {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** RFC 3339. */
  readonly created_at: string
  readonly account?: NamedReference
}

/** `POST /mpki/api/v1/business-unit` */
export interface BusinessUnitRequest {
  readonly name: string
  readonly account: Reference
}

/** Item of the audit logs. */
export interface AuditEntry {
  readonly id: string
  readonly resource_type: string
  readonly resource_id?: string
  readonly action: string
  readonly status: 'success' | 'warning' | 'failure'
  readonly timestamp: string
  readonly description?: string
  readonly error_message?: string
  readonly account?: Reference
  readonly business_unit?: Reference
  readonly user?: NamedReference
  /** Text that holds JSON. */
  readonly data?: string
  readonly new_data?: string
}

/** `GET /mpki/api/v1/audit-log` */
export interface AuditQuery extends PageQuery {
  /** `YYYY-MM-DDTHH:mm:ssZ`, as `to`. */
  readonly from?: string
  readonly to?: string
  readonly resource_type?: string
  readonly resource_id?: string
  readonly resource_name?: string
  readonly action?: string
  readonly status?: AuditEntry['status'] | readonly AuditEntry['status'][]
  readonly admin_id?: string
  readonly admin_name?: string
}

/** `POST /mpki/api/v1/certificate-owners` */
export interface CertificateOwnerRequest {
  readonly account_id: string
  readonly [member: string]: unknown
}

export interface CertificateOwner {
  readonly id: string
  readonly [member: string]: unknown
}
