import type { FaultTable, NameDefect } from '../core/faults.ts'
import { answerEveryLifecycleFault } from '../core/lifecycle/lifecycle-faults.ts'
import { answerEveryOrderFault } from '../core/orders/order-faults.ts'

const nameDefects: Readonly<Record<NameDefect, string>> = {
  empty: 'it is empty',
  'too-long': 'it is too long',
  'label-too-long': 'one of its labels is longer than 63 characters',
  'too-many-labels': 'it has too many labels',
  'empty-label': 'one of its labels is empty',
  'trailing-dot': 'it ends in a dot',
  hyphen: 'a label begins or ends with a hyphen',
  'reserved-label': 'a label has hyphens in its third and fourth place without being an A-label',
  punycode: 'an A-label in it is not valid',
  underscore: 'it has an underscore',
  character: 'it has a character that names may not have',
  'control-character': 'it has a control character',
  wildcard: 'a wildcard stands alone as the leftmost label: *.example.internal',
  'wildcard-public-suffix': 'the wildcard covers a whole public suffix',
  'address-as-name': 'it is an address in the place of a name',
  address: 'it is not an IPv4 or IPv6 address',
  'address-special-purpose': 'it is an address for special purposes, which this CA was not granted',
  internal: 'it is an internal name, which this CA was not granted',
  email: 'it is not an email address',
  uri: 'it is not a URI',
  'type-not-allowed': 'the profile does not allow names of this type',
  'not-a-name': 'it is neither a DNS name nor an address',
  country: 'it is not an ISO 3166-1 alpha-2 code in upper case',
  'outside-constraints': 'it lies outside the name constraints of the CA',
  'not-among-alternative-names': 'the common name has to stand among the alternative names',
}

const seconds = (milliseconds: number) => `${Math.max(1, Math.ceil(milliseconds / 1000))} s`

