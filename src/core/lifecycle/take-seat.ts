import type { AccountId, Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import type { BusinessUnit } from './business-unit.ts'
import { type Seat, seats } from './seat.ts'
import type { SeatType } from './seat-types.ts'

const mostOfOneId = 1_000

/** The seat of this id that is there. */
export function* findSeat(
  view: Pick<View, 'collection'>,
  account: AccountId,
  where: Pick<Seat, 'businessUnitId' | 'seatType' | 'seatId'>,
): Program<Seat | undefined> {
  const found = yield* view.collection(seats).withValue(account, 'live_seat_id', where.seatId, mostOfOneId)
  return found.find(
    ({ businessUnitId, seatType }) => businessUnitId === where.businessUnitId && seatType === where.seatType,
  )
}

/** What is said of a new seat. */
export type SeatRequest = Pick<Seat, 'seatType' | 'seatId' | 'name' | 'email' | 'phone'>

/**
 * Makes a seat in a unit that has one left.
 * @returns undefined when there is one of this id
 * @throws Fault seats_exhausted
 */
export function* insertSeat(
  transaction: Transaction,
  unit: BusinessUnit,
  request: SeatRequest,
  createdAt: Instant,
): Program<Seat | undefined> {
  const { accountId, id: businessUnitId } = unit
  yield* requireSeatLeft(transaction, unit, request.seatType)
  const seat: Seat = {
    ...request,
    id: yield* transaction.collection(seats).nextId(),
    accountId,
    businessUnitId,
    isActive: true,
    createdAt,
  }
  return (yield* transaction.collection(seats).insert(seat)) ? seat : undefined
}

/**
 * Whether a unit has room for one more. Two that take the last seat come one after the other.
 * @throws Fault seats_exhausted
 */
function* requireSeatLeft(transaction: Transaction, unit: BusinessUnit, seatType: SeatType): Program<void> {
  const licensed = unit.licensedSeats.find((each) => each.seatType === seatType)
  if (licensed === undefined) return
  yield* transaction.accounts.hold(unit.accountId)
  if ((yield* seatsTaken(transaction, unit, seatType)) >= licensed.count) {
    throw new Fault('seats_exhausted', { seatType })
  }
}

/**
 * Whether `takeSeat` has what to give, for whoever takes the seat only after something that cannot be taken back.
 * @throws Fault seats_exhausted
 */
export function* requireSeat(
  transaction: Transaction,
  unit: BusinessUnit,
  { seatId, seatType }: Pick<SeatRequest, 'seatId' | 'seatType'>,
): Program<void> {
  const where = { businessUnitId: unit.id, seatType, seatId }
  const present = yield* findSeat(transaction, unit.accountId, where)
  if (present === undefined) yield* requireSeatLeft(transaction, unit, seatType)
}

/** How many seats of a type a unit has. */
export function* seatsTaken(
  view: Pick<View, 'collection'>,
  { accountId, id }: BusinessUnit,
  seatType: SeatType,
): Program<number> {
  const { total } = yield* view.collection(seats).list({
    accountId,
    where: [
      { column: 'business_unit_id', is: 'any-of', values: [id] },
      { column: 'seat_type', is: 'any-of', values: [seatType] },
      { column: 'is_active', is: 'any-of', values: [1] },
    ],
    offset: 0,
    limit: 1,
  })
  return total
}

/** The seat of this id, made when it is not there: clients name seats that cannot exist yet. */
export function* takeSeat(
  transaction: Transaction,
  unit: BusinessUnit,
  request: SeatRequest,
  at: Instant,
): Program<Seat> {
  const where = { businessUnitId: unit.id, seatType: request.seatType, seatId: request.seatId }
  const present = yield* findSeat(transaction, unit.accountId, where)
  if (present !== undefined) return present
  const made = yield* insertSeat(transaction, unit, request, at)
  // Another request made it meanwhile.
  const seat = made ?? (yield* findSeat(transaction, unit.accountId, where))
  if (seat === undefined) throw new Fault('store_busy', { retryAfterMs: 1_000 })
  return seat
}
