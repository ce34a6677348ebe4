import { type BusinessUnit, businessUnits } from '../../../core/lifecycle/business-unit.ts'
import { createUnit, deleteUnit } from '../../../core/lifecycle/manage-units.ts'
import { seatTypes } from '../../../core/lifecycle/seat-types.ts'
import { visibleUnit } from '../../../core/lifecycle/sight.ts'
import { seatsTaken } from '../../../core/lifecycle/take-seat.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { versionOf } from '../../../core/version.ts'
import { administratorsOf } from '../account/administrators.ts'
import { type Call, madeId } from '../call.ts'
import { uuidOf } from '../ids.ts'
import type { Reader } from '../reader.ts'
import { created, done, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { dateTime } from './certificate-view.ts'

type Column = keyof typeof businessUnits.columns

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_BUSINESS_UNIT' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_BUSINESS_UNIT', tier: 'B' } as const
const present: Condition<Column> = { column: 'is_active', is: 'any-of', values: [1] }
const mostSeats = 1_000_000

export const businessUnitRoutes = [
  defineRoute({
    ...view,
    path: '/v1/business-unit',
    tier: 'A',
    async handler(call) {
      const { engine, account, query } = call
      const window = query.window()
      const { items, total } = await engine.store.read((each) =>
        each.collection(businessUnits).list({
          accountId: account.id,
          where: [present],
          sort: query.sort<Column>({ name: 'name_key' }),
          ...window,
        }),
      )
      return paged(
        items.map((unit) => unitView(call, unit)),
        total,
        window,
      )
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/business-unit',
    async handler(call) {
      const { engine, member, caller, body } = call
      const name = body.requiredText('name', { longest: 128 })
      const licensedSeats = readLicensedSeats(body)
      body.check()
      const unit = await call.once({
        run: (binding) => createUnit(engine, member, { name, licensedSeats }, caller, binding),
        recall: async (subject) =>
          await engine.store.read((each) => visibleUnit(each, member, madeId(subject))),
      })
      return created(unitView(call, unit))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/business-unit/:id',
    tier: 'B',
    async handler(call) {
      const unit = await meant(call)
      return ok(
        {
          ...unitView(call, unit),
          admins: await administratorsOf(call),
          available_seats_stats: await seatsOf(call, unit),
        },
        versionOf(unit),
      )
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/v1/business-unit/:id',
    async handler(call) {
      const { engine, member, caller } = call
      await deleteUnit(engine, member, call.idInPath('id', 'business-unit'), call.expectedVersions, caller)
      return done
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/business-unit/:id/licensed-seats',
    tier: 'C',
    handler: async (call) => ok(await seatsOf(call, await meant(call))),
  }),
  defineRoute({
    ...view,
    path: '/v1/business-unit/:id/admin',
    tier: 'C',
    async handler(call) {
      await meant(call)
      return ok(await administratorsOf(call))
    },
  }),
] as const

/** One that is malformed, absent or of another account is answered alike. */
async function meant(call: Call<'id'>): Promise<BusinessUnit> {
  const id = call.idInPath('id', 'business-unit')
  return await call.engine.store.read((each) => visibleUnit(each, call.member, id))
}

function unitView({ account }: Call, { id, name, isActive, createdAt }: BusinessUnit) {
  return {
    id: uuidOf('business-unit', id),
    name,
    active: isActive,
    created_at: dateTime(createdAt),
    account: { id: uuidOf('account', account.id), name: account.name },
  }
}

/** How many seats of each type are licensed, taken and left; where nothing is said there is no limit. */
async function seatsOf({ engine }: Call, unit: BusinessUnit) {
  const taken = await engine.store.read(function* (each) {
    const counts: number[] = []
    for (const seatType of seatTypes) counts.push(yield* seatsTaken(each, unit, seatType))
    return counts
  })
  return seatTypes.map((seatType, place) => {
    const licensed = unit.licensedSeats.find((each) => each.seatType === seatType)?.count ?? mostSeats
    const used = taken[place] ?? 0
    return {
      seat_type: { id: seatType },
      licensed_seats: licensed,
      used_seats: used,
      available_seats: Math.max(0, licensed - used),
    }
  })
}

/** `[{seat_type: {id}, count}]` */
function readLicensedSeats(body: Reader): BusinessUnit['licensedSeats'] {
  return body.objects('licensed_seats').map((each) => ({
    seatType: each.object('seat_type').requiredChoice('id', seatTypes),
    count: each.requiredInteger('count', 0, mostSeats),
  }))
}
