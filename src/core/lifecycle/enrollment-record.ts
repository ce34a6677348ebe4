import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type Enrollment, enrollments } from './enrollment.ts'

/** An enrollment as audit events and seals name it. */
export const enrollmentObject = (id: number): string => `enrollment:${id}`

/** An enrollment that nobody else changes until the transaction ends. @throws Fault object_unknown */
export function* holdEnrollment(
  transaction: Transaction,
  { account }: Pick<Member, 'account'>,
  id: number,
): Program<Enrollment> {
  const held = yield* transaction.collection(enrollments).hold(account.id, id)
  if (held === undefined) throw new Fault('object_unknown', { object: 'enrollment' })
  return held
}

/** Puts an enrollment in the place of the one with its id, and tells it. */
export function* replaceEnrollment(
  transaction: Transaction,
  enrollment: Enrollment,
  at: Instant,
  caller: Caller,
): Program<void> {
  yield* transaction.collection(enrollments).replace(enrollment)
  tellEnrollment(transaction, 'enrollment.changed', enrollment, at, caller)
}

export function tellEnrollment(
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
    object: enrollmentObject(id),
    requestId,
    detail: { profile: profileId, seat: seatId, status, badAttempts },
  })
}
