import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { CertificateId, Instant } from '../brand.ts'
import { changeStatus } from '../certificates/change-status.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import type { BusinessUnit } from './business-unit.ts'
import { type RevocationReasonName, revocationReasons } from './change-certificate.ts'
import { inventory } from './inventory.ts'
import { type Seat, seats } from './seat.ts'
import { unitOf } from './sight.ts'
import { findSeat, insertSeat, type SeatRequest } from './take-seat.ts'

/** How a caller names a seat. */
export type SeatName = Pick<Seat, 'seatType' | 'seatId'> & { readonly businessUnitId: number | undefined }

/** @throws Fault object_unknown, business_unit_unknown, parameter_missing (`business_unit_id`) */
export function* seatByName(
  view: Pick<View, 'collection'>,
  by: Pick<Member, 'account'>,
  name: SeatName,
): Program<{ readonly seat: Seat; readonly unit: BusinessUnit }> {
  const unit = yield* unitOf(view, by, name.businessUnitId)
  const seat = yield* findSeat(view, by.account.id, { ...name, businessUnitId: unit.id })
  if (seat === undefined) throw new Fault('object_unknown', { object: 'seat' })
  return { seat, unit }
}

/** @throws Fault object_unknown */
export function* seatById(
  view: Pick<View, 'collection'>,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<Seat> {
  const seat = yield* view.collection(seats).byId(account.id, id)
  if (seat === undefined) throw new Fault('object_unknown', { object: 'seat' })
  return seat
}

/** @throws Fault name_taken, seats_exhausted, business_unit_unknown, parameter_missing (`business_unit_id`) */
export function createSeat(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  businessUnitId: number | undefined,
  request: SeatRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<Seat> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const unit = yield* unitOf(transaction, by, businessUnitId)
    const seat = yield* insertSeat(transaction, unit, request, at)
    if (seat === undefined) throw new Fault('name_taken', { parameter: 'seat_id', name: request.seatId })
    tell(transaction, 'seat.created', seat, at, caller)
    yield* binding.bind(transaction, { id: seat.id })
    return seat
  })
}

/** @throws Fault object_unknown, version_conflict, business_unit_unknown, parameter_missing */
export function changeSeat(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Member,
  name: SeatName,
  changes: Partial<Pick<Seat, 'name' | 'email' | 'phone'>>,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* holdSeat(transaction, by, name)
    requireVersion(held, expected)
    const seat: Seat = { ...held, ...changes }
    yield* transaction.collection(seats).replace(seat)
    tell(transaction, 'seat.changed', seat, clock.now(), caller)
  })
}

const revokedAtOnce = 100

/**
 * Takes a seat away: its id is free, and its certificates are revoked. Who asks again after a failure half way carries
 * on where it stopped, because the seat goes last.
 *
 * @throws Fault object_unknown, version_conflict, business_unit_unknown, parameter_missing; what `changeStatus` raises
 */
export async function deleteSeat(
  engine: Engine,
  by: Member,
  name: SeatName,
  reason: RevocationReasonName,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  const { seat } = await engine.store.read((view) => seatByName(view, by, name))
  requireVersion(seat, expected)
  const ended = new Set<CertificateId>()
  for (;;) {
    const left = await engine.store.write(function* (transaction) {
      const held = yield* holdSeat(transaction, by, name)
      const limit = ended.size + revokedAtOnce
      const valid = yield* validCertificatesOf(transaction, held, engine.clock.now(), limit)
      const others = valid.filter((each) => !ended.has(each))
      if (others.length > 0) return others
      yield* transaction.collection(seats).replace({ ...held, isActive: false })
      tell(transaction, 'seat.deleted', held, engine.clock.now(), caller)
      return []
    })
    if (left.length === 0) return
    for (const certificateId of left) {
      await changeStatus(
        engine,
        { accountId: by.account.id, certificateId, to: 'revoked', reason: revocationReasons[reason] },
        caller,
      )
      ended.add(certificateId)
    }
  }
}

/** At most `limit` certificates of a seat that were issued here and are neither revoked nor over. */
function* validCertificatesOf(
  view: Pick<View, 'collection'>,
  { id, accountId }: Seat,
  now: Instant,
  limit: number,
): Program<readonly CertificateId[]> {
  const { items } = yield* view.collection(inventory).list({
    accountId,
    where: [
      { column: 'seat_id', is: 'any-of', values: [id] },
      { column: 'certificate_id', is: 'between', from: 1 },
      { column: 'status', is: 'none-of', values: ['revoked'] },
      { column: 'not_after', is: 'between', from: now },
    ],
    offset: 0,
    limit,
  })
  return items.flatMap(({ certificateId }) => certificateId ?? [])
}

function* holdSeat(transaction: Transaction, by: Member, name: SeatName): Program<Seat> {
  const { seat } = yield* seatByName(transaction, by, name)
  const held = yield* transaction.collection(seats).hold(by.account.id, seat.id)
  if (held?.isActive !== true) throw new Fault('object_unknown', { object: 'seat' })
  return held
}

function tell(
  transaction: Transaction,
  action: 'seat.created' | 'seat.changed' | 'seat.deleted',
  { id, accountId, businessUnitId, seatType, seatId, name, email }: Seat,
  at: number,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action,
    at,
    actor,
    accountId,
    object: `seat:${id}`,
    requestId,
    detail: { businessUnit: businessUnitId, type: seatType, seatId, name, email },
  })
}
