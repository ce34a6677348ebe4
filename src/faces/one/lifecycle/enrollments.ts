import { setTimeout as pause } from 'node:timers/promises'
import { parseDay } from '../../../core/days.ts'
import { Fault } from '../../../core/faults.ts'
import { certificateProfiles } from '../../../core/lifecycle/certificate-profile.ts'
import { type Enrollment, enrollmentStatuses, enrollments } from '../../../core/lifecycle/enrollment.ts'
import { SHORTEST_ENROLLMENT_CODE } from '../../../core/lifecycle/enrollment-codes.ts'
import { enrollmentByCode, useCode } from '../../../core/lifecycle/find-by-code.ts'
import { createEnrollment, enrollmentById } from '../../../core/lifecycle/manage-enrollments.ts'
import { redeemEnrollment } from '../../../core/lifecycle/redeem-enrollment.ts'
import { inventoryItem, usableProfile, visibleUnit } from '../../../core/lifecycle/sight.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { DocumentReader } from '../../../core/store/document.ts'
import type { Program } from '../../../core/store/program.ts'
import { versionOf } from '../../../core/version.ts'
import type { Call } from '../call.ts'
import type { Query } from '../query.ts'
import type { Reader } from '../reader.ts'
import { created, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { recalledItem, requireOwners } from './certificates.ts'
import { delivered, deliveryOf, readDelivery } from './delivery.ts'
import { enrollmentView, profileNames, shownEnrollment } from './enrollment-view.ts'
import { fitToProfile, readIssueBody } from './issue-body.ts'
import { keptAttributes, promisedRequest } from './promised-attributes.ts'

type Column = keyof typeof enrollments.columns

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_ENROLLMENT' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_ENROLLMENT' } as const
const longestCode = 64

