import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { isClaimInForce } from '../claim.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import { holdEnrollment, replaceEnrollment } from './enrollment-record.ts'
import { statusOfEnrollment } from './enrollment-steps.ts'
import type { ProfileRequest } from './issue-certificate.ts'

/** Longer than issuing takes, keys made here included. Whoever comes after it has passed tries anew. */
export const ENROLLMENT_CLAIM_MS = 60_000
/** How long a request waits for another one with the same enrollment, and how often it looks. */
const WAIT_MS = 10_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/** What a request for the certificate of an enrollment says beside its own wishes. */
export type EnrollmentPromise = Required<
  Pick<ProfileRequest, 'enrollmentId' | 'whileReserving' | 'whileRecording'>
> &
  Pick<ProfileRequest, 'grantedLifetime'>

/** Lets some time pass. */
export type Pause = (milliseconds: number) => Promise<void>

/** An enrollment that nobody else issues for while `attempt` holds it. */
export interface ClaimedEnrollment {
  readonly enrollment: Enrollment
  readonly attempt: string
}

/**
 * Claims an enrollment for one attempt at its certificate, durably and before anything is signed: of any number of
 * attempts, in any number of processes, one issues. An attempt whose process died loses its claim by time.
 *
 * @param held kept by the transaction
 * @returns undefined while another attempt has it
 * @throws Fault enrollment_locked; ended for one that was redeemed, rejected or is over
 */
export function* claimEnrollment(
  transaction: Transaction,
  { clock, random }: Pick<Engine, 'clock' | 'random'>,
  held: Enrollment,
): Program<ClaimedEnrollment | undefined> {
  const now = clock.now()
  const status = statusOfEnrollment(held, now)
  if (status === 'locked') throw new Fault('enrollment_locked', {})
  if (status !== 'created' && status !== 'approved') throw new Fault('ended', { what: 'enrollment' })
  if (isClaimed(held, now)) return undefined
  const attempt = Buffer.from(random.bytes(16)).toString('hex')
  const enrollment: Enrollment = { ...held, claim: { attempt, until: now + ENROLLMENT_CLAIM_MS } }
  yield* transaction.collection(enrollments).replace(enrollment)
  return { enrollment, attempt }
}

/** Does another attempt issue for it at this moment? */
export function isClaimed({ claim }: Pick<Enrollment, 'claim'>, now: Instant): boolean {
  return claim !== null && isClaimInForce(claim.until, now, ENROLLMENT_CLAIM_MS)
}

/**
 * Asks for a claim until it is given.
 * @param ask undefined while another attempt has it
 * @throws Fault store_busy when the other attempt takes longer than the waiting time; what `ask` throws
 */
export async function awaitClaim(
  ask: () => Promise<ClaimedEnrollment | undefined>,
  pause: Pause,
): Promise<ClaimedEnrollment> {
  let waited = 0
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const claimed = await ask()
    if (claimed !== undefined) return claimed
    if (waited >= WAIT_MS) throw busy()
    await pause(wait)
    waited += wait
  }
}

/**
 * Issues the certificate of a claimed enrollment, which is redeemed in the transaction that makes the certificate
 * count. When none comes of it the claim is given back, unless nobody knows what became of the certificate: then it
 * keeps others away until it has ended.
 *
 * @throws Fault store_busy for an attempt that took so long that another one has the enrollment; ended for one that
 *   was decided otherwise meanwhile; what `issue` throws
 */
export async function issueClaimed<Result>(
  engine: Engine,
  by: Pick<Member, 'account'>,
  claimed: ClaimedEnrollment,
  caller: Caller,
  issue: (promise: EnrollmentPromise) => Promise<Result>,
): Promise<Result> {
  try {
    return await issue(promiseOf(engine, by, claimed, caller))
  } catch (error) {
    const isUncertain = isFault(error, 'store_failed') || isFault(error, 'issuance_uncertain')
    if (!isUncertain) await release(engine, by, claimed)
    throw error
  }
}

function promiseOf(
  { clock }: Pick<Engine, 'clock'>,
  by: Pick<Member, 'account'>,
  { enrollment: { id, lifetimeDays }, attempt }: ClaimedEnrollment,
  caller: Caller,
): EnrollmentPromise {
  function* ownEnrollment(transaction: Transaction): Program<Enrollment> {
    const held = yield* holdEnrollment(transaction, by, id)
    if (held.status === 'redeemed' || held.status === 'rejected') {
      throw new Fault('ended', { what: 'enrollment' })
    }
    if (held.claim?.attempt !== attempt) throw busy()
    return held
  }
  return {
    enrollmentId: id,
    ...(lifetimeDays !== null && { grantedLifetime: { unit: 'days', duration: lifetimeDays } }),
    *whileReserving(transaction) {
      const held = yield* ownEnrollment(transaction)
      const claim = { attempt, until: clock.now() + ENROLLMENT_CLAIM_MS }
      yield* transaction.collection(enrollments).replace({ ...held, claim })
    },
    *whileRecording(transaction, item) {
      const held = yield* ownEnrollment(transaction)
      const redeemed: Enrollment = { ...held, status: 'redeemed', claim: null, inventoryId: item.id }
      yield* replaceEnrollment(transaction, redeemed, clock.now(), caller)
    },
  }
}

/** A claim that cannot be given back ends by itself; it must not hide what became of the request. */
async function release(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  { enrollment: { id }, attempt }: ClaimedEnrollment,
): Promise<void> {
  try {
    await engine.store.write(function* (transaction) {
      const held = yield* transaction.collection(enrollments).hold(account.id, id)
      if (held?.claim?.attempt !== attempt) return
      yield* transaction.collection(enrollments).replace({ ...held, claim: null })
    })
  } catch (cause) {
    engine.log.warn(
      { enrollment: id, cause },
      'the claim of an enrollment was not given back and ends by itself',
    )
  }
}

function busy(): Fault {
  return new Fault('store_busy', { retryAfterMs: 1_000 })
}
