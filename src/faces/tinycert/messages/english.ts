import type { FaultDetails, KeyWeakness, NameDefect } from '../../../core/faults.ts'
import type { InputReason } from '../input-reason.ts'
import { parameterName, quote } from './quote.ts'

const inputReasons: Readonly<Record<InputReason, string>> = {
  'percent-encoding': 'is not percent-encoded correctly: "%" takes two hex digits after it',
  'not-utf8': 'is not UTF-8: encode text as UTF-8 before percent-encoding it',
  nul: 'holds the character U+0000: leave it out',
  brackets: 'has brackets that do not match: write nested names as SANs[0][DNS]',
  'too-deep': 'is nested too deeply: at most two brackets may follow a name',
  'too-many-pairs': 'holds too many parameters: send at most 1,000',
  repeated: 'is given more than once: send it once',
  'not-text': 'takes one value: send it without brackets',
  empty: 'must not be empty',
  'not-an-id': 'must be a decimal identifier, such as 41',
  'hash-method': 'must be sha256 (or sha1 where it is allowed)',
  'sha1-not-granted': 'must be sha256: SHA-1 is not allowed for this account',
  'ca-item': 'must be cert',
  'certificate-item': 'must be one of cert, chain, csr, key.dec, key.enc, pkcs12',
  'status-flags': 'must be a sum of 1 (expired), 2 (good), 4 (revoked) and 8 (hold), so 1 to 15',
  'status-word': 'must be one of good, hold, revoked',
  'names-empty': 'must not be empty: leave SANs out when there are none',
  'names-form': 'must have the form SANs[0][DNS], numbered from 0',
  'name-type': 'must have one of the types DNS, IP, email, URI, written exactly so',
  'strict-path': 'must be the endpoint that the request is sent to, such as cert/new',
  'strict-time': "must be the time in Unix seconds, at most 5 minutes from the server's clock",
  'strict-nonce': 'must be 16 to 64 letters, digits, "-" and "_"',
  'strict-nonce-used': 'was used before: take a new one for each request',
}

const nameDefects: Readonly<Record<NameDefect, string>> = {
  empty: 'it is empty',
  'too-long': 'it is too long',
  'label-too-long': 'a label is longer than 63 characters',
  'too-many-labels': 'it has too many labels',
  'empty-label': 'a label is empty',
  'trailing-dot': 'it ends in a dot; leave the dot out',
  hyphen: 'a label starts or ends with a hyphen',
  'reserved-label': 'a label has "--" as third and fourth character without being an A-label',
  punycode: 'a label that starts with xn-- does not decode to a valid name',
  underscore: 'underscores are not allowed',
  character: 'it holds a character that is not allowed there',
  'control-character': 'it holds a control character',
  wildcard: 'a wildcard may only be the whole leftmost label, as in *.example.com',
  'wildcard-public-suffix': 'a wildcard right under a public suffix is not allowed',
  'address-as-name': 'it is an IP address; send it as type IP',
  address: 'it is not an IPv4 or IPv6 address',
  'address-special-purpose': 'the address is reserved for special purposes',
  internal: 'it is an internal name',
  email: 'it is not an email address',
  uri: 'it is not a URI',
  'type-not-allowed': 'this type of name is not allowed here',
  'not-a-name': 'it is not a name',
  country: 'it is not an ISO 3166-1 alpha-2 code in upper case, such as NL',
  'outside-constraints': 'the CA may not issue for it',
  'not-among-alternative-names': 'it is not among the SANs',
}

const weaknesses: Readonly<Record<KeyWeakness, string>> = {
  roca: 'it was made by a faulty generator (ROCA)',
  debian: 'it is one of the predictable Debian keys',
  fermat: 'its primes lie too close together',
  'small-factor': 'its modulus has a small factor',
  exponent: 'its exponent is not 65537',
  modulus: 'its modulus is not sound',
  curve: 'its curve is not allowed',
  'explicit-curve': 'its curve is given by parameters',
  point: 'its point is not on the curve',
  published: 'its private half is public knowledge',
}

const validityReasons: Readonly<Record<FaultDetails['validity_refused']['reason'], string>> = {
  'too-long': 'the lifetime is longer than the CA may give',
  'outlives-issuer': 'a certificate of one year would outlive its CA',
  'starts-in-future': 'the certificate would start in the future',
  backdated: 'the certificate would start too far in the past',
  'ends-before-start': 'the certificate would end before it starts',
}

/** Whole seconds, rounded up. */
function seconds(ms: number): string {
  const count = Math.max(1, Math.ceil(ms / 1_000))
  return `${count} second${count === 1 ? '' : 's'}`
}

