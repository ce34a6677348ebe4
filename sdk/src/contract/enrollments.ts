import type { CertifiedNames, DeliveryFormat, IssueContents, Validity } from './certificates.ts'
import type { NamedReference, Reference, SortedPageQuery } from './paging.ts'
import type { SeatTypeId } from './seats.ts'

export type EnrollmentStatus =
  | 'created'
  | 'pending'
  | 'pending_second_approval'
  | 'in_progress'
  | 'expired'
  | 'approved'
  | 'rejected'
  | 'locked'
  | 'redeemed'

/** `POST /mpki/api/v1/enrollment` */
export interface EnrollmentRequest {
  readonly profile: Reference
  readonly seat: { readonly seat_id: string; readonly email?: string }
  /** What the certificate will say, whatever its redeemer asks for. */
  readonly attributes?: CertifiedNames & { readonly csr?: string; readonly validity?: Validity }
  /** 8 to 64 characters; made by the server unless given. */
  readonly enrollment_code?: string
  /** `YYYY-MM-DD`, also with ` HH:mm:ss`; in 10 days unless given. */
  readonly expiry_date?: string
}

export interface Enrollment {
  readonly id: string
  readonly status: EnrollmentStatus
  /** For those who may manage enrollments. */
  readonly enrollment_code?: string
  readonly seat_id: string
  readonly seat: { readonly seat_id: string; readonly seat_type: SeatTypeId }
  readonly email: string
  readonly profile_id: string
  readonly profile_name: string
  readonly profile: NamedReference
  /** The same as the creation and expiry below, in the spelling of one client. */
  readonly created_at: string
  readonly expires_at: string
  /** UTC without saying so, as all times here: `2022-03-30T11:34:25.834000`. */
  readonly creation_date_time: string
  readonly expiry_date_time: string
  readonly number_of_bad_attempts: number
  readonly message_to_user?: string
  readonly certificate_id?: string
}

export interface EnrollmentFilter {
  readonly profile_id?: string
  readonly seat_id?: string
}

/** `GET /mpki/api/v1/enrollment-details` */
export interface EnrollmentQuery extends EnrollmentFilter, SortedPageQuery {
  readonly status?: EnrollmentStatus
}

/** `GET /mpki/api/v1/report/enrollment-code` */
export interface EnrollmentCodeQuery extends EnrollmentFilter, SortedPageQuery {
  readonly business_unit_id?: string
}

/** `GET /mpki/api/v1/enrollment/{code}` */
export interface EnrollmentKey {
  readonly seat_id: string
}

/** `POST /mpki/api/v1/enrollment/redeem` */
export interface RedeemRequest extends IssueContents {
  readonly enrollment_code: string
  readonly delivery_format?: DeliveryFormat
  readonly include_ca_chain?: boolean
}

/** `POST /mpki/api/v1/manual-enrollment/renew/{id}` */
export interface ManualRenewal {
  readonly csr?: string
  readonly validity?: Validity
  readonly renewal_comment?: string
}

/** `PUT /mpki/api/v1/enrollment/{id}/status` */
export interface EnrollmentStatusChange {
  readonly new_status: EnrollmentStatus
  readonly message_to_user?: string
  readonly custom_validity_days?: number
}
