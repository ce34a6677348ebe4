import type { Validity } from './certificates.ts'
import type { Reference } from './paging.ts'

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
  readonly attributes?: Readonly<Record<string, unknown>>
  /** Made by the server unless given. */
  readonly enrollment_code?: string
  /** `YYYY-MM-DD`, also with ` HH:mm:ss`; in 10 days unless given. */
  readonly expiry_date?: string
}

export interface Enrollment {
  readonly id: string
  readonly status: EnrollmentStatus
  readonly enrollment_code: string
  readonly seat_id?: string
  readonly profile_id?: string
  readonly profile_name?: string
  /** Local time without a zone, as `expiry_date_time`. */
  readonly creation_date_time?: string
  readonly expiry_date_time?: string
  readonly number_of_bad_attempts?: number
}

/** `POST /mpki/api/v1/enrollment/redeem` */
export interface RedeemRequest {
  readonly seat: Reference
  readonly profile: Reference
  readonly enrollment_code: string
  readonly csr?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly validity?: Validity
}

/** `PUT /mpki/api/v1/enrollment/{id}/status` */
export interface EnrollmentStatusChange {
  readonly new_status: EnrollmentStatus
  readonly message_to_user?: string
  readonly custom_validity_days?: number
}
