import { parseDay } from '../../../core/accounts/api-key.ts'
import { Fault } from '../../../core/faults.ts'
import { certificateProfiles } from '../../../core/lifecycle/certificate-profile.ts'
import { type Enrollment, enrollmentStatuses, enrollments } from '../../../core/lifecycle/enrollment.ts'
import { codeDigest } from '../../../core/lifecycle/enrollment-codes.ts'
import { statusOfEnrollment } from '../../../core/lifecycle/enrollment-steps.ts'
import {
  codeOf,
  createEnrollment,
  enrollmentById,
  issueApproved,
  redeemEnrollment,
  stepEnrollment,
} from '../../../core/lifecycle/manage-enrollments.ts'
import { inventoryItem, visibleProfile } from '../../../core/lifecycle/sight.ts'
import type { Condition } from '../../../core/store/collection.ts'
import { DocumentReader } from '../../../core/store/document.ts'
import { versionOf } from '../../../core/version.ts'
import { membersOf } from '../body.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { Reader } from '../reader.ts'
import { created, done, type Members, ok, paged } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { recalledItem } from './certificates.ts'
import { delivered, deliveryOf, readDelivery } from './delivery.ts'
import { fitToProfile, readIssueBody } from './issue-body.ts'

type Column = keyof typeof enrollments.columns

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_ENROLLMENT' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_ENROLLMENT' } as const
const longestCode = 64

/** Certificates that are promised: to whoever shows a code, or once somebody approves. */
export const enrollmentRoutes: readonly Route[] = [
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
      const code = body.text('enrollment_code', { longest: longestCode })
      const expiresAt = readExpiry(body)
      if (expiresAt !== undefined && expiresAt <= engine.clock.now()) {
        body.complain('member_invalid', 'expiry_date')
      }
      body.check()
      const profile = await engine.store.read((each) => visibleProfile(each, member, profileId))
      const request = { seatId, email, code, expiresAt }
      const id = await call.once({
        run: (binding) => createEnrollment(engine, member, profile, request, caller, binding),
        recall: async (subject) => new DocumentReader(subject, 'enrollment').integer('enrollmentId'),
      })
      return created(await shown(call, id))
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
      const profile = await engine.store.read((each) => visibleProfile(each, member, profileId))
      const fitted = fitToProfile(request, profile)
      const item = await call.once({
        run: (binding) =>
          redeemEnrollment(engine, member, { profile, code, request: fitted }, caller, binding),
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
      const { engine, account, query } = call
      const seatId = query.requiredText('seat_id')
      const found = await engine.store.read((each) =>
        each
          .collection(enrollments)
          .withValue(account.id, 'code_digest', codeDigest(call.pathText('code')), 100),
      )
      const enrollment = found.find((each) => each.seatId === seatId)
      if (enrollment === undefined) throw new Fault('object_unknown', { object: 'enrollment' })
      return ok(await shown(call, enrollment.id), versionOf(enrollment))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment-details',
    tier: 'B',
    async handler(call) {
      const { engine, account, query } = call
      call.checkAccount()
      const window = query.window()
      const status = query.choice('status', enrollmentStatuses)
      const profileId = query.id('profile_id', 'profile')
      const seatId = query.text('seat_id')
      const where: Condition<Column>[] = []
      if (status !== undefined) where.push({ column: 'status', is: 'any-of', values: [status] })
      if (profileId !== undefined) where.push({ column: 'profile_id', is: 'any-of', values: [profileId] })
      if (seatId !== undefined) where.push({ column: 'seat_id', is: 'any-of', values: [seatId] })
      const { items, total } = await engine.store.read((each) =>
        each.collection(enrollments).list({ accountId: account.id, where, ...window }),
      )
      const names = await profileNames(call, items)
      return paged(
        items.map((each) => enrollmentView(call, each, names)),
        total,
        window,
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/enrollment-details/:id',
    tier: 'B',
    async handler(call) {
      const id = call.pathId('id', 'enrollment', 'enrollment')
      const enrollment = await call.engine.store.read((each) => enrollmentById(each, call.member, id))
      return ok(await shown(call, id), versionOf(enrollment))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/v1/enrollment/:code/status',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, body } = call
      const id = idOf(call)
      const status = body.requiredChoice('new_status', enrollmentStatuses)
      const message = body.text('message_to_user', { multiline: true }) ?? ''
      body.integer('custom_validity_days', 1, 36_500)
      body.check()
      const enrollment = await engine.store.read((each) => enrollmentById(each, member, id))
      await stepEnrollment(engine, member, id, status, message, call.expectedVersions, caller)
      if (status === 'approved' && enrollment.request !== null) await issueWaiting(call, enrollment)
      return done
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
      return ok(await shown(call, item.enrollmentId))
    },
  }),
]

/** The certificate of a request that waited for approval, read again as it came. */
async function issueWaiting(call: Call, enrollment: Enrollment): Promise<void> {
  const { engine, member, caller, options } = call
  const content = options.parseJson(Buffer.from(enrollment.request ?? '{}'))
  const request = readIssueBody(new Reader(membersOf(content, true)))
  const profile = await engine.store.read((each) => visibleProfile(each, member, enrollment.profileId))
  await issueApproved(engine, member, profile, enrollment, fitToProfile(request, profile), caller)
}

/** An enrollment, or the request that waits as one. */
function idOf(call: Call<'code'>): number {
  const asRequest = call.idInPath('code', 'request')
  return asRequest > 0 ? asRequest : call.pathId('code', 'enrollment', 'enrollment')
}

async function shown(call: Call, id: number): Promise<Members> {
  const enrollment = await call.engine.store.read((each) => enrollmentById(each, call.member, id))
  return enrollmentView(call, enrollment, await profileNames(call, [enrollment]))
}

async function profileNames(
  { engine, account }: Call,
  items: readonly Enrollment[],
): Promise<ReadonlyMap<number, string>> {
  const ids = [...new Set(items.map(({ profileId }) => profileId))]
  const found = await engine.store.read((each) => each.collection(certificateProfiles).byIds(account.id, ids))
  return new Map(found.map(({ id, name }) => [id, name]))
}

function enrollmentView(call: Call, enrollment: Enrollment, names: ReadonlyMap<number, string>): Members {
  return {
    id: uuidOf('enrollment', enrollment.id),
    seat_id: enrollment.seatId,
    profile_id: uuidOf('profile', enrollment.profileId),
    profile_name: names.get(enrollment.profileId) ?? '',
    // Whoever only looks is not told what others redeem.
    enrollment_code: call.may('MANAGE_EM_ENROLLMENT') ? codeOf(call.engine, enrollment) : undefined,
    creation_date_time: localTime(enrollment.createdAt),
    expiry_date_time: localTime(enrollment.expiresAt),
    status: statusOfEnrollment(enrollment, call.engine.clock.now()),
    number_of_bad_attempts: enrollment.badAttempts,
    message_to_user: enrollment.message === '' ? undefined : enrollment.message,
    certificate_id:
      enrollment.inventoryId === null ? undefined : uuidOf('certificate', enrollment.inventoryId),
  }
}

/** `2022-03-30T11:34:25.834000`, without a zone; it is UTC. */
function localTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000`
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
