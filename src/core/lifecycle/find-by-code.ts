import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { CollectionQuery } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type Enrollment, enrollments } from './enrollment.ts'
import { codeDigest } from './enrollment-codes.ts'
import { replaceEnrollment } from './enrollment-record.ts'
import { MOST_BAD_ATTEMPTS, statusOfEnrollment } from './enrollment-steps.ts'

type Column = keyof typeof enrollments.columns
/** Among which enrollments a code is looked for. */
type Promises = Pick<CollectionQuery<Column>, 'accountId' | 'where'>

const aPage = 100
/** Of more that wait for one seat, the others are counted against once these are locked. */
const mostCounted = 200

export interface ShownCode {
  readonly code: string
  readonly seatId: string
  /** Undefined: of any profile. */
  readonly profileId: number | undefined
}

type Parts = Pick<Engine, 'clock' | 'sealer'>

/**
 * The enrollment with a code, for whoever is told codes anyway: nothing is counted.
 * @returns undefined when there is none
 */
export function enrollmentByCode(
  view: Pick<View, 'collection'>,
  { clock, sealer }: Parts,
  { account }: Pick<Member, 'account'>,
  shown: ShownCode,
): Program<Enrollment | undefined> {
  const digest = codeDigest(sealer, account.id, shown.code)
  return withCode(view, promisesOf(account.id, shown), digest, clock.now())
}

/**
 * Looks for the enrollment that somebody shows the code of. A wrong code counts, durably, against every enrollment of
 * the seat that waits; after five it is locked.
 *
 * @param use what is done with it, in the transaction that found it
 * @returns undefined when there is none with this code
 * @throws Fault enrollment_locked, whatever the code, when what waited is locked; what `use` raises
 */
export async function useCode<Result>(
  { clock, sealer, store }: Parts & Pick<Engine, 'store'>,
  { account }: Pick<Member, 'account'>,
  shown: ShownCode,
  caller: Caller,
  use: (transaction: Transaction, found: Enrollment) => Program<Result>,
): Promise<Result | undefined> {
  const promises = promisesOf(account.id, shown)
  const digest = codeDigest(sealer, account.id, shown.code)
  const outcome = await store.write(function* (transaction) {
    const now = clock.now()
    const meant = yield* withCode(transaction, promises, digest, now)
    if (meant !== undefined && statusOfEnrollment(meant, now) !== 'locked') {
      return { result: yield* use(transaction, meant) }
    }
    // The right code of a locked one is answered as a wrong code is, or guessing would go on.
    const isLocked = yield* countGuess(transaction, promises, now, caller)
    return isLocked || meant !== undefined ? 'locked' : 'wrong'
  })
  // Thrown inside, it would take back that the wrong code was counted.
  if (outcome === 'locked') throw new Fault('enrollment_locked', {})
  return outcome === 'wrong' ? undefined : outcome.result
}

function promisesOf(accountId: AccountId, { seatId, profileId }: ShownCode): Promises {
  const ofSeat = { column: 'seat_id', is: 'any-of', values: [seatId] } as const
  if (profileId === undefined) return { accountId, where: [ofSeat] }
  return { accountId, where: [ofSeat, { column: 'profile_id', is: 'any-of', values: [profileId] }] }
}

/** The one with a code; of several with one code the one that can still be redeemed. */
function* withCode(
  view: Pick<View, 'collection'>,
  { accountId, where }: Promises,
  digest: string,
  now: Instant,
): Program<Enrollment | undefined> {
  const { items } = yield* view.collection(enrollments).list({
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