/** Certificates that are promised to whoever shows a code, and what became of them. */
export const enrollmentRoutes = [
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/enrollment',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const profileId = body.requiredId('profile', 'profile')
      const seat = body.object('seat')
      const seatId = seat.requiredText(seat.has('seat_id') ? 'seat_id' : 'id')
      const email = seat.email('email') ?? ''
      const code = body.text('enrollment_code', { longest: longestCode, shortest: SHORTEST_ENROLLMENT_CODE })
      const expiresAt = readExpiry(body)
      if (expiresAt !== undefined && expiresAt <= engine.clock.now()) {
        body.complain('member_past', 'expiry_date')
      }
      const attributes = keptAttributes(body, call.content)
      body.check()
      const profile = await engine.store.read((each) => usableProfile(each, member, profileId))
      const request = { seatId, email, attributes, code, expiresAt }
      const id = await call.once({
        run: (binding) => createEnrollment(engine, member, profile, request, caller, binding),
        recall: async (subject) => new DocumentReader(subject, 'enrollment').integer('enrollmentId'),
      })
      return created(await shownEnrollment(call, id))
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/enrollment/redeem',
    access: 'CREATE_EM_CERTIFICATE',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, body } = call
      const profileId = body.requiredId('profile', 'profile')
      const code = body.requiredText('enrollment_code', { longest: longestCode })
      // What the certificate says may stand beside the code or below it.
      const request = readIssueBody(body)
      const wanted = readDelivery(body)
      body.check()
      const profile = await engine.store.read((each) => usableProfile(each, member, profileId))
      const { seatId } = request.seat
      const requestFor = (promised: Enrollment) =>
        fitToProfile(promisedRequest(request, promised, profile), profile)
      const item = await call.once({
        async run(binding) {
          await requireOwners(call, request)
          const redemption = { profile, code, seatId, requestFor, pause }
          return await redeemEnrollment(engine, member, redemption, caller, binding)
        },
        recall: (subject) => recalledItem(call, subject),
      })
      return ok(await delivered(call, item, deliveryOf(wanted, profile.deliveryFormat)))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment/:code',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, query } = call
      const seatId = query.requiredText('seat_id')
      const shown = { code: call.pathText('code'), seatId, profileId: undefined }
      // Who is told codes anyway has nothing to guess.
      const enrollment = call.may('MANAGE_EM_ENROLLMENT')
        ? await engine.store.read((each) => enrollmentByCode(each, engine, member, shown))
        : await useCode(engine, member, shown, caller, asFound)
      if (enrollment === undefined) throw new Fault('object_unknown', { object: 'enrollment' })
      return ok(await shownEnrollment(call, enrollment.id), versionOf(enrollment))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment-details',
    tier: 'B',
    async handler(call) {
      const { query } = call
      const wanted = ['status', 'statuses'].flatMap((name) => query.choices(name, enrollmentStatuses))
      return await listed(call, [
        ...filtersOf(query),
        ...(wanted.length === 0 ? [] : [{ column: 'status', is: 'any-of', values: wanted } as const]),
      ])
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/report/enrollment-code',
    tier: 'C',
    async handler(call) {
      const { engine, member, query } = call
      const unitId = query.id('business_unit_id', 'business-unit')
      const profiles =
        unitId === undefined
          ? undefined
          : await engine.store.read(function* (each) {
              const { id, accountId } = yield* visibleUnit(each, member, unitId)
              return yield* each
                .collection(certificateProfiles)
                .withValue(accountId, 'business_unit_id', id, 1000)
            })
      return await listed(call, [
        ...filtersOf(query),
        ...(profiles === undefined
          ? []
          : [{ column: 'profile_id', is: 'any-of', values: profiles.map(({ id }) => id) } as const]),
        // Every code has a digest.
        { column: 'code_digest', is: 'between', from: '' },
      ])
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment-details/:id',
    tier: 'B',
    async handler(call) {
      const id = call.pathId('id', 'enrollment', 'enrollment')
      const enrollment = await call.engine.store.read((each) => enrollmentById(each, call.member, id))
      return ok(await shownEnrollment(call, id), versionOf(enrollment))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment/certificate/:certificate_id',
    tier: 'C',
    async handler(call) {
      const id = call.pathId('certificate_id', 'certificate', 'certificate')
      const item = await call.engine.store.read((each) => inventoryItem(each, call.member, id))
      if (item.enrollmentId === null) throw new Fault('object_unknown', { object: 'enrollment' })
      return ok(await shownEnrollment(call, item.enrollmentId))
    },
  }),
] as const

function* asFound(_: unknown, found: Enrollment): Program<Enrollment> {
  return found
}

function filtersOf(query: Query): readonly Condition<Column>[] {
  const profileId = query.id('profile_id', 'profile')
  const seatId = query.text('seat_id') ?? query.text('seat_identifier')
  return [
    ...(profileId === undefined
      ? []
      : [{ column: 'profile_id', is: 'any-of', values: [profileId] } as const]),
    ...(seatId === undefined ? [] : [{ column: 'seat_id', is: 'any-of', values: [seatId] } as const]),
  ]
}

async function listed(call: Call, where: readonly Condition<Column>[]) {
  const { engine, account, query } = call
  const window = query.window()
  const sort = query.sort<Column | 'id'>({ created_at: 'id', status: 'status', seat_id: 'seat_id' })
  const { items, total } = await engine.store.read((each) =>
    each.collection(enrollments).list({ accountId: account.id, where, sort, ...window }),
  )
  const names = await profileNames(call, items)
  return paged(
    items.map((each) => enrollmentView(call, each, names)),
    total,
    window,
  )
}

const dayMs = 86_400_000

/** `YYYY-MM-DD`, whole, or with ` HH:mm:ss`. */
function readExpiry(body: Reader): number | undefined {
  const written = body.text('expiry_date')
  if (written === undefined) return undefined
  const [day = '', time] = written.split(' ', 2)
  const start = parseDay(day)
  const isTime = time === undefined || /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time)
  if (start === undefined || !isTime) {
    body.complain('member_invalid', 'expiry_date')
    return undefined
  }
  return time === undefined ? start + dayMs - 1 : Date.parse(`${day}T${time}Z`)
}
