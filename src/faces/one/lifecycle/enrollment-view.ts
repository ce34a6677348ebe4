import { certificateProfiles } from '../../../core/lifecycle/certificate-profile.ts'
import type { Enrollment } from '../../../core/lifecycle/enrollment.ts'
import { statusOfEnrollment } from '../../../core/lifecycle/enrollment-steps.ts'
import { codeOf, enrollmentById } from '../../../core/lifecycle/manage-enrollments.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'

/** An enrollment by its number, as whoever asks may see it. @throws Fault object_unknown */
export async function shownEnrollment(call: Call, id: number) {
  const enrollment = await call.engine.store.read((each) => enrollmentById(each, call.member, id))
  return enrollmentView(call, enrollment, await profileNames(call, [enrollment]))
}

/** Names of the profiles of enrollments, by id. */
export async function profileNames(
  { engine, account }: Call,
  items: readonly Enrollment[],
): Promise<ReadonlyMap<number, string>> {
  const ids = [...new Set(items.map(({ profileId }) => profileId))]
  const found = await engine.store.read((each) => each.collection(certificateProfiles).byIds(account.id, ids))
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** What an enrollment is answered with where it is made, and what it is listed with, which is told by other names. */
export function enrollmentView(call: Call, enrollment: Enrollment, names: ReadonlyMap<number, string>) {
  const profile = {
    id: uuidOf('profile', enrollment.profileId),
    name: names.get(enrollment.profileId) ?? '',
  }
  const createdAt = localTime(enrollment.createdAt)
  const expiresAt = localTime(enrollment.expiresAt)
  return {
    id: uuidOf('enrollment', enrollment.id),
    seat_id: enrollment.seatId,
    seat: { seat_id: enrollment.seatId, seat_type: enrollment.seatType },
    email: enrollment.email,
    profile_id: profile.id,
    profile_name: profile.name,
    profile,
    // Whoever only looks is not told what others redeem.
    enrollment_code: call.may('MANAGE_EM_ENROLLMENT') ? codeOf(call.engine, enrollment) : undefined,
    creation_date_time: createdAt,
    created_at: createdAt,
    expiry_date_time: expiresAt,
    expires_at: expiresAt,
    status: statusOfEnrollment(enrollment, call.engine.clock.now()),
    number_of_bad_attempts: enrollment.badAttempts,
    message_to_user: enrollment.message === '' ? undefined : enrollment.message,
    certificate_id:
      enrollment.inventoryId === null ? undefined : uuidOf('certificate', enrollment.inventoryId),
  }
}

/** `2022-03-30T11:34:25.834000`, without a zone; it is UTC. */
function localTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000`
}
