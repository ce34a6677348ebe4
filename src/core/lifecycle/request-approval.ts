import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import { tellEnrollment } from './enrollment-record.ts'
import { ENROLLMENT_LIFE_MS } from './enrollment-steps.ts'
import { type ProfileRequest, usableTemplate } from './issue-certificate.ts'

export interface WaitingRequest {
  readonly seat: Pick<ProfileRequest['seat'], 'seatId' | 'email'>
  /** As it came: it is read again when it is approved. */
  readonly received: string
  /** Id of the inventory certificate that it renews. */
  readonly renews: number | null
}

/**
 * Keeps a request until somebody decides on it.
 * @returns id of the enrollment that waits
 * @throws Fault certificate_profile_refused
 */
export function requestApproval(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  { seat, received, renews }: WaitingRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<number> {
  const { seatType } = usableTemplate(profile)
  return store.write(function* (transaction) {
    const at = clock.now()
    const enrollment: Enrollment = {
      id: yield* transaction.collection(enrollments).nextId(),
      accountId: account.id,
      profileId: profile.id,
      seatId: seat.seatId,
      seatType,
      email: seat.email,
      status: 'pending',
      codeDigest: null,
      codeSealed: null,
      badAttempts: 0,
      attributes: null,
      request: received,
      renews,
      lifetimeDays: null,
      inventoryId: null,
      claim: null,
      message: '',
      expiresAt: at + ENROLLMENT_LIFE_MS,
      createdAt: at,
    }
    yield* transaction.collection(enrollments).insert(enrollment)
    tellEnrollment(transaction, 'enrollment.created', enrollment, at, caller)
    yield* binding.bind(transaction, { enrollmentId: enrollment.id })
    return enrollment.id
  })
}
