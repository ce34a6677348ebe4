/**
 * The ways in which administering certificates and credentials over their life can fail: a part of the closed set in
 * src/core/faults.ts. `parameter` is the caller's own spelling.
 */
export interface LifecycleFaultDetails {
  /** Somebody has this name already. */
  name_taken: { readonly parameter: string; readonly name: string }
  /** The object is not in the state that the caller knows. */
  version_conflict: Record<string, never>
  /** Something is over for good: a credential past its end, an enrollment that was redeemed. */
  ended: { readonly what: string }
  business_unit_unknown: Record<string, never>
  certificate_profile_unknown: Record<string, never>
  /** The profile does not take this request. */
  certificate_profile_refused: { readonly reason: string }
  /** A valid certificate for the same subject and seat is there, and the profile wants one only. */
  certificate_duplicate: Record<string, never>
  certificate_already_revoked: Record<string, never>
  certificate_not_suspended: Record<string, never>
  /** Several certificates have this serial number. */
  serial_number_ambiguous: Record<string, never>
  renewal_too_early: { readonly from: string }
  seats_exhausted: { readonly seatType: string }
  enrollment_step_refused: { readonly from: string; readonly to: string }
  enrollment_code_wrong: Record<string, never>
  enrollment_locked: Record<string, never>
  recovery_not_approved: Record<string, never>
  recovery_impossible: { readonly reason: string }
}

export type LifecycleFaultCode = keyof LifecycleFaultDetails

/** Every code once; a record, so that the compiler misses none. */
const codes: { readonly [Code in LifecycleFaultCode]: true } = {
  name_taken: true,
  version_conflict: true,
  ended: true,
  business_unit_unknown: true,
  certificate_profile_unknown: true,
  certificate_profile_refused: true,
  certificate_duplicate: true,
  certificate_already_revoked: true,
  certificate_not_suspended: true,
  serial_number_ambiguous: true,
  renewal_too_early: true,
  seats_exhausted: true,
  enrollment_step_refused: true,
  enrollment_code_wrong: true,
  enrollment_locked: true,
  recovery_not_approved: true,
  recovery_impossible: true,
}

/** One answer for all of them: for faces at which nothing of the kind is done. */
export function answerEveryLifecycleFault<Answer>(
  answer: Answer,
): Readonly<Record<LifecycleFaultCode, Answer>> {
  const rows = Object.keys(codes).map((code) => [code, answer] as const)
  // `codes` has every code and no other, which the compiler cannot carry through the keys.
  return Object.fromEntries(rows) as Record<LifecycleFaultCode, Answer>
}
