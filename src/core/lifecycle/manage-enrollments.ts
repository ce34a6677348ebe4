import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { holdMasterKey } from '../keys/master-key.ts'
import type { OnceBinding } from '../limits/once.ts'
import { openShownSecret, sealShownSecret } from '../limits/shown-secret.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, type EnrollmentStatus, enrollments } from './enrollment.ts'
import { isClaimed } from './enrollment-claim.ts'
import { codeDigest, newEnrollmentCode } from './enrollment-codes.ts'
import { enrollmentObject, holdEnrollment, replaceEnrollment, tellEnrollment } from './enrollment-record.ts'
import { ENROLLMENT_LIFE_MS, mayStep, statusOfEnrollment } from './enrollment-steps.ts'
import { lifecycleTemplate } from './templates.ts'

export interface EnrollmentRequest {
  readonly seatId: string
  readonly email: string
  /** What the certificate is to say, as JSON text; null: whoever shows the code says it. */
  readonly attributes: string | null
  /** Of SHORTEST_ENROLLMENT_CODE characters at least; undefined: one is made. */
  readonly code: string | undefined
  /** Undefined: in ten days. */
  readonly expiresAt: Instant | undefined
}

/**
 * Promises a certificate to whoever shows the code.
 * @throws Fault certificate_profile_refused for a profile that asks for no codes
 */
export function createEnrollment(
  { clock, random, sealer, store }: Pick<Engine, 'clock' | 'random' | 'sealer' | 'store'>,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  request: EnrollmentRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<number> {
  const template = lifecycleTemplate(profile.templateId)
  if (profile.authenticationMethod !== 'enrollment_code' || profile.status !== 'Active') {
    throw new Fault('certificate_profile_refused', { reason: 'it takes no enrollment codes' })
  }
  if (template === undefined)
    throw new Fault('certificate_profile_refused', { reason: 'its template is gone' })
  return store.write(function* (transaction) {
    yield* holdMasterKey(transaction, sealer)
    const at = clock.now()
    const id = yield* transaction.collection(enrollments).nextId()
    const code = request.code ?? newEnrollmentCode(random)
    const enrollment: Enrollment = {
      id,
      accountId: account.id,
      profileId: profile.id,
      seatId: request.seatId,
      seatType: template.seatType,
      email: request.email,
      status: 'created',
      codeDigest: codeDigest(sealer, account.id, code),
      codeSealed: sealShownSecret(sealer, account.id, enrollmentObject(id), code),
      badAttempts: 0,
      attributes: request.attributes,
      request: null,
      renews: null,
      lifetimeDays: null,
      inventoryId: null,
      claim: null,
      message: '',
      expiresAt: request.expiresAt ?? at + ENROLLMENT_LIFE_MS,
      createdAt: at,
    }
    yield* transaction.collection(enrollments).insert(enrollment)
    tellEnrollment(transaction, 'enrollment.created', enrollment, at, caller)
    yield* binding.bind(transaction, { enrollmentId: id })
    return id
  })
}

/** The code of an enrollment; undefined where it has none or its time is long past. */
export function codeOf({ sealer }: Pick<Engine, 'sealer'>, enrollment: Enrollment): string | undefined {
  const { codeSealed, accountId, id } = enrollment
  if (codeSealed === null) return undefined
  try {
    return openShownSecret(sealer, accountId, enrollmentObject(id), codeSealed)
  } catch (error) {
    if (error instanceof Fault && error.code === 'ended') return undefined
    throw error
  }
}

/** @throws Fault object_unknown */
export function* enrollmentById(
  view: Pick<View, 'collection'>,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<Enrollment> {
  const found = yield* view.collection(enrollments).byId(account.id, id)
  if (found === undefined) throw new Fault('object_unknown', { object: 'enrollment' })
  return found
}

/** What somebody decided about an enrollment. */
export interface EnrollmentStep {
  readonly to: EnrollmentStatus
  /** To whoever asked. */
  readonly message: string
  /** How long its certificate is to last; wins over profile and request. Undefined: as before. */
  readonly lifetimeDays: number | undefined
}

/**
 * Moves an enrollment on, as somebody decided. One that is set back to created waits anew, with no wrong codes. One
 * that was approved, but whose certificate could not be issued then, can be approved again. While its certificate is
 * issued nothing is decided about it.
 *
 * @throws Fault object_unknown, version_conflict, enrollment_step_refused, store_busy
 */
export function stepEnrollment(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Pick<Member, 'account'>,
  id: number,
  { to, message, lifetimeDays }: EnrollmentStep,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<Enrollment> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const held = yield* holdEnrollment(transaction, by, id)
    requireVersion(held, expected)
    const from = statusOfEnrollment(held, at)
    const isTakenUp = from === 'approved' && to === 'approved' && held.request !== null
    if (!isTakenUp && !mayStep(from, to)) throw new Fault('enrollment_step_refused', { from, to })
    if (!isTakenUp && isClaimed(held, at)) throw new Fault('store_busy', { retryAfterMs: 1_000 })
    const isOpenAgain = to === 'created'
    const changed: Enrollment = {
      ...held,
      status: to,
      message,
      lifetimeDays: lifetimeDays ?? held.lifetimeDays,
      badAttempts: isOpenAgain ? 0 : held.badAttempts,
      expiresAt: isOpenAgain ? Math.max(held.expiresAt, at + ENROLLMENT_LIFE_MS) : held.expiresAt,
    }
    yield* replaceEnrollment(transaction, changed, at, caller)
    return changed
  })
}
