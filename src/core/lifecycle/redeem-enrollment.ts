import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import { matchesCode } from './enrollment-codes.ts'
import { holdEnrollment, replaceEnrollment } from './enrollment-record.ts'
import { MOST_BAD_ATTEMPTS, statusOfEnrollment } from './enrollment-steps.ts'
import type { InventoryCertificate } from './inventory.ts'
import { issueFromProfile, type ProfileRequest } from './issue-certificate.ts'

const mostOfOneSeat = 100

/** What is asked for with a code. */
export interface Redemption {
  readonly profile: CertificateProfile
  readonly code: string
  readonly seatId: string
  /** The request, with what the enrollment says already. */
  readonly requestFor: (promised: Enrollment) => ProfileRequest
}

/**
 * Gives the certificate that was promised. A wrong code counts against every enrollment of the seat that waits; after
 * five it is locked.
 *
 * @throws Fault enrollment_code_wrong, enrollment_locked, ended for one that was redeemed or is over; what
 *   `issueFromProfile` and `requestFor` raise
 */
export async function redeemEnrollment(
  engine: Engine,
  by: Pick<Member, 'account'>,
  { profile, code, seatId, requestFor }: Redemption,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const promised = await claim(engine, by, profile, code, seatId, caller)
  const promise = promiseOf(engine, by, promised, caller)
  const request = { ...requestFor(promised), ...promise }
  return await issueFromProfile(engine, by, profile, request, caller, binding)
}

/**
 * What a request for the certificate of an enrollment says beside its own wishes.
 *
 * Of two requests for one enrollment at the same time the second one's certificate is closed: it is nobody's, and the
 * request raises Fault ended.
 */
export function promiseOf(
  { clock }: Pick<Engine, 'clock'>,
  by: Pick<Member, 'account'>,
  { id, lifetimeDays }: Pick<Enrollment, 'id' | 'lifetimeDays'>,
  caller: Caller,
): Required<Pick<ProfileRequest, 'enrollmentId' | 'whileRecording'>> &
  Pick<ProfileRequest, 'grantedLifetime'> {
  return {
    enrollmentId: id,
    ...(lifetimeDays !== null && { grantedLifetime: { unit: 'days', duration: lifetimeDays } }),
    *whileRecording(transaction, item) {
      const held = yield* holdEnrollment(transaction, by, id)
      if (held.status === 'redeemed' || held.inventoryId !== null) {
        throw new Fault('ended', { what: 'enrollment' })
      }
      const redeemed: Enrollment = { ...held, status: 'redeemed', inventoryId: item.id }
      yield* replaceEnrollment(transaction, redeemed, clock.now(), caller)
    },
  }
}

async function claim(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  code: string,
  seatId: string,
  caller: Caller,
): Promise<Enrollment> {
  const verdict = await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const found = yield* transaction
      .collection(enrollments)
      .withValue(account.id, 'seat_id', seatId, mostOfOneSeat)
    const candidates = found.filter(({ profileId }) => profileId === profile.id)
    const meant = candidates.find((each) => matchesCode(code, each.codeDigest))
    if (meant !== undefined) return { ...meant, status: statusOfEnrollment(meant, now) }
    for (const each of candidates) {
      if (statusOfEnrollment(each, now) !== 'created') continue
      const held = yield* transaction.collection(enrollments).hold(account.id, each.id)
      if (held === undefined) continue
      const badAttempts = held.badAttempts + 1
      const status = badAttempts >= MOST_BAD_ATTEMPTS ? 'locked' : held.status
      yield* replaceEnrollment(transaction, { ...held, badAttempts, status }, now, caller)
    }
    return undefined
  })
  if (verdict === undefined) throw new Fault('enrollment_code_wrong', {})
  if (verdict.status === 'locked') throw new Fault('enrollment_locked', {})
  if (verdict.status !== 'created' && verdict.status !== 'approved') {
    throw new Fault('ended', { what: 'enrollment' })
  }
  return verdict
}
