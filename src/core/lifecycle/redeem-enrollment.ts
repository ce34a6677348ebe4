import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import {
  awaitClaim,
  type ClaimedEnrollment,
  claimEnrollment,
  issueClaimed,
  type Pause,
} from './enrollment-claim.ts'
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
  readonly pause: Pause
}

/**
 * Gives the certificate that was promised. A wrong code counts against every enrollment of the seat that waits; after
 * five it is locked. While another request redeems the same one, this one waits for what becomes of it.
 *
 * @throws Fault enrollment_code_wrong, enrollment_locked, ended for one that was redeemed or is over; store_busy
 *   while another request redeems it; what `issueFromProfile` and `requestFor` raise
 */
export async function redeemEnrollment(
  engine: Engine,
  by: Pick<Member, 'account'>,
  redemption: Redemption,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const { profile, requestFor, pause } = redemption
  const claimed = await awaitClaim(() => claimByCode(engine, by, redemption, caller), pause)
  return await issueClaimed(engine, by, claimed, caller, async (promise) => {
    const request = { ...requestFor(claimed.enrollment), ...promise }
    return await issueFromProfile(engine, by, profile, request, caller, binding)
  })
}

async function claimByCode(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  { profile, code, seatId }: Redemption,
  caller: Caller,
): Promise<ClaimedEnrollment | undefined> {
  const outcome = await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const found = yield* transaction
      .collection(enrollments)
      .withValue(account.id, 'seat_id', seatId, mostOfOneSeat)
    const candidates = found.filter(({ profileId }) => profileId === profile.id)
    const meant = candidates.find((each) => matchesCode(code, each.codeDigest))
    if (meant !== undefined) {
      const held = yield* holdEnrollment(transaction, { account }, meant.id)
      return yield* claimEnrollment(transaction, engine, held)
    }
    for (const each of candidates) {
      if (statusOfEnrollment(each, now) !== 'created') continue
      const held = yield* transaction.collection(enrollments).hold(account.id, each.id)
      if (held === undefined) continue
      const badAttempts = held.badAttempts + 1
      const status = badAttempts >= MOST_BAD_ATTEMPTS ? 'locked' : held.status
      yield* replaceEnrollment(transaction, { ...held, badAttempts, status }, now, caller)
    }
    return 'code-wrong'
  })
  // Thrown inside, it would take back that the wrong code was counted.
  if (outcome === 'code-wrong') throw new Fault('enrollment_code_wrong', {})
  return outcome
}
