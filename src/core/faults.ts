import type { CertificateState } from './certificates/certificate.ts'
import type { LifecycleFaultDetails } from './lifecycle/lifecycle-faults.ts'
import type { ObjectKind, OrderFaultDetails } from './orders/order-faults.ts'

/** Languages every message exists in. */
export type Language = 'en' | 'ja'

/** Why a key is refused although its form is sound. */
export type KeyWeakness =
  | 'roca'
  | 'debian'
  | 'fermat'
  | 'small-factor'
  | 'exponent'
  | 'modulus'
  | 'curve'
  | 'explicit-curve'
  | 'point'
  | 'published'

/** Why a name is refused. */
export type NameDefect =
  | 'empty'
  | 'too-long'
  | 'label-too-long'
  | 'too-many-labels'
  | 'empty-label'
  | 'trailing-dot'
  | 'hyphen'
  | 'reserved-label'
  | 'punycode'
  | 'underscore'
  | 'character'
  | 'control-character'
  | 'wildcard'
  | 'wildcard-public-suffix'
  | 'address-as-name'
  | 'address'
  | 'address-special-purpose'
  | 'internal'
  | 'email'
  | 'uri'
  | 'type-not-allowed'
  | 'not-a-name'
  | 'country'
  | 'outside-constraints'
  | 'not-among-alternative-names'

/**
 * The closed set of ways a request can fail, each with the facts it carries: no status, no sentence, no
 * language. Every face owns a total table from here to its own answer.
 *
 * `parameter` is the name the caller used, in the face's own spelling.
 */
export interface FaultDetails extends OrderFaultDetails, LifecycleFaultDetails {
  // The request
  parameter_missing: { readonly parameter: string }
  parameter_invalid: { readonly parameter: string; readonly reason: string }

  // PKCS#10 requests
  csr_malformed: { readonly reason: string }
  csr_not_a_request: { readonly received: string }
  csr_signature_invalid: Record<string, never>
  csr_algorithm_refused: { readonly algorithm: string }
  csr_extension_refused: { readonly extension: string }

  // Keys
  key_type_refused: { readonly received: string; readonly allowed: readonly string[] }
  key_size_refused: { readonly bits: number; readonly allowed: readonly number[] }
  key_weak: { readonly weakness: KeyWeakness }
  key_compromised: Record<string, never>
  key_in_other_use: Record<string, never>
  private_key_not_kept: Record<string, never>
  server_keys_not_allowed: Record<string, never>

  // Names and validity
  name_refused: { readonly parameter: string; readonly value: string; readonly defect: NameDefect }
  names_missing: Record<string, never>
  names_too_many: { readonly count: number; readonly maximum: number }
  validity_refused: {
    readonly reason: 'too-long' | 'outlives-issuer' | 'starts-in-future' | 'backdated' | 'ends-before-start'
    readonly limit: string
  }
  certificate_too_large: { readonly bytes: number; readonly maximum: number }
  lint_failed: { readonly findings: readonly string[] }

  // Objects
  account_unknown: Record<string, never>
  account_exists: { readonly email: string }
  account_corrupt: Record<string, never>
  account_unavailable: Record<string, never>
  authority_unknown: Record<string, never>
  authority_not_active: Record<string, never>
  /** CAs may stand below it, so it issues no leaves. */
  authority_role_refused: Record<string, never>
  authority_unusable: Record<string, never>
  certificate_unknown: Record<string, never>
  certificate_superseded: Record<string, never>
  certificate_not_issued: { readonly state: CertificateState }
  /** What belongs to a certificate, and is not kept with it. */
  item_absent: { readonly item: string }

  // Status
  status_change_refused: { readonly from: string; readonly to: string }
  revocation_reason_refused: { readonly reason: string }

  // Rights
  signature_missing: Record<string, never>
  signature_mismatch: Record<string, never>
  credential_unknown: Record<string, never>
  passphrase_wrong: Record<string, never>
  session_unknown: Record<string, never>
  session_unusable: Record<string, never>
  access_denied: { readonly object: ObjectKind }
  permission_missing: { readonly permission: string }

  // Capacity and condition of the service
  rate_exceeded: { readonly limit: number; readonly windowMs: number; readonly retryAfterMs: number }
  login_throttled: { readonly retryAfterMs: number }
  store_busy: { readonly retryAfterMs: number }
  store_full: { readonly retryAfterMs: number }
  store_failed: Record<string, never>
  overloaded: { readonly retryAfterMs: number }
  /** The operator closed the APIs for a while. `message`: what he says about it. */
  maintenance: { readonly retryAfterMs: number; readonly message: string | null }
  signing_refused: { readonly reason: 'restored' | 'clock' }
  issuance_uncertain: Record<string, never>
}

export type FaultCode = keyof FaultDetails

/** One fault: the code is the discriminant, `detail` its facts. */
export type FaultOf<Code extends FaultCode> = { readonly code: Code; readonly detail: FaultDetails[Code] }
export type AnyFault = { [Code in FaultCode]: FaultOf<Code> }[FaultCode]

/** What verbs raise when they refuse. Anything else that is thrown is a bug of ours. */
export class Fault<Code extends FaultCode = FaultCode> extends Error {
  readonly code: Code
  readonly detail: FaultDetails[Code]

  constructor(code: Code, detail: FaultDetails[Code], options?: ErrorOptions) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.detail = detail
  }
}

/** A face's answer to every fault; leaving a code out, or adding a stray one, does not compile. */
export type FaultTable<Answer> = {
  readonly [Code in FaultCode]: (detail: FaultDetails[Code], language: Language) => Answer
}

/** Looks a fault up in a face's table. */
export function answerTo<Answer>(table: FaultTable<Answer>, fault: Fault, language: Language): Answer {
  return answerOf(table, fault.code, fault.detail, language)
}

function answerOf<Code extends FaultCode, Answer>(
  table: FaultTable<Answer>,
  code: Code,
  detail: FaultDetails[Code],
  language: Language,
): Answer {
  return table[code](detail, language)
}

export function isFault<Code extends FaultCode>(error: unknown, code?: Code): error is Fault<Code> {
  return error instanceof Fault && (code === undefined || error.code === code)
}
