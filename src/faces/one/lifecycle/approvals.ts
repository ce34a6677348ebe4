import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../../../core/faults.ts'
import type { CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import { type Enrollment, enrollmentStatuses } from '../../../core/lifecycle/enrollment.ts'
import { awaitClaim, claimEnrollment, issueClaimed } from '../../../core/lifecycle/enrollment-claim.ts'
import { holdEnrollment } from '../../../core/lifecycle/enrollment-record.ts'
import {
  checkProfileRequest,
  issueFromProfile,
  keySourceOf,
} from '../../../core/lifecycle/issue-certificate.ts'
import { stepEnrollment } from '../../../core/lifecycle/manage-enrollments.ts'
import { renewFromProfile, requireRenewable } from '../../../core/lifecycle/renew-certificate.ts'
import { seats } from '../../../core/lifecycle/seat.ts'
import { inventoryItem, usableProfile, visibleProfile } from '../../../core/lifecycle/sight.ts'
import { unbound } from '../../../core/limits/once.ts'
import { membersOf } from '../body.ts'
import type { Call } from '../call.ts'
import { Reader } from '../reader.ts'
import { created, done } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { presentOwners, requireOwners } from './certificates.ts'
import { shownEnrollment } from './enrollment-view.ts'
import { fitToProfile, readCsr, readIssueBody, readLifetime } from './issue-body.ts'
import { waitForApproval } from './waiting-request.ts'

const ask = { api: 'mpki', method: 'POST', access: 'CREATE_EM_CERTIFICATE', tier: 'C' } as const
const longestLifetimeDays = 36_500

/** Requests that wait until somebody approves them, and what is decided about them. */
export const approvalRoutes = [
  defineRoute({
    ...ask,
    path: '/v1/manual-enrollment',
    async handler(call) {
      const { engine, member, caller, body } = call
      const profileId = body.requiredId('profile', 'profile')
      const request = readIssueBody(body)
      body.check()
      const profile = await engine.store.read((view) => usableProfile(view, member, profileId))
      requireManualProfile(profile)
      await requireOwners(call, request)
      const fitted = fitToProfile(request, profile)
      const waiting = { seat: fitted.seat, received: call.receivedText, renews: null }
      const id = await waitForApproval(call, profile, waiting, () =>
        checkProfileRequest(engine, member, profile, fitted, caller),
      )
      return created(await shownEnrollment(call, id))
    },
  }),
  defineRoute({
    ...ask,
    path: '/v1/manual-enrollment/renew/:id',
    body: 'optional',
    async handler(call) {
      const { engine, member, body } = call
      const renewal = readRenewal(body)
      body.check()
      const itemId = call.pathId('id', 'certificate', 'certificate')
      const { item, held } = await engine.store.read(function* (view) {
        const item = yield* inventoryItem(view, member, itemId)
        const { accountId, seatId } = item
        return {
          item,
          held: seatId === null ? undefined : yield* view.collection(seats).byId(accountId, seatId),
        }
      })
      const { profileId } = item
      if (profileId === null) throw new Fault('certificate_profile_refused', { reason: 'it has no profile' })
      const profile = await engine.store.read((view) => usableProfile(view, member, profileId))
      requireManualProfile(profile)
      requireRenewable(profile, item, engine.clock.now())
      const seat = { seatId: held?.seatId ?? item.commonName, email: held?.email ?? '' }
      const received = call.receivedText === '' ? '{}' : call.receivedText
      const id = await waitForApproval(call, profile, { seat, received, renews: item.id }, () => {
        keySourceOf(profile, renewal)
      })
      return created(await shownEnrollment(call, id))
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'PUT',
    path: '/v1/enrollment/:code/status',
    access: 'MANAGE_EM_ENROLLMENT',
    tier: 'B',
    async handler(call) {
      const { engine, member, caller, body } = call
      const asRequest = call.idInPath('code', 'request')
      const id = asRequest > 0 ? asRequest : call.pathId('code', 'enrollment', 'enrollment')
      const to = body.requiredChoice('new_status', enrollmentStatuses)
      const message = body.text('message_to_user', { multiline: true }) ?? ''
      const lifetimeDays = body.integer('custom_validity_days', 1, longestLifetimeDays)
      body.check()
      const step = { to, message, lifetimeDays }
      const enrollment = await stepEnrollment(engine, member, id, step, call.expectedVersions, caller)
      if (to === 'approved' && enrollment.request !== null) await issueWaiting(call, enrollment)
      return done
    },
  }),
] as const

/** The certificate of a request that waited, read again as it came. */
async function issueWaiting(call: Call, enrollment: Enrollment): Promise<void> {
  const { engine, member, caller, options } = call
  const body = new Reader(membersOf(options.parseJson(Buffer.from(enrollment.request ?? '{}')), true))
  const { renews, profileId } = enrollment
  const { profile, item } = await engine.store.read(function* (view) {
    return {
      profile: yield* visibleProfile(view, member, profileId),
      item: renews === null ? undefined : yield* inventoryItem(view, member, renews),
    }
  })
  const claimed = await awaitClaim(
    () =>
      engine.store.write(function* (transaction) {
        const held = yield* holdEnrollment(transaction, member, enrollment.id)
        return yield* claimEnrollment(transaction, engine, held)
      }),
    pause,
  )
  await issueClaimed(engine, member, claimed, caller, async (promise) => {
    if (item === undefined) {
      const asked = readIssueBody(body)
      // Whoever approves cannot mend the request, so an owner who was deleted while it waited is left out.
      const ownerIds = await presentOwners(call, asked.ownerIds)
      const request = { ...fitToProfile({ ...asked, ownerIds }, profile), ...promise }
      await issueFromProfile(engine, member, profile, request, caller, unbound)
      return
    }
    const renewal = { ...readRenewal(body), promise }
    await renewFromProfile(engine, member, profile, item, renewal, caller, unbound)
  })
}

function readRenewal(body: Reader) {
  return {
    csr: readCsr(body),
    lifetime: readLifetime(body),
    comment: body.text(body.has('renewal_comment') ? 'renewal_comment' : 'comments') ?? '',
  }
}

/** @throws Fault certificate_profile_refused */
function requireManualProfile({ authenticationMethod }: CertificateProfile): void {
  if (authenticationMethod === 'manual_approval') return
  throw new Fault('certificate_profile_refused', { reason: `its method is ${authenticationMethod}` })
}
