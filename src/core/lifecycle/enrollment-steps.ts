import type { Enrollment, EnrollmentStatus } from './enrollment.ts'

/** How long an enrollment waits unless it is told otherwise. */
export const ENROLLMENT_LIFE_MS = 10 * 86_400_000
/** Wrong codes after which it is locked. */
export const MOST_BAD_ATTEMPTS = 5

/** Where an enrollment may go from where it is, when somebody decides so. */
const steps: { readonly [From in EnrollmentStatus]: readonly EnrollmentStatus[] } = {
  created: ['pending', 'rejected'],
  pending: ['pending_second_approval', 'in_progress', 'approved', 'rejected'],
  pending_second_approval: ['approved', 'rejected'],
  in_progress: ['approved', 'rejected'],
  approved: ['redeemed', 'rejected'],
  rejected: [],
  locked: ['created'],
  expired: ['created'],
  redeemed: [],
}

export function mayStep(from: EnrollmentStatus, to: EnrollmentStatus): boolean {
  return steps[from].includes(to)
}

/** What an enrollment is now: one whose time is over has expired, whatever is stored. */
export function statusOfEnrollment(
  { status, expiresAt }: Pick<Enrollment, 'status' | 'expiresAt'>,
  now: number,
): EnrollmentStatus {
  const isOpen = status !== 'redeemed' && status !== 'rejected'
  return isOpen && now > expiresAt ? 'expired' : status
}
