import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import type { Enrollment } from './enrollment.ts'
import {
  awaitClaim,
  type ClaimedEnrollment,
  claimEnrollment,
  issueClaimed,
  type Pause,
} from './enrollment-claim.ts'
import { holdEnrollment } from './enrollment-record.ts'
import { useCode } from './find-by-code.ts'
import type { InventoryCertificate } from './inventory.ts'
import { issueFromProfile, type ProfileRequest } from './issue-certificate.ts'

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
  by: Pick<Member, 'account'>,
  { profile, code, seatId }: Redemption,
  caller: Caller,
): Promise<ClaimedEnrollment | undefined> {
  const shown = { code, seatId, profileId: profile.id }
  const found = await useCode(engine, by, shown, caller, function* (transaction, { id }) {
    const held = yield* holdEnrollment(transaction, by, id)
    return { claimed: yield* claimEnrollment(transaction, engine, held) }
  })
  if (found === undefined) throw new Fault('enrollment_code_wrong', {})
  return found.claimed
}