/** Every sentence this face says, in English. The other languages must satisfy its type. */
export const english = {
  parameterMissing: (parameter: string) =>
    `Parameter ${parameterName(parameter)} is required. Add it, sign the request again and send it.`,
  inputReasons,
  parameterInvalid: (parameter: string, reason: string | undefined) =>
    `Parameter ${parameterName(parameter)} ${reason ?? 'has a value that is not valid'}.`,
  nameDefects,
  nameRefused: (parameter: string, value: string, defect: string) =>
    `Parameter ${parameterName(parameter)} has the value ${quote(value)}, which cannot be certified: ${defect}.`,
  namesMissing: 'Parameter CN must not be empty when there are no SANs: a certificate needs a name.',
  namesTooMany: (count: number, maximum: number) =>
    `Parameter SANs holds ${count} names. At most ${maximum} fit into one certificate: split them over several.`,
  certificateTooLarge: (bytes: number, maximum: number) =>
    `Parameter SANs makes the certificate ${bytes} bytes long. At most ${maximum} are allowed: send fewer names.`,
  validityReasons,
  validityRefused: (reason: string) =>
    `Parameter ca_id names a CA that cannot issue this certificate: ${reason}. Make a new CA with /ca/new.`,
  lintFailed: (findings: string) =>
    `Parameter CN or SANs leads to a certificate that breaks a rule (${findings}). Change the names.`,
  weaknesses,
  keyWeak: (weakness: string) =>
    `Parameter cert_id names a certificate whose key is weak: ${weakness}. Make a new certificate with /cert/new.`,
  keyRefused:
    'Parameter cert_id names a certificate whose key may no longer be certified. Make a new certificate with /cert/new.',
  authorityNotActive: 'Parameter ca_id names a CA that no longer issues. Make a new CA with /ca/new.',
  mediaType: (received: string) =>
    `Content-Type ${quote(received)} is not read here. Send the parameters as application/x-www-form-urlencoded.`,
  mediaTypeMalformed: 'Content-Type is no media type. Send application/x-www-form-urlencoded.',
  contentEncoding: 'This content coding is not accepted. Send the body without compression.',
  headTooLarge: 'The address or the header is too long. Send the parameters in the body.',
  plainHttpRefused: 'Plain HTTP is refused here. Use the https address.',
  bodyTooLarge: 'The body is too large. Send fewer or shorter parameters.',
  bodyUnreadable: 'The body could not be read. Send the parameters as application/x-www-form-urlencoded.',
  revocationReasonRefused: 'Parameter status asks for a revocation reason that cannot be given.',
  accountExists: (email: string) => `Parameter email has the value ${quote(email)}, which is taken.`,
  methodDisallowed: (method: string) => `Method ${quote(method)} is not allowed. Send a POST request.`,
  pathUnknown: (path: string) =>
    `There is no endpoint ${quote(path)}. Check the address against the list of endpoints.`,
  authorityUnknown: 'There is no CA with this ca_id. Ask /ca/list for the identifiers.',
  certificateUnknown: 'There is no certificate with this cert_id. Ask /cert/list for the identifiers.',
  itemAbsent: (item: string) =>
    `This certificate has no ${item} stored here. Ask for another item, or keep your own copy.`,
  certificateSuperseded:
    'This certificate was reissued before. Reissue the newest one; /cert/list shows its identifier.',
  statusChangeRefused: (from: string, to: string) =>
    `The status cannot change from ${from} to ${to}: only good, hold and revoked can be exchanged. Reissue the certificate instead.`,
  authorityOfAnother: 'This CA belongs to another account. Ask /ca/list for your own.',
  certificateOfAnother: 'This certificate belongs to another account. Ask /cert/list for your own.',
  accessDenied: 'This account may not do that. Ask whoever runs this server.',
  accountUnknown: 'There is no account with this email address. Check parameter email.',
  accountCorrupt: 'The stored data of this account is damaged. Ask whoever runs this server to restore it.',
  accountUnavailable: 'The data of this account could not be loaded. Ask whoever runs this server.',
  apiKeyMismatch:
    'The digest does not fit the API key of this account. Check the API key and how the digest is calculated.',
  signatureFailure:
    'The request is not signed properly. Append digest: HMAC-SHA-256 of the other parameters as sent, under the API key, as 64 hex digits.',
  passphraseFailure: 'The passphrase is wrong. Check parameter passphrase.',
  invalidToken: 'The token is unknown or has expired. Connect again with /connect.',
  sessionError: 'The session is not set up properly. Connect again with /connect.',
  rateExceeded: (limit: number, windowMs: number, retryAfterMs: number) =>
    `Too many were created: at most ${limit} in ${seconds(windowMs)}. Try again in ${seconds(retryAfterMs)}.`,
  throttled: (retryAfterMs: number) =>
    `Too many attempts at the moment. Try again in ${seconds(retryAfterMs)}.`,
  /** @param operator what the operator says about it; null: nothing */
  unavailable: (operator: string | null) =>
    `The service cannot do this at the moment. Try again later.${operator === null ? '' : ` The operator says: ${operator}`}`,
  issuanceUncertain:
    'It is not certain whether the certificate was made. Look for it with /cert/list before trying again.',
  unknownError: (requestId: string | null) =>
    `The request failed inside the server. Ask whoever runs it${requestId === null ? '' : `, naming request ${requestId}`}.`,
}

/** The sentences of one language. */
export type Messages = typeof english
