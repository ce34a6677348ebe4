import { isFault } from '../../../core/faults.ts'
import { businessUnits } from '../../../core/lifecycle/business-unit.ts'
import { type RevocationReasonName, revocationReasons } from '../../../core/lifecycle/change-certificate.ts'
import {
  changeSeat,
  createSeat,
  deleteSeat,
  type SeatName,
  seatById,
  seatByName,
} from '../../../core/lifecycle/manage-seats.ts'
import { type Seat, seats } from '../../../core/lifecycle/seat.ts'
import { type SeatType, seatTypes } from '../../../core/lifecycle/seat-types.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { versionOf } from '../../../core/version.ts'
import { type Call, madeId } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { refuseParameter } from '../refusal.ts'
import { created, done, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { dateTime } from './certificate-view.ts'

type Column = keyof typeof seats.columns

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_SEAT' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_SEAT' } as const
const reasonNames = Object.keys(revocationReasons) as readonly RevocationReasonName[]

const displayNames: { readonly [T in SeatType]: string } = {
  USER_SEAT: 'User seat',
  DEVICE_SEAT: 'Device seat',
  SERVER_SEAT: 'Server seat',
  CERTIFICATE_MANAGEMENT_SEAT: 'Certificate management seat',
  IMPORTED_SEAT: 'Imported seat',
  DISCOVERY_SEAT: 'Discovery seat',
  ORGANIZATION_SEAT: 'Organization seat',
}

export const seatRoutes = [
  defineRoute({
    ...view,
    path: '/v1/seat-types',
    tier: 'B',
    handler: () => ok(seatTypes.map((id) => ({ id, display_name: displayNames[id] }))),
  }),
  defineRoute({
    ...view,
    path: '/v1/seat',
    tier: 'B',
    async handler(call) {
      const { engine, account, query } = call
      const window = query.window()
      const seatType = query.choice('seat_type', seatTypes)
      const isActive = query.flag('active')
      const unit = query.id('business_unit_id', 'business-unit')
      const where: Condition<Column>[] = []
      if (seatType !== undefined) where.push({ column: 'seat_type', is: 'any-of', values: [seatType] })
      if (isActive !== undefined)
        where.push({ column: 'is_active', is: 'any-of', values: [isActive ? 1 : 0] })
      if (unit !== undefined) where.push({ column: 'business_unit_id', is: 'any-of', values: [unit] })
      const sort = query.sort<Column>({ identifier: 'seat_id', seat_type_name: 'seat_type' })
      const { items, total, units } = await engine.store.read(function* (each) {
        const found = yield* each.collection(seats).list({ accountId: account.id, where, sort, ...window })
        const ids = [...new Set(found.items.map(({ businessUnitId }) => businessUnitId))]
        return { ...found, units: yield* each.collection(businessUnits).byIds(account.id, ids) }
      })
      const names = new Map(units.map(({ id, name }) => [id, name]))
      return paged(
        items.map((seat) => ({
          id: uuidOf('seat', seat.id),
          identifier: seat.seatId,
          seat_type_name: seat.seatType,
          active: seat.isActive,
          business_unit: {
            id: uuidOf('business-unit', seat.businessUnitId),
            name: names.get(seat.businessUnitId) ?? '',
          },
          account: { id: uuidOf('account', account.id) },
        })),
        total,
        window,
      )
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/seat',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const unit = body.id('business_unit_id', 'business-unit')
      const seatId = body.requiredText('seat_id')
      const request = {
        seatId,
        seatType: body.object('seat_type').choice('id', seatTypes) ?? 'USER_SEAT',
        name: body.text('seat_name') ?? seatId,
        email: body.email('email') ?? '',
        phone: body.text('phone', { longest: 64 }) ?? '',
      } as const
      body.check()
      const seat = await call.once({
        run: (binding) => createSeat(engine, member, unit, request, caller, binding),
        recall: async (subject) => await engine.store.read((each) => seatById(each, member, madeId(subject))),
      })
      return created(seatView(seat))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/seat/:seat_id',
    tier: 'A',
    async handler(call) {
      const { engine, member } = call
      const { seat } = await namedByQuery(() =>
        engine.store.read((each) => seatByName(each, member, nameOf(call))),
      )
      return ok(seatView(seat), versionOf(seat))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/v1/seat/:seat_id',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, body } = call
      const name = body.text('seat_name')
      const email = body.email('email')
      const phone = body.text('phone', { longest: 64 })
      const seatType = body.object('seat_type').choice('id', seatTypes) ?? 'USER_SEAT'
      const unit = body.id('business_unit_id', 'business-unit')
      body.check()
      await changeSeat(
        engine,
        member,
        nameOf(call, seatType, unit),
        {
          ...(name !== undefined && { name }),
          ...(email !== undefined && { email }),
          ...(phone !== undefined && { phone }),
        },
        call.expectedVersions,
        caller,
      )
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/v1/seat/:seat_id',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, query } = call
      const reason =
        query.choice('revocation_reason', reasonNames) ??
        ('cessation_of_operation' satisfies RevocationReasonName)
      await namedByQuery(() =>
        deleteSeat(engine, member, nameOf(call), reason, call.expectedVersions, caller),
      )
      return done
    },
  }),
] as const

/**
 * How a path and its query name a seat; type and unit may stand in the body of a change as well, which is about the
 * seat of a user where neither names a type.
 * @throws Refusal parameter_missing
 */
function nameOf(call: Call<'seat_id'>, typeInBody?: SeatType, unitInBody?: number): SeatName {
  const seatType = call.query.choice('seat_type_id', seatTypes) ?? typeInBody
  if (seatType === undefined) throw refuseParameter('parameter_missing', 'seat_type_id')
  const businessUnitId = call.query.id('business_unit_id', 'business-unit') ?? unitInBody
  return { seatId: call.pathText('seat_id'), seatType, businessUnitId }
}

/** What is missing where there is no body is missing in the query. @throws Refusal parameter_missing */
async function namedByQuery<Result>(run: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (!isFault(error, 'parameter_missing')) throw error
    throw refuseParameter('parameter_missing', error.detail.parameter)
  }
}

function seatView(seat: Seat) {
  return {
    seat_id: seat.seatId,
    seat_name: seat.name,
    email: seat.email,
    phone: seat.phone,
    seat_creation_date: dateTime(seat.createdAt),
    seat_type: { id: seat.seatType },
    business_unit_id: uuidOf('business-unit', seat.businessUnitId),
  }
}
