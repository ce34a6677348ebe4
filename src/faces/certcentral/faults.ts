import { answerTo, type Fault, type FaultTable, type Language, type NameDefect } from '../../core/faults.ts'
import { answerEveryLifecycleFault } from '../../core/lifecycle/lifecycle-faults.ts'
import type { ObjectKind } from '../../core/orders/order-faults.ts'
import { challengeWordings, endpointWording, operatorSays } from './codes/particulars.ts'
import { type Code, errorAnswer } from './codes.ts'
import { isCharacterDefect } from './name-defects.ts'
import type { ErrorAnswer } from './wire-error.ts'

type Row = (detail: unknown, language: Language) => ErrorAnswer

/** A code that stands alone, whatever the facts are. */
const plain =
  (code: Code): Row =>
  (_, language) =>
    errorAnswer([{ code }], language)

const say = (language: Language, code: Code, about: string): ErrorAnswer =>
  errorAnswer([{ code, about }], language)

/** Only orders and products have a qualifier of their own. */
function unknownObject(object: ObjectKind, language: Language): ErrorAnswer {
  return errorAnswer([{ code: object === 'order' ? 'not_found|order' : 'not_found' }], language)
}

const later = ({ retryAfterMs }: { readonly retryAfterMs: number }, language: Language): ErrorAnswer => ({
  ...errorAnswer([{ code: 'service_unavailable' }], language),
  retryAfterMs,
})

/** @param message what the operator says about it; null: nothing */
const closed = (
  { retryAfterMs, message }: { readonly retryAfterMs: number; readonly message: string | null },
  language: Language,
): ErrorAnswer => {
  const more = message === null ? undefined : operatorSays(message)
  return { ...errorAnswer([{ code: 'service_unavailable', ...(more && { more }) }], language), retryAfterMs }
}

const csr = plain('csr_invalid_cannot_parse')
const internal = plain('internal_error')
const unavailable = plain('service_unavailable')
const badKey: Row = (_, language) => say(language, 'access_denied', 'access_denied_invalid_key')
const noPermission: Row = (_, language) => say(language, 'access_denied', 'missing_permission')

/** Codes of their own, for common names, for each of the organizational units and for addresses. */
function subjectCode(parameter: string, defect: NameDefect): Code | undefined {
  const tooLong = defect === 'too-long'
  if (parameter === 'certificate.common_name') {
    return tooLong ? 'rfc5280_common_name_too_long' : 'rfc5280_common_name_invalid'
  }
  if (parameter.startsWith('certificate.organization_units')) {
    return tooLong ? 'rfc5280_org_unit_too_long' : 'rfc5280_org_unit_invalid'
  }
  if (parameter.startsWith('certificate.emails')) return 'email_not_valid_email_format'
  return undefined
}

