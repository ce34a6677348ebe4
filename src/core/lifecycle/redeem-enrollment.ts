import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { CollectionQuery } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { CertificateProfile } from './certificate-profile.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import {
  awaitClaim,
  type ClaimedEnrollment,
  claimEnrollment,
  issueClaimed,
  type Pause,
} from './enrollment-claim.ts'
import { codeDigest } from './enrollment-codes.ts'
import { holdEnrollment, replaceEnrollment } from './enrollment-record.ts'
import { MOST_BAD_ATTEMPTS, statusOfEnrollment } from './enrollment-steps.ts'
import type { InventoryCertificate } from './inventory.ts'
import { issueFromProfile, type ProfileRequest } from './issue-certificate.ts'

type Column = keyof typeof enrollments.columns

const aPage = 100
/** Of more that wait for one seat, the others are counted against once these are locked. */
const mostCounted = 200

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
  const outcome = await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const promises = { accountId: by.account.id, where: promisesOf(profile, seatId) } as const
    const meant = yield* withCode(transaction, promises, codeDigest(engine.sealer, by.account.id, code), now)
    if (meant !== undefined && statusOfEnrollment(meant, now) !== 'locked') {
      const held = yield* holdEnrollment(transaction, by, meant.id)
      return yield* claimEnrollment(transaction, engine, held)
    }
    // The right code of a locked one is answered as a wrong code is, or guessing would go on.
    const isLocked = yield* countGuess(transaction, promises, now, caller)
    return isLocked || meant !== undefined ? 'enrollment_locked' : 'enrollment_code_wrong'
  })
  // Thrown inside, it would take back that the wrong code was counted.
  if (typeof outcome === 'string') throw new Fault(outcome, {})
  return outcome
}

type Promises = Pick<CollectionQuery<Column>, 'accountId' | 'where'>

const promisesOf = ({ id }: CertificateProfile, seatId: string): Promises['where'] => [
  { column: 'seat_id', is: 'any-of', values: [seatId] },
  { column: 'profile_id', is: 'any-of', values: [id] },
]

/** The one with a code; of several with one code the one that can still be redeemed. */
function* withCode(
  transaction: Transaction,
  { accountId, where }: Promises,
  digest: string,
  now: Instant,
): Program<Enrollment | undefined> {
  const { items } = yield* transaction.collection(enrollments).list({
    accountId,
    where: [...where, { column: 'code_digest', is: 'any-of', values: [digest] }],
    sort: [{ column: 'id', descending: true }],
    offset: 0,
    limit: aPage,
  })
  return items.find((each) => isWaiting(each, now)) ?? items[0]
}

/**
 * Counts a wrong code against what waits for one.
 * @returns whether something was locked before
 */
function* countGuess(
  transaction: Transaction,
  { accountId, where }: Promises,
  now: Instant,
  caller: Caller,
): Program<boolean> {
  const collection = transaction.collection(enrollments)
  const query = { accountId, limit: aPage } as const
  const locked = [...where, { column: 'status', is: 'any-of', values: ['locked'] }] as const
  const { total } = yield* collection.list({ ...query, where: locked, offset: 0, limit: 1 })
  const open = [...where, { column: 'status', is: 'any-of', values: ['created', 'approved'] }] as const
  const waiting: Enrollment[] = []
  // Those whose time is over are among them: what waits may lie behind.
  for (let offset = 0; waiting.length < mostCounted; offset += aPage) {
    const { items } = yield* collection.list({ ...query, where: open, offset })
    waiting.push(...items.filter((each) => isWaiting(each, now)))
    if (items.length < aPage) break
  }
  for (const { id } of waiting) {
    const held = yield* collection.hold(accountId, id)
    if (held === undefined || !isWaiting(held, now)) continue
    const badAttempts = held.badAttempts + 1
    const status = badAttempts >= MOST_BAD_ATTEMPTS ? 'locked' : held.status
    yield* replaceEnrollment(transaction, { ...held, badAttempts, status }, now, caller)
  }
  return total > 0
}

/** Can it be redeemed by its code? */
function isWaiting(enrollment: Enrollment, now: Instant): boolean {
  const status = statusOfEnrollment(enrollment, now)
  return enrollment.codeDigest !== null && (status === 'created' || status === 'approved')
}
