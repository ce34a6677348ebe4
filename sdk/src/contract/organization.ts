import type { Administrator } from './account-manager.ts'
import type { NamedReference, Reference, SortedPageQuery } from './paging.ts'
import type { SeatTypeId } from './seats.ts'

/** Item of `GET /mpki/api/v1/business-unit`. */
export interface BusinessUnit {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** RFC 3339. */
  readonly created_at: string
  readonly account: NamedReference
}

/** Seats of one type. */
export interface SeatStatistics {
  readonly seat_type: { readonly id: SeatTypeId }
  readonly licensed_seats: number
  readonly used_seats: number
  readonly available_seats: number
}

/** `GET /mpki/api/v1/business-unit/{id}` */
export interface BusinessUnitDetails extends BusinessUnit {
  readonly admins: readonly Administrator[]
  readonly available_seats_stats: readonly SeatStatistics[]
}

/** `POST /mpki/api/v1/business-unit` */
export interface BusinessUnitRequest {
  readonly name: string
  readonly account?: Reference
  /** Types that are not named have no limit. */
  readonly licensed_seats?: readonly {
    readonly seat_type: { readonly id: SeatTypeId }
    readonly count: number
  }[]
}

/** Item of the audit logs. */
export interface AuditEntry {
  readonly id: string
  readonly account: Reference
  /** Where the entry tells one. */
  readonly business_unit?: Reference
  readonly resource_type: string
  readonly resource_id: string
  readonly action: string
  /** Who did it, where it was not the server itself. */
  readonly user?: NamedReference
  readonly timestamp: string
  readonly description: string
  readonly status: 'success' | 'warning' | 'failure'
  readonly error_message?: string
  readonly request_id?: string
  /** Text that holds JSON. */
  readonly data: string
  readonly new_data?: string
}

/** What entries of the audit logs are chosen by. */
export interface AuditFilter {
  /** `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm:ssZ`, as `to`; 7 days before it unless given. */
  readonly from?: string
  readonly to?: string
  readonly resource_type?: string | readonly string[]
  readonly resource_id?: string
  /** Part of the name that the entry tells of its resource. */
  readonly resource_name?: string
  readonly seat_id?: string
  readonly seat_type_id?: SeatTypeId
  /** Part of the action. */
  readonly action?: string
  readonly status?: AuditEntry['status'] | readonly AuditEntry['status'][]
  /** Part of the name of whoever did it. */
  readonly user_name?: string
  readonly admin_id?: string
}

/** `GET /mpki/api/v1/audit-log`, `GET /account/api/v1/audit-log` */
export interface AuditQuery extends AuditFilter, SortedPageQuery {}

/** `POST /mpki/api/v1/certificate-owners` */
export interface CertificateOwnerRequest {
  readonly account_id: string
  readonly email: string
  /** The mail address unless given. */
  readonly name?: string
}

/** `PUT /mpki/api/v1/certificate-owners/{id}` */
export interface CertificateOwnerUpdate {
  readonly name?: string
  readonly email?: string
}

export interface CertificateOwner {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly email: string
  readonly created_at: string
}

/** `GET /mpki/api/v1/certificate-owners` */
export interface CertificateOwnerQuery extends SortedPageQuery {
  readonly account_id: string
}

/** `POST /mpki/api/v1/certificate-owners/assign`: these owners and no others. */
export interface OwnerAssignment {
  /** Ids, not serial numbers. */
  readonly certificate_ids: readonly string[]
  readonly cert_owner_ids: readonly string[]
}