/** What this face answers to every fault. */
export const faults = {
  parameter_missing: ({ parameter }, language) => say(language, 'required_param', parameter),
  parameter_invalid: ({ parameter }, language) => say(language, 'invalid_value', parameter),

  csr_malformed: csr,
  csr_not_a_request: csr,
  csr_signature_invalid: csr,
  csr_algorithm_refused: csr,
  csr_extension_refused: csr,
  key_type_refused: csr,
  key_size_refused: csr,
  key_weak: csr,
  key_compromised: csr,
  key_in_other_use: csr,
  private_key_not_kept: plain('not_found'),
  server_keys_not_allowed: csr,

  name_refused: ({ parameter, defect }, language) => {
    if (defect === 'internal' || defect === 'address-special-purpose') {
      return errorAnswer([{ code: 'internal_names_not_allowed' }], language)
    }
    const code = subjectCode(parameter, defect)
    if (code !== undefined) return errorAnswer([{ code }], language)
    return say(language, isCharacterDefect(defect) ? 'invalid_chars' : 'invalid_value', parameter)
  },
  names_missing: (_, language) => say(language, 'required_param', 'certificate.common_name'),
  names_too_many: plain('product_name_limit_exceeded'),
  validity_refused: (_, language) => say(language, 'invalid_value', 'order_validity'),
  certificate_too_large: plain('product_name_limit_exceeded'),
  lint_failed: plain('rfc5280_common_name_invalid'),

  account_unknown: badKey,
  account_exists: (_, language) => say(language, 'invalid_value', 'email'),
  account_corrupt: internal,
  account_unavailable: internal,
  authority_unknown: plain('invalid_ca_cert_id'),
  authority_not_active: plain('invalid_ca_cert_id'),
  authority_role_refused: plain('invalid_ca_cert_id'),
  authority_unusable: internal,
  certificate_unknown: plain('not_found'),
  certificate_superseded: plain('pending_reissue'),
  certificate_not_issued: plain('not_found'),
  item_absent: plain('not_found'),
  status_change_refused: (_, language) => say(language, 'invalid_value', 'status'),
  revocation_reason_refused: (_, language) => say(language, 'invalid_value', 'revocation_reason'),

  signature_missing: badKey,
  signature_mismatch: badKey,
  credential_unknown: badKey,
  passphrase_wrong: badKey,
  session_unknown: badKey,
  session_unusable: badKey,
  access_denied: badKey,
  permission_missing: noPermission,

  rate_exceeded: ({ retryAfterMs }, language) => ({
    ...errorAnswer([{ code: 'request_limit_exceeded' }], language),
    retryAfterMs,
  }),
  login_throttled: ({ retryAfterMs }, language) => ({
    ...errorAnswer([{ code: 'request_limit_exceeded' }], language),
    retryAfterMs,
  }),
  store_busy: later,
  store_full: later,
  overloaded: later,
  maintenance: closed,
  store_failed: unavailable,
  signing_refused: unavailable,
  issuance_uncertain: internal,

  object_unknown: ({ object }, language) => unknownObject(object, language),
  state_refused: ({ parameter, state }, language) =>
    parameter === 'order_id' && state === 'revoked'
      ? errorAnswer([{ code: 'order_already_revoked' }], language)
      : say(language, 'invalid_value', parameter),
  product_unknown: plain('not_found|product'),
  product_not_allowed: plain('product_not_allowed'),
  product_ambiguous: plain('ambiguous_product'),
  product_names_exceeded: plain('product_name_limit_exceeded'),
  wildcard_foreign_name: plain('other_domain_on_wildcard'),
  names_internal: plain('internal_names_not_allowed'),
  csr_not_taken: plain('csr_not_allowed'),
  authority_choice_missing: plain('missing_ca_cert_id'),
  authority_choice_invalid: plain('invalid_ca_cert_id'),
  private_authority_absent: plain('no_private_ca_enabled'),
  domain_disabled: plain('disabled_domain'),
  domain_not_allowed: plain('domain_not_allowed'),
  domain_protected: plain('protected_domain'),
  domain_lock_unavailable: ({ action }, language) =>
    errorAnswer(
      [{ code: action === 'activate' ? 'cannot_activate_domain_lock' : 'cannot_deactivate_domain_lock' }],
      language,
    ),
  control_not_proven: ({ method }, language) => errorAnswer([{ code: proofCodes[method] }], language),
  control_method_mismatch: plain('invalid_dns_method'),
  caa_forbids: ({ domain }, language) => say(language, 'caa_check_failed', domain),
  caa_absent: ({ domain }, language) => say(language, 'caa_not_found', domain),
  auth_key_exists: plain('auth_key_exists_for_account'),
  organization_inactive: plain('inactive_organization'),
  organization_invalid: plain('rfc5280_org_invalid'),
  organization_name_too_long: plain('rfc5280_org_name_too_long'),
  address_field_too_long: plain('rfc5280_address_field_too_long'),
  email_domain_not_validated: plain('email_domain_not_validated'),
  ct_off: plain('ct_logging_disabled'),
  ct_choice_not_allowed: plain('not_allowed_to_change_ct_setting_per_order'),
  expiration_choice_not_allowed: plain('custom_expiration_not_allowed'),
  order_validity_exceeded: plain('cert_validity_exceeds_order_validity'),
  reissue_pending: plain('pending_reissue'),
  duplicate_not_eligible: plain('order_not_eligible_for_duplicate'),
  duplicate_common_name: plain('invalid_common_name_on_duplicate'),
  duplicate_name_foreign: plain('invalid_dns_name_on_duplicate'),
  duplicate_name_missing: plain('missing_dns_name_on_duplicate'),
  renewal_not_eligible: plain('order_not_eligible_for_renewal'),
  renewed_already: plain('order_renewed_already'),
  primary_certificate: plain('cannot_archive_primary_certificate'),
  approver_refused: (_, language) => say(language, 'access_denied', 'invalid_approver'),
  idempotency_conflict: plain('idempotency_conflict'),
  custom_field_missing: plain('missing_required_custom_field'),
  custom_field_invalid: plain('invalid_custom_field_value'),
  payment_method_refused: plain('invalid_payment_method'),
  funds_insufficient: plain('insufficient_funds'),
  username_taken: plain('username_unavailable'),
  endpoint_failed: ({ failure }, language) =>
    errorAnswer([{ code: 'invalid_value', about: 'endpoint', more: endpointWording(failure) }], language),
  challenge_open: ({ parameter, defect }, language) =>
    errorAnswer([{ code: 'invalid_value', about: parameter, more: challengeWordings[defect] }], language),
  ...answerEveryLifecycleFault(internal),
} satisfies FaultTable<ErrorAnswer>

/** The code that says where the random value was not found. Mails are answered, not looked for. */
const proofCodes = {
  email: 'invalid_dns_method',
  'dns-txt-token': 'invalid_dns_txt',
  'dns-cname-token': 'invalid_dns_cname',
  'http-token': 'file_random_value_not_found',
} as const satisfies Readonly<Record<string, Code>>

/** The answer to a fault. */
export function answerToFault(fault: Fault, language: Language): ErrorAnswer {
  return answerTo<ErrorAnswer>(faults, fault, language)
}
