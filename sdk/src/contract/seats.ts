import type { RevocationReason } from './certificates.ts'
import type { NamedReference, Reference, SortedPageQuery } from './paging.ts'

export type SeatTypeId =
  | 'USER_SEAT'
  | 'DEVICE_SEAT'
  | 'SERVER_SEAT'
  | 'CERTIFICATE_MANAGEMENT_SEAT'
  | 'IMPORTED_SEAT'
  | 'DISCOVERY_SEAT'
  | 'ORGANIZATION_SEAT'

/** `GET /mpki/api/v1/seat/{seat_id}` */
export interface Seat {
  readonly seat_id: string
  readonly seat_name: string
  readonly email: string
  readonly phone: string
  readonly seat_creation_date: string
  readonly seat_type: { readonly id: SeatTypeId }
  readonly business_unit_id: string
}

/** Finds one seat; the business unit is needed where the account has several. */
export interface SeatKey {
  readonly seat_type_id: SeatTypeId
  readonly business_unit_id?: string
}

/** The seat, and why its certificates are revoked. */
export interface SeatDeletion extends SeatKey {
  /** `cessation_of_operation` unless given. */
  readonly revocation_reason?: RevocationReason
}

/** `POST /mpki/api/v1/seat` */
export interface SeatRequest {
  /** Needed where the account has several. */
  readonly business_unit_id?: string
  readonly seat_id: string
  /** `USER_SEAT` unless given. */
  readonly seat_type?: { readonly id: SeatTypeId }
  readonly seat_name?: string
  readonly email?: string
  readonly phone?: string
}

/** `PUT /mpki/api/v1/seat/{seat_id}`; type and business unit say which seat is meant, and stay. */
export interface SeatUpdate {
  readonly seat_type: { readonly id: SeatTypeId }
  readonly business_unit_id?: string
  readonly seat_name?: string
  readonly email?: string
  readonly phone?: string
}

export interface SeatQuery extends SortedPageQuery {
  readonly seat_type?: SeatTypeId
  readonly active?: boolean
  readonly business_unit_id?: string
}

/** Item of `GET /mpki/api/v1/seat`. */
export interface SeatSummary {
  readonly id: string
  readonly identifier: string
  readonly seat_type_name: SeatTypeId
  readonly active: boolean
  readonly business_unit: NamedReference
  readonly account: Reference
}

/** Item of `GET /mpki/api/v1/seat-types`. */
export interface SeatType {
  readonly id: SeatTypeId
  readonly display_name: string
}
