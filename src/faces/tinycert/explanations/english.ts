import type { ErrorExplanation } from '../../../core/catalogue.ts'
import type { TinycertCode } from '../codes.ts'

/** What the documentation says about each code, in English. */
export const english: Readonly<Record<TinycertCode, ErrorExplanation>> = {
  AccessDenied: {
    meaning: 'The CA or certificate exists, but it belongs to another account.',
    causes: [
      'ca_id or cert_id was taken from another account or another installation',
      'the program connected with the address of the wrong account',
      'the operator disabled the account',
    ],
    fix: 'Take identifiers from /ca/list and /cert/list of the account that is connected.',
    retry: 'Not as it is: the same request is refused again.',
  },
  AccountError: {
    meaning: 'The stored data of the account is damaged.',
    causes: ['the account record fails its integrity check: it was changed outside the program'],
    fix: 'The operator restores the record from a backup and looks for what changed the database.',
    retry: 'After the operator has repaired the account.',
  },
  AccountNotFound: {
    meaning: 'There is no account with this email address.',
    causes: ['email is misspelt', 'the account is on another installation'],
    fix: 'Send the address the account was created with; letter case does not matter.',
    retry: 'Not as it is: the same request is refused again.',
  },
  AccountNotLoaded: {
    meaning: 'The data of the account could not be loaded.',
    causes: [
      'the account was removed while a session was open',
      'the stored API key of the account cannot be opened',
    ],
    fix: 'Ask the operator whether the account still exists and its data are whole.',
    retry: 'After the operator has made the account available again.',
  },
  ApiKeyMismatch: {
    meaning: 'The digest of /connect was not made with the API key of this account.',
    causes: [
      'the API key belongs to another account or was copied incompletely',
      'the digest was calculated over other bytes than those that were sent',
      'the API key was decoded from hex: its text is the key',
    ],
    fix: 'Use the API key as text, calculate HMAC-SHA-256 over the exact body before "&digest=", and send that body.',
    retry: 'Not as it is: the same request is refused again.',
  },
  InputFailure: {
    meaning: 'A parameter has a value that is not valid; the text names the parameter.',
    causes: [
      'C is not an ISO 3166-1 alpha-2 code in upper case',
      'ca_id or cert_id is not a decimal number',
      'what, status or hash_method has a value outside its list',
      'a SAN is not a valid name of its type, or SANs is sent empty',
      'a parameter is sent twice, badly percent-encoded or not in UTF-8',
      'the body has another media type than application/x-www-form-urlencoded',
      'the body is larger than the limit (HTTP 413) or compressed (HTTP 415)',
    ],
    fix: 'Correct the parameter that the text names, sign the request again and send it.',
    retry: 'Not as it is: the same request is refused again.',
  },
  InvalidToken: {
    meaning: 'The session token is unknown or has expired.',
    causes: [
      'the session was not used for its idle time, 30 minutes unless the operator set another',
      '/disconnect was called with it',
      'the passphrase of the account was changed, which ends all its sessions',
    ],
    fix: 'Call /connect and use the new token.',
    retry: 'At once after connecting again.',
  },
  MethodDisallowed: {
    meaning: 'The request was not made with POST.',
    causes: ['a browser or a health check opened the address', 'a redirect turned POST into GET'],
    fix: 'Send POST to the https address itself.',
    retry: 'Not as it is: the same request is refused again.',
  },
  MissingParameter: {
    meaning: 'A required parameter is absent; the text names it.',
    causes: ['the parameter was left out', 'the body was not sent, or was lost in a redirect'],
    fix: 'Add the parameter, sign the request again and send it.',
    retry: 'Not as it is: the same request is refused again.',
  },
  NotFound: {
    meaning: 'There is no such CA, certificate, item or endpoint.',
    causes: [
      'ca_id or cert_id names nothing',
      'the CA was deleted, and its certificates with it',
      'the certificate was made elsewhere, so its key or request is not stored here',
      'the address is misspelt',
    ],
    fix: 'Take identifiers from /ca/list and /cert/list; check the address.',
    retry: 'Not as it is: the same request is refused again.',
  },
  NotLatest: {
    meaning: 'The certificate was reissued before and cannot be reissued again.',
    causes: ['the identifier of the old certificate was kept after a reissue'],
    fix: 'Reissue the newest one; /cert/list shows only those that were not superseded.',
    retry: 'Not as it is: the same request is refused again.',
  },
  PassphraseFailure: {
    meaning: 'The passphrase is wrong.',
    causes: [
      'the passphrase is misspelt or was changed',
      'a space or another character was encoded in a way that decodes to something else',
    ],
    fix: 'Send the passphrase the account has now, as UTF-8.',
    retry: 'Not as it is; after several wrong ones in a row, attempts are delayed.',
  },
  RateLimitExceeded: {
    meaning: 'CAs or certificates were created too fast, or too many attempts came at once.',
    causes: [
      'more CAs or certificates were created than the limit allows in its window',
      'several wrong passphrases came in a row',
      'many clients connected at the same moment',
    ],
    fix: 'Wait for the time in Retry-After; ask the operator for a higher limit when this happens often.',
    retry: 'As it is, after the seconds in Retry-After.',
  },
  SessionError: {
    meaning: 'The session exists, but what it needs to use keys is gone.',
    causes: ['the stored session does not open with this token: it was changed outside the program'],
    fix: 'Call /connect and use the new token.',
    retry: 'At once after connecting again.',
  },
  SignatureFailure: {
    meaning: 'The request is not signed properly.',
    causes: [
      'digest is missing, stands twice, or is not 64 hex digits',
      'the digest was calculated over other bytes than those that were sent',
      'the request was signed with the key of another account than the token belongs to',
    ],
    fix: 'Calculate HMAC-SHA-256 over the exact body before "&digest=", token included, and send that body.',
    retry: 'Not as it is: the same request is refused again.',
  },
  StatusDisallowed: {
    meaning: 'The certificate cannot take this status.',
    causes: [
      'the certificate is expired or obsolete',
      'expired or obsolete was asked for; these come by themselves',
      'the private key was proven to be in other hands, so the revocation stays',
    ],
    fix: 'Change only among good, hold and revoked; reissue a certificate that is expired.',
    retry: 'Not as it is: the same request is refused again.',
  },
  UnknownError: {
    meaning: 'The request failed inside the server.',
    causes: [
      'a stored CA cannot be opened',
      'the disk is full or the database does not answer (HTTP 503)',
      'a fault of the program; the log has the cause under the id of the request',
    ],
    fix: 'Give the operator the text of the answer and the time; after /cert/new or /cert/reissue look at /cert/list first.',
    retry: 'After Retry-After when the answer has one; otherwise after the operator has acted.',
  },
}
