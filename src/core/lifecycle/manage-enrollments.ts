import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { holdMasterKey } from '../keys/master-key.ts'
import type { OnceBinding } from '../limits/once.ts'
import { openShownSecret, sealShownSecret } from '../limits/shown-secret.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, type EnrollmentStatus, enrollments } from './enrollment.ts'
import { codeDigest, matchesCode, newEnrollmentCode } from './enrollment-codes.ts'
import { ENROLLMENT_LIFE_MS, MOST_BAD_ATTEMPTS, mayStep, statusOfEnrollment } from './enrollment-steps.ts'
import type { InventoryCertificate } from './inventory.ts'
import { issueFromProfile, type ProfileRequest } from './issue-certificate.ts'
import { lifecycleTemplate } from './templates.ts'

export interface EnrollmentRequest {
  readonly seatId: string
  readonly email: string
  /** Undefined: one is made. */
  readonly code: string | undefined
  /** Undefined: in ten days. */
  readonly expiresAt: Instant | undefined
}

const object = (id: number): string => `enrollment:${id}`

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
      codeDigest: codeDigest(code),
      codeSealed: sealShownSecret(sealer, account.id, object(id), code),
      badAttempts: 0,
      request: null,
      inventoryId: null,
      message: '',
      expiresAt: request.expiresAt ?? at + ENROLLMENT_LIFE_MS,
      createdAt: at,
    }
    yield* transaction.collection(enrollments).insert(enrollment)
    tell(transaction, 'enrollment.created', enrollment, at, caller)
    yield* binding.bind(transaction, { enrollmentId: id })
    return id
  })
}

/** The code of an enrollment; undefined where it has none or its time is long past. */
export function codeOf({ sealer }: Pick<Engine, 'sealer'>, enrollment: Enrollment): string | undefined {
  const { codeSealed, accountId, id } = enrollment
  if (codeSealed === null) return undefined
  try {
    return openShownSecret(sealer, accountId, object(id), codeSealed)
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

/**
 * Moves an enrollment on, as somebody decided. One that is set back to created waits anew, with no wrong codes.
 * @throws Fault object_unknown, version_conflict, enrollment_step_refused
 */
export function stepEnrollment(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Pick<Member, 'account'>,
  id: number,
  to: EnrollmentStatus,
  message: string,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const at = clock.now()
    const held = yield* holdEnrollment(transaction, by, id)
    requireVersion(held, expected)
    const from = statusOfEnrollment(held, at)
    if (!mayStep(from, to)) throw new Fault('enrollment_step_refused', { from, to })
    const isOpenAgain = to === 'created'
    yield* replace(
      transaction,
      {
        ...held,
        status: to,
        message,
        badAttempts: isOpenAgain ? 0 : held.badAttempts,
        expiresAt: isOpenAgain ? Math.max(held.expiresAt, at + ENROLLMENT_LIFE_MS) : held.expiresAt,
      },
      at,
      caller,
    )
  })
}

const mostOfOneSeat = 100

/** What is asked for with a code. */
export interface Redemption {
  readonly profile: CertificateProfile
  readonly code: string
  readonly request: ProfileRequest
}

/**
 * Gives the certificate that was promised. A wrong code counts against every enrollment of the seat that waits; after
 * five it is locked.
 *
 * @throws Fault enrollment_code_wrong, enrollment_locked, ended for one that was redeemed or is over; what
 *   `issueFromProfile` raises
 */
export async function redeemEnrollment(
  engine: Engine,
  by: Pick<Member, 'account'>,
  { profile, code, request }: Redemption,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const id = await claim(engine, by, profile, code, request.seat.seatId, caller)
  return await issueFromProfile(
    engine,
    by,
    profile,
    {
      ...request,
      enrollmentId: id,
      *whileRecording(transaction, item) {
        const held = yield* holdEnrollment(transaction, by, id)
        // Another redemption of the same code came first: this certificate is nobody's.
        if (held.status === 'redeemed') throw new Fault('ended', { what: 'enrollment' })
        const at = engine.clock.now()
        yield* replace(transaction, { ...held, status: 'redeemed', inventoryId: item.id }, at, caller)
      },
    },
    caller,
    binding,
  )
}

/** Issues what was asked for before somebody approved it. @throws what `issueFromProfile` raises; Fault ended */
export function issueApproved(
  engine: Engine,
  by: Pick<Member, 'account'>,
  profile: CertificateProfile,
  enrollment: Enrollment,
  request: ProfileRequest,
  caller: Caller,
): Promise<InventoryCertificate> {
  return issueFromProfile(
    engine,
    by,
    profile,
    {
      ...request,
      enrollmentId: enrollment.id,
      *whileRecording(transaction, item) {
        const held = yield* holdEnrollment(transaction, by, enrollment.id)
        if (held.inventoryId !== null) throw new Fault('ended', { what: 'enrollment' })
        const at = engine.clock.now()
        yield* replace(transaction, { ...held, status: 'redeemed', inventoryId: item.id }, at, caller)
      },
    },
    caller,
    unbound,
  )
}

const unbound: OnceBinding = {
  *bind() {},
}

async function claim(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  profile: CertificateProfile,
  code: string,
  seatId: string,
  caller: Caller,
): Promise<number> {
  const verdict = await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const found = yield* transaction
      .collection(enrollments)
      .withValue(account.id, 'seat_id', seatId, mostOfOneSeat)
    const candidates = found.filter(({ profileId }) => profileId === profile.id)
    const meant = candidates.find((each) => matchesCode(code, each.codeDigest))
    if (meant !== undefined) return { status: statusOfEnrollment(meant, now), id: meant.id }
    for (const each of candidates) {
      if (statusOfEnrollment(each, now) !== 'created') continue
      const held = yield* transaction.collection(enrollments).hold(account.id, each.id)
      if (held === undefined) continue
      const badAttempts = held.badAttempts + 1
      const status = badAttempts >= MOST_BAD_ATTEMPTS ? 'locked' : held.status
      yield* replace(transaction, { ...held, badAttempts, status }, now, caller)
    }
    return undefined
  })
  if (verdict === undefined) throw new Fault('enrollment_code_wrong', {})
  if (verdict.status === 'locked') throw new Fault('enrollment_locked', {})
  if (verdict.status !== 'created' && verdict.status !== 'approved') {
    throw new Fault('ended', { what: 'enrollment' })
  }
  return verdict.id
}

function* holdEnrollment(
  transaction: Transaction,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<Enrollment> {
  const held = yield* transaction.collection(enrollments).hold(account.id, id)
  if (held === undefined) throw new Fault('object_unknown', { object: 'enrollment' })
  return held
}

function* replace(
  transaction: Transaction,
  enrollment: Enrollment,
  at: Instant,
  caller: Caller,
): Program<void> {
  yield* transaction.collection(enrollments).replace(enrollment)
  tell(transaction, 'enrollment.changed', enrollment, at, caller)
}

function tell(
  transaction: Transaction,
  action: 'enrollment.created' | 'enrollment.changed',
  { id, accountId, profileId, seatId, status, badAttempts }: Enrollment,
  at: Instant,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action,
    at,
    actor,
    accountId,
    object: object(id),
    requestId,
    detail: { profile: profileId, seat: seatId, status, badAttempts },
  })
}
