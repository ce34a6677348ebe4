import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { type SeatType, seatTypes } from './seat-types.ts'

/** Whoever or whatever has certificates: a licence is counted for each. */
export interface Seat {
  readonly id: number
  readonly accountId: AccountId
  readonly businessUnitId: number
  readonly seatType: SeatType
  /** The caller's own name for it, unique in business unit and type while the seat is there. */
  readonly seatId: string
  readonly name: string
  readonly email: string
  readonly phone: string
  /** False once it was deleted: its id is free then, and its certificates keep naming it. */
  readonly isActive: boolean
  readonly createdAt: Instant
}

const columns = {
  business_unit_id: 'integer',
  seat_type: 'text',
  seat_id: 'text',
  live_seat_id: 'text',
  is_active: 'flag',
} as const

export const seats = {
  name: 'seat',
  columns,
  unique: [['business_unit_id', 'seat_type', 'live_seat_id']],
  values: (seat) => ({
    business_unit_id: seat.businessUnitId,
    seat_type: seat.seatType,
    seat_id: seat.seatId,
    live_seat_id: seat.isActive ? seat.seatId : null,
    is_active: seat.isActive ? 1 : 0,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'seat')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      businessUnitId: read.integer('businessUnitId'),
      seatType: read.member('seatType', seatTypes),
      seatId: read.text('seatId'),
      name: read.text('name'),
      email: read.text('email'),
      phone: read.text('phone'),
      isActive: read.flag('isActive'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Seat, keyof typeof columns>
