import type { HttpFailureReason } from '../validation/outbound.ts'

/** What is asked for by id and may not be there. */
export type ObjectKind =
  | 'account'
  | 'audit-event'
  | 'order'
  | 'request'
  | 'certificate'
  | 'domain'
  | 'organization'
  | 'user'
  | 'container'
  | 'api-key'
  | 'custom-field'
  | 'note'
  | 'webhook'
  | 'authority'
  | 'auth-key'
  | 'subaccount'
  | 'receipt'
  | 'token'
  | 'client-certificate'
  | 'business-unit'
  | 'seat'
  | 'enrollment'
  | 'certificate-owner'
  | 'template'

/**
 * The ways in which ordering, validation and administration of an account can fail: a part of the closed set in
 * src/core/faults.ts. `name` is a DNS name in normal form, `parameter` the caller's own spelling.
 */
export interface OrderFaultDetails {
  object_unknown: { readonly object: ObjectKind }
  /** The object is in a state in which this cannot be done. */
  state_refused: { readonly object: ObjectKind; readonly state: string; readonly parameter: string }

  product_unknown: { readonly product: string }
  product_not_allowed: { readonly product: string }
  product_ambiguous: { readonly candidates: readonly string[] }
  product_names_exceeded: { readonly count: number; readonly maximum: number }
  wildcard_foreign_name: { readonly name: string }
  names_internal: { readonly name: string }
  csr_not_taken: { readonly product: string }
  authority_choice_missing: { readonly product: string }
  authority_choice_invalid: Record<string, never>
  private_authority_absent: Record<string, never>

  domain_disabled: { readonly name: string }
  domain_not_allowed: { readonly name: string }
  domain_protected: { readonly name: string }
  domain_lock_unavailable: { readonly action: 'activate' | 'deactivate' }
  control_not_proven: {
    readonly method: 'email' | 'dns-txt-token' | 'dns-cname-token' | 'http-token'
    readonly names: readonly string[]
  }
  control_method_mismatch: { readonly method: string }
  caa_forbids: { readonly domain: string }
  caa_absent: { readonly domain: string }
  auth_key_exists: Record<string, never>

  organization_inactive: Record<string, never>
  organization_invalid: { readonly fields: readonly string[] }
  organization_name_too_long: { readonly maximum: number }
  address_field_too_long: { readonly parameter: string; readonly maximum: number }
  email_domain_not_validated: { readonly email: string }

  ct_off: Record<string, never>
  ct_choice_not_allowed: Record<string, never>
  expiration_choice_not_allowed: Record<string, never>
  order_validity_exceeded: { readonly limit: string }

  reissue_pending: Record<string, never>
  duplicate_not_eligible: Record<string, never>
  duplicate_common_name: { readonly name: string }
  duplicate_name_foreign: { readonly name: string }
  duplicate_name_missing: { readonly name: string }
  renewal_not_eligible: Record<string, never>
  renewed_already: Record<string, never>
  primary_certificate: Record<string, never>
  approver_refused: Record<string, never>
  idempotency_conflict: Record<string, never>

  custom_field_missing: { readonly label: string }
  custom_field_invalid: { readonly label: string }
  payment_method_refused: { readonly method: string }
  funds_insufficient: { readonly available: string }
  username_taken: { readonly username: string }

  /** The endpoint of a webhook was called, or was to be, and did not take the call. */
  endpoint_failed: { readonly failure: EndpointFailure }
  /** The endpoint of a webhook has not given its challenge back. */
  challenge_open: { readonly parameter: 'challenge' | 'status'; readonly defect: ChallengeDefect }
}

/** A status other than 2xx, or why there was no answer that counts. */
export type EndpointFailure = { readonly status: number } | { readonly reason: HttpFailureReason }

/** `not-sent`: there is none yet; `not-returned`: nobody told what came back; `other-value`: something else came back. */
export type ChallengeDefect = 'not-sent' | 'not-returned' | 'other-value'

export type OrderFaultCode = keyof OrderFaultDetails

/** Every code once; a record, so that the compiler misses none. */
const codes: { readonly [Code in OrderFaultCode]: true } = {
  object_unknown: true,
  state_refused: true,
  product_unknown: true,
  product_not_allowed: true,
  product_ambiguous: true,
  product_names_exceeded: true,
  wildcard_foreign_name: true,
  names_internal: true,
  csr_not_taken: true,
  authority_choice_missing: true,
  authority_choice_invalid: true,
  private_authority_absent: true,
  domain_disabled: true,
  domain_not_allowed: true,
  domain_protected: true,
  domain_lock_unavailable: true,
  control_not_proven: true,
  control_method_mismatch: true,
  caa_forbids: true,
  caa_absent: true,
  auth_key_exists: true,
  organization_inactive: true,
  organization_invalid: true,
  organization_name_too_long: true,
  address_field_too_long: true,
  email_domain_not_validated: true,
  ct_off: true,
  ct_choice_not_allowed: true,
  expiration_choice_not_allowed: true,
  order_validity_exceeded: true,
  reissue_pending: true,
  duplicate_not_eligible: true,
  duplicate_common_name: true,
  duplicate_name_foreign: true,
  duplicate_name_missing: true,
  renewal_not_eligible: true,
  renewed_already: true,
  primary_certificate: true,
  approver_refused: true,
  idempotency_conflict: true,
  custom_field_missing: true,
  custom_field_invalid: true,
  payment_method_refused: true,
  funds_insufficient: true,
  username_taken: true,
  endpoint_failed: true,
  challenge_open: true,
}

/** One answer for all of them: for faces at which nothing is ordered. */
export function answerEveryOrderFault<Answer>(answer: Answer): Readonly<Record<OrderFaultCode, Answer>> {
  const rows = Object.keys(codes).map((code) => [code, answer] as const)
  // `codes` has every code and no other, which the compiler cannot carry through the keys.
  return Object.fromEntries(rows) as Record<OrderFaultCode, Answer>
}
