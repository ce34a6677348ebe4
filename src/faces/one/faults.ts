import { answerTo, type Fault, type FaultDetails, type FaultTable, type Language } from '../../core/faults.ts'
import { answerEveryOrderFault, type ObjectKind } from '../../core/orders/order-faults.ts'
import { defectText, weaknessText } from './defects.ts'
import { type ErrorAnswer, errorAnswer } from './error-answer.ts'
import { objectNames } from './object-names.ts'
import type { Reason } from './reasons.ts'
import type { Complaint } from './refusal.ts'

type Row = (detail: unknown, language: Language) => ErrorAnswer

const say = (reason: Reason, about?: string, field?: string): ErrorAnswer =>
  errorAnswer([{ reason, ...(about !== undefined && { about }), ...(field !== undefined && { field }) }])

/** A reason that stands alone, whatever the facts are. */
const plain = (reason: Reason): Row => {
  const answer = say(reason)
  return () => answer
}

const absent = (object: ObjectKind, language: Language): ErrorAnswer =>
  say('object', objectNames[language][object])

/** One whose fault names no object. */
const gone =
  (object: ObjectKind): Row =>
  (_, language) =>
    absent(object, language)

const missing = (field: string): ErrorAnswer => say('member_missing', field, field)

/** A member of the body that is wrong. */
const member = (field: string): ErrorAnswer => say('member_invalid', field, field)

const csr = (about: string): ErrorAnswer => say('csr', about, 'csr')

const later = ({ retryAfterMs }: { readonly retryAfterMs: number }): ErrorAnswer =>
  errorAnswer([{ reason: 'unavailable' }], retryAfterMs)

/** @param message what the operator says about it; null: nothing */
const closed = ({ retryAfterMs, message }: FaultDetails['maintenance']): ErrorAnswer =>
  errorAnswer([{ reason: 'unavailable', ...(message !== null && { about: message }) }], retryAfterMs)

const tooOften = ({ retryAfterMs }: { readonly retryAfterMs: number }): ErrorAnswer =>
  errorAnswer([{ reason: 'rate' }], retryAfterMs)

/** What passes when an operator acts: nobody knows when. */
const untilSomebodyActs = 30_000
const unavailable: Row = () => errorAnswer([{ reason: 'unavailable' }], untilSomebodyActs)

/** One error for each rule, by its id. */
function brokenRules([first = 'unnamed', ...others]: readonly string[]): ErrorAnswer {
  const broken = (about: string): Complaint => ({ reason: 'certificate_refused', about })
  return errorAnswer([broken(first), ...others.map(broken)])
}

const internal = plain('internal')
const badKey = plain('key_invalid')
/** What is raised at other faces only, or would be a defect of ours here. */
const elsewhere = internal

/** What this face answers to every fault. */
export const faults = {
  ...answerEveryOrderFault(elsewhere),
  parameter_missing: ({ parameter }) => missing(parameter),
  parameter_invalid: ({ parameter }) => member(parameter),

  csr_malformed: ({ reason }) => csr(reason),
  csr_not_a_request: ({ received }) => csr(`it is ${received}`),
  csr_signature_invalid: () => csr('its signature does not prove possession of the key'),
  csr_algorithm_refused: ({ algorithm }) => csr(`it is signed with ${algorithm}`),
  csr_extension_refused: ({ extension }) => csr(`it asks for the extension ${extension}`),
  key_type_refused: ({ received, allowed }) =>
    csr(`keys of type ${received} are not taken, only ${allowed.join(', ')}`),
  key_size_refused: ({ bits, allowed }) =>
    csr(`keys of ${bits} bits are not taken, only of ${allowed.join(', ')}`),
  key_weak: ({ weakness }) => csr(weaknessText[weakness]),
  key_compromised: () => csr('its key is known to be compromised'),
  key_in_other_use: plain('key_in_other_use'),
  private_key_not_kept: () => say('recovery_impossible', 'it was not kept here'),
  server_keys_not_allowed: () => say('profile_refused', 'its CA takes no keys made by the server'),

  name_refused: ({ parameter, defect }) => say('name', `${parameter} ${defectText[defect]}`, parameter),
  names_missing: () => missing('attributes.subject.common_name'),
  names_too_many: ({ count, maximum }) =>
    say('name', `${count} names, at most ${maximum}`, 'attributes.extensions.san'),
  validity_refused: ({ limit }) => say('validity', limit, 'validity'),
  certificate_too_large: ({ bytes, maximum }) =>
    say('certificate_refused', `it has ${bytes} bytes, at most ${maximum} are allowed`),
  lint_failed: ({ findings }) => brokenRules(findings),

  account_unknown: badKey,
  account_exists: elsewhere,
  account_corrupt: internal,
  account_unavailable: internal,
  authority_unknown: gone('authority'),
  authority_not_active: plain('authority_inactive'),
  authority_role_refused: plain('authority_inactive'),
  authority_unusable: plain('authority_unusable'),
  certificate_unknown: gone('certificate'),
  certificate_superseded: () => say('state', 'renewed already'),
  certificate_not_issued: gone('certificate'),
  item_absent: elsewhere,
  status_change_refused: ({ from, to }) => say('status_change', `${from} to ${to}`),
  revocation_reason_refused: () => member('revocation_reason'),

  signature_missing: badKey,
  signature_mismatch: badKey,
  credential_unknown: badKey,
  passphrase_wrong: badKey,
  session_unknown: badKey,
  session_unusable: badKey,
  // The account is disabled, or the object is another one's; then it does not exist for the caller.
  access_denied: ({ object }, language) =>
    object === 'account' ? say('account_disabled') : absent(object, language),
  permission_missing: ({ permission }) => say('permission', permission),

  rate_exceeded: tooOften,
  login_throttled: tooOften,
  store_busy: later,
  store_full: later,
  overloaded: later,
  maintenance: closed,
  store_failed: unavailable,
  signing_refused: ({ reason }) =>
    errorAnswer([{ reason: reason === 'clock' ? 'signing_clock' : 'signing_restored' }], untilSomebodyActs),
  issuance_uncertain: internal,

  name_taken: ({ parameter, name }) => say('taken', name, parameter),
  version_conflict: plain('version'),
  ended: ({ what }) => say('ended', what),
  business_unit_unknown: plain('business_unit'),
  certificate_profile_unknown: plain('profile_not_accessible'),
  certificate_profile_refused: ({ reason }) => say('profile_refused', reason, 'profile.id'),
  certificate_duplicate: plain('certificate_duplicate'),
  certificate_already_revoked: plain('already_revoked'),
  certificate_not_suspended: plain('not_suspended'),
  serial_number_ambiguous: plain('serial_ambiguous'),
  renewal_too_early: ({ from }) => say('renewal_too_early', from),
  seats_exhausted: ({ seatType }) => say('seats_exhausted', seatType, 'seat'),
  enrollment_step_refused: ({ from, to }) => say('enrollment_step', `${from} to ${to}`, 'new_status'),
  enrollment_code_wrong: plain('enrollment_code'),
  enrollment_locked: plain('enrollment_locked'),
  recovery_not_approved: () => say('recovery_impossible', 'it has to be approved first'),
  recovery_impossible: ({ reason }) => say('recovery_impossible', reason),
  object_unknown: ({ object }, language) => absent(object, language),
  state_refused: ({ state }) => say('state', state),
  idempotency_conflict: plain('idempotency'),
} satisfies FaultTable<ErrorAnswer>

/** The answer to a fault. */
export function answerToFault(fault: Fault, language: Language): ErrorAnswer {
  return answerTo<ErrorAnswer>(faults, fault, language)
}
