import type { Fault, FaultTable, Language } from '../../core/faults.ts'
import { answerTo } from '../../core/faults.ts'
import { answerEveryLifecycleFault } from '../../core/lifecycle/lifecycle-faults.ts'
import { answerEveryOrderFault } from '../../core/orders/order-faults.ts'
import { answer, type TinycertAnswer } from './codes.ts'
import { english, type Messages } from './messages/english.ts'
import { japanese } from './messages/japanese.ts'

const messagesOf: Readonly<Record<Language, Messages>> = { en: english, ja: japanese }

/** The sentences of a language. */
export const inLanguage = (language: Language): Messages => messagesOf[language]

/**
 * What this face answers to every fault. Many to one; nothing reads a status back into a fault.
 *
 * A request that never carries a PKCS#10 request or a key of the caller's still gets an answer to every fault
 * about them: at `/cert/reissue` the stored request and key are checked again.
 */
export const faults = {
  parameter_missing: ({ parameter }, language) =>
    answer('MissingParameter', inLanguage(language).parameterMissing(parameter)),
  parameter_invalid: ({ parameter, reason }, language) => {
    const say = inLanguage(language)
    return answer('InputFailure', say.parameterInvalid(parameter, ownText(say.inputReasons, reason)))
  },

  csr_malformed: keyRefused,
  csr_not_a_request: keyRefused,
  csr_signature_invalid: keyRefused,
  csr_algorithm_refused: keyRefused,
  csr_extension_refused: keyRefused,

  key_type_refused: keyRefused,
  key_size_refused: keyRefused,
  key_weak: ({ weakness }, language) => {
    const say = inLanguage(language)
    return answer('InputFailure', say.keyWeak(say.weaknesses[weakness]))
  },
  key_compromised: keyRefused,
  key_in_other_use: keyRefused,
  private_key_not_kept: (_, language) => answer('NotFound', inLanguage(language).itemAbsent('key')),
  server_keys_not_allowed: (_, language) => answer('AccessDenied', inLanguage(language).accessDenied),

  name_refused: ({ parameter, value, defect }, language) => {
    const say = inLanguage(language)
    return answer('InputFailure', say.nameRefused(parameter, value, say.nameDefects[defect]))
  },
  names_missing: (_, language) => answer('InputFailure', inLanguage(language).namesMissing),
  names_too_many: ({ count, maximum }, language) =>
    answer('InputFailure', inLanguage(language).namesTooMany(count, maximum)),
  validity_refused: ({ reason }, language) => {
    const say = inLanguage(language)
    return answer('InputFailure', say.validityRefused(say.validityReasons[reason]))
  },
  certificate_too_large: ({ bytes, maximum }, language) =>
    answer('InputFailure', inLanguage(language).certificateTooLarge(bytes, maximum)),
  lint_failed: ({ findings }, language) =>
    answer('InputFailure', inLanguage(language).lintFailed(findings.slice(0, 3).join(', '))),

  account_unknown: (_, language) => answer('AccountNotFound', inLanguage(language).accountUnknown),
  account_exists: ({ email }, language) => answer('InputFailure', inLanguage(language).accountExists(email)),
  account_corrupt: (_, language) => answer('AccountError', inLanguage(language).accountCorrupt),
  account_unavailable: (_, language) => answer('AccountNotLoaded', inLanguage(language).accountUnavailable),
  authority_unknown: (_, language) => answer('NotFound', inLanguage(language).authorityUnknown),
  authority_not_active: (_, language) => answer('InputFailure', inLanguage(language).authorityNotActive),
  authority_role_refused: (_, language) => answer('InputFailure', inLanguage(language).authorityNotActive),
  authority_unusable: unknownError,
  certificate_unknown: (_, language) => answer('NotFound', inLanguage(language).certificateUnknown),
  certificate_superseded: (_, language) => answer('NotLatest', inLanguage(language).certificateSuperseded),
  certificate_not_issued: (_, language) => answer('NotFound', inLanguage(language).certificateUnknown),
  item_absent: ({ item }, language) => answer('NotFound', inLanguage(language).itemAbsent(item)),

  status_change_refused: ({ from, to }, language) =>
    answer('StatusDisallowed', inLanguage(language).statusChangeRefused(from, to)),
  revocation_reason_refused: (_, language) =>
    answer('InputFailure', inLanguage(language).revocationReasonRefused),

  signature_missing: signatureFailure,
  signature_mismatch: signatureFailure,
  credential_unknown: (_, language) => answer('ApiKeyMismatch', inLanguage(language).apiKeyMismatch),
  passphrase_wrong: (_, language) => answer('PassphraseFailure', inLanguage(language).passphraseFailure),
  session_unknown: (_, language) => answer('InvalidToken', inLanguage(language).invalidToken),
  session_unusable: (_, language) => answer('SessionError', inLanguage(language).sessionError),
  access_denied: ({ object }, language) => {
    const say = inLanguage(language)
    if (object === 'authority') return answer('AccessDenied', say.authorityOfAnother)
    if (object === 'certificate') return answer('AccessDenied', say.certificateOfAnother)
    return answer('AccessDenied', say.accessDenied)
  },
  permission_missing: (_, language) => answer('AccessDenied', inLanguage(language).accessDenied),

  rate_exceeded: ({ limit, windowMs, retryAfterMs }, language) => ({
    ...answer('RateLimitExceeded', inLanguage(language).rateExceeded(limit, windowMs, retryAfterMs)),
    retryAfterMs,
  }),
  login_throttled: throttled,
  overloaded: throttled,
  // Not the caller's fault and not for ever: 503 instead of the 500 that goes with the code.
  store_busy: ({ retryAfterMs }, language) => ({ ...unavailable(language), retryAfterMs }),
  store_full: ({ retryAfterMs }, language) => ({ ...unavailable(language), retryAfterMs }),
  maintenance: ({ retryAfterMs, message }, language) => ({
    ...unavailable(language, message),
    retryAfterMs,
  }),
  store_failed: (_, language) => unavailable(language),
  signing_refused: (_, language) => unavailable(language),
  issuance_uncertain: (_, language) => answer('UnknownError', inLanguage(language).issuanceUncertain),

  // Nothing is ordered at this face.
  ...answerEveryOrderFault(unknownError),
  ...answerEveryLifecycleFault(unknownError),
} satisfies FaultTable<TinycertAnswer>

/** The answer to a fault, in one language. */
export function answerToFault(fault: Fault, language: Language): TinycertAnswer {
  return answerTo<TinycertAnswer>(faults, fault, language)
}

function keyRefused(_: unknown, language: Language): TinycertAnswer {
  return answer('InputFailure', inLanguage(language).keyRefused)
}

function signatureFailure(_: unknown, language: Language): TinycertAnswer {
  return answer('SignatureFailure', inLanguage(language).signatureFailure)
}

function throttled({ retryAfterMs }: { readonly retryAfterMs: number }, language: Language): TinycertAnswer {
  return { ...answer('RateLimitExceeded', inLanguage(language).throttled(retryAfterMs)), retryAfterMs }
}

/** @param operator what the operator says about it; null: nothing */
function unavailable(language: Language, operator: string | null = null): TinycertAnswer {
  return { ...answer('UnknownError', inLanguage(language).unavailable(operator)), httpStatus: 503 }
}

function unknownError(_: unknown, language: Language): TinycertAnswer {
  return answer('UnknownError', inLanguage(language).unknownError(null))
}

/** Reasons raised by other layers have no text here. */
function ownText(texts: Readonly<Record<string, string>>, reason: string): string | undefined {
  return Object.hasOwn(texts, reason) ? texts[reason] : undefined
}