/** What the command line says to each fault: what is wrong and what to do, one line, in English. */
export const messages = {
  parameter_missing: ({ parameter }) => `"${parameter}" is needed`,
  parameter_invalid: ({ parameter, reason }) => `"${parameter}" is not valid: ${reason}`,

  csr_malformed: ({ reason }) => `the request is not a PKCS#10 request in DER or PEM: ${reason}`,
  csr_not_a_request: ({ received }) => `the file holds ${received}, not a certificate request`,
  csr_signature_invalid: () => 'the request is not signed by the key in it: make it again',
  csr_algorithm_refused: ({ algorithm }) =>
    `the request is signed with ${algorithm}: make it again with SHA-256`,
  csr_extension_refused: ({ extension }) =>
    `the request asks for the extension ${extension}: make it without`,

  key_type_refused: ({ received, allowed }) =>
    `keys of type ${received} are not allowed here; take one of ${allowed.join(', ')}`,
  key_size_refused: ({ bits, allowed }) =>
    `a key of ${bits} bits is not allowed; take one of ${allowed.join(', ')}`,
  key_weak: ({ weakness }) => `the key is weak (${weakness}): make a new one`,
  key_compromised: () => 'the key is listed as compromised here: make a new one',
  key_in_other_use: () => 'the key is in use for something else here: make a new one',
  private_key_not_kept: () => 'the private key was never kept here: it is where the request was made',
  server_keys_not_allowed: () => 'this CA makes no keys for others: bring a request with --csr',

  name_refused: ({ value, defect }) => `"${value}" is refused: ${nameDefects[defect]}`,
  names_missing: () => 'no name to certify: give at least one',
  names_too_many: ({ count, maximum }) =>
    `${count} names are more than the ${maximum} allowed in one certificate`,
  validity_refused: ({ reason, limit }) => `the validity is refused (${reason}): the limit is ${limit}`,
  certificate_too_large: ({ bytes, maximum }) =>
    `the certificate would have ${bytes} bytes, more than ${maximum}: use fewer names`,
  lint_failed: ({ findings }) => `the certificate would break the rules: ${findings.join('; ')}`,

  account_unknown: () => 'there is no such account; "chancery account list" shows them',
  account_exists: ({ email }) =>
    `an account with the address ${email} exists already; "chancery account list" shows it`,
  account_corrupt: () =>
    'the record of the account was changed outside the program: restore it from a backup',
  account_unavailable: () =>
    'the account is gone or cannot be read; "chancery account list" shows what there is',
  authority_unknown: () => 'there is no such CA; "chancery ca list" shows them',
  authority_not_active: () => 'the CA is closed and signs nothing new; "chancery ca list" shows the others',
  authority_role_refused: () =>
    'CAs may stand below this CA, so it issues no leaves: take one below it, or grant it with "chancery ca set ID leaves=on"',
  authority_unusable: () =>
    'the CA cannot be opened: its record or its key is damaged; the log has the cause',
  certificate_unknown: () => 'there is no such certificate; "chancery cert list" shows them',
  certificate_superseded: () => 'the certificate was reissued already: use the one that took its place',
  certificate_not_issued: ({ state }) => `the certificate was not issued: it is ${state}`,
  item_absent: ({ item }) => `there is no ${item} here`,

  status_change_refused: ({ from, to }) => `a certificate that is ${from} cannot become ${to}`,
  revocation_reason_refused: ({ reason }) => `"${reason}" is no reason for revoking this certificate`,

  signature_missing: () => 'the signature is missing',
  signature_mismatch: () => 'the signature does not fit',
  credential_unknown: () => 'there is no such key, or it was revoked before; "chancery key list" shows them',
  passphrase_wrong: () => 'the passphrase is wrong, or it was changed meanwhile',
  session_unknown: () => 'there is no such session',
  session_unusable: () => 'the session cannot be opened',
  access_denied: ({ object }) => `the ${object} belongs to another account; --account names the owner`,
  permission_missing: ({ permission }) => `this needs the permission ${permission}`,

  rate_exceeded: ({ limit, windowMs, retryAfterMs }) =>
    `more than ${limit} in ${seconds(windowMs)}: try again in ${seconds(retryAfterMs)}`,
  login_throttled: ({ retryAfterMs }) => `too many wrong passphrases: try again in ${seconds(retryAfterMs)}`,
  store_busy: ({ retryAfterMs }) =>
    `another process holds the database: try again in ${seconds(retryAfterMs)}`,
  store_full: () => 'the disk is full: make room and try again',
  store_failed: () => 'the database could not be written: check disk and log, then start again',
  overloaded: ({ retryAfterMs }) => `too much at once: try again in ${seconds(retryAfterMs)}`,
  maintenance: ({ retryAfterMs }) => `the APIs are closed for maintenance for ${seconds(retryAfterMs)}`,
  signing_refused: ({ reason }) => signingRefusals[reason],
  issuance_uncertain: () =>
    'whether the certificate was issued could not be found out; "chancery cert list" shows it when it was',

  ...answerEveryOrderFault(() => 'this is done through the ordering API, not from the command line'),
  ...answerEveryLifecycleFault(() => 'this is done through the DigiCert ONE APIs, not from the command line'),
  control_not_proven: ({ method, names }) =>
    `the random value of ${names.join(', ')} was not found by ${method}; publish it, or wait until DNS shows it`,
  control_method_mismatch: () =>
    'the domain is approved by mail: open the link that was sent, or let the account choose another method',
  domain_disabled: ({ name }) => `${name} is deactivated`,
  object_unknown: ({ object }) => `there is no such ${object}`,
  organization_inactive: () => 'the organization is closed: open it first, or take another',
  state_refused: ({ object, state }) => `the ${object} is ${state}, so this cannot be done`,
} satisfies FaultTable<string>

const signingRefusals = {
  restored:
    'the database is older than what was published from it: check where it comes from, then run "chancery recover --confirm"',
  clock:
    'the clock of this machine is behind the last signature: set it right and try again; if it was ahead before, see "chancery clock"',
} as const
