import type { NamedReference, PageQuery, Reference } from './paging.ts'

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
  readonly seat_name?: string
  readonly email?: string
  readonly phone?: string
  readonly seat_creation_date?: string
}

/** Finds one seat; the business unit is needed where the account has several. */
export interface SeatKey {
  readonly seat_type_id: SeatTypeId
  readonly business_unit_id?: string
}

/** `POST /mpki/api/v1/seat` */
export interface SeatRequest {
  readonly business_unit_id: string
  readonly seat_id: string
  /** `USER_SEAT` unless given. */
  readonly seat_type?: { readonly id: SeatTypeId }
  readonly seat_name?: string
  readonly email?: string
  readonly phone?: string
}

/** `PUT /mpki/api/v1/seat/{seat_id}` */
export type SeatUpdate = Partial<Omit<SeatRequest, 'seat_id'>>

export interface SeatQuery extends PageQuery {
  readonly seat_type?: SeatTypeId
  readonly active?: boolean
}

/** Item of `GET /mpki/api/v1/seat`. */
export interface SeatSummary {
  readonly id: string
  readonly identifier: string
  readonly seat_type_name: string
  readonly active: boolean
  readonly business_unit?: NamedReference
  readonly account?: Reference
}

/** Item of `GET /mpki/api/v1/seat-types`. */
export interface SeatType {
  readonly id: SeatTypeId
  readonly display_name: string
}
