import { type Explanations, explainer } from './explanation.ts'

const say = explainer('Not as it is: the same request fails again.')

/** What the documentation says about each code, in English. */
export const english: Explanations = {
  invalid_request: say(
    'The request was understood, but something in it is wrong.',
    [
      'a member of the body is missing or not valid; `field` names it',
      'the CSR, a name or the validity is not one that may be certified',
      'the certificate is in a state in which this cannot be done, such as revoked already',
    ],
    'Read `message` and `field`, correct the request, and send it again.',
  ),
  invalid_input_field: say(
    'A parameter of the query string is missing or not valid.',
    ['`field` names a parameter that is required', 'its value is of another form, or out of its bounds'],
    'Correct the parameter that `field` names.',
  ),
  pagination_limit_exceeded: say(
    'The page that was asked for lies beyond what can be listed.',
    ['limit is greater than `max_limit`', 'offset and limit together are greater than `max_result_window`'],
    'Ask for smaller pages, and narrow long lists by filters instead of paging to their end.',
  ),
  invalid_api_key: say(
    'The request shows no credential that works.',
    [
      'the header x-api-key is absent, misspelt or cut short',
      'the end date of the token or of its service user has passed: both work until 23:59:59 UTC of that day',
      'the token was disabled or deleted, or its user or account is disabled',
      'the key belongs to another environment: sandbox (demo) keys do not work in production, nor the reverse',
      'the client certificate has expired, was revoked, or is disabled',
    ],
    'Send a working token in x-api-key; an administrator makes one with POST /account/api/v1/api-access-token.',
  ),
  access_denied: say(
    'The credential works, but may not do this.',
    [
      'no role of its user has the permission that the message names',
      'the request names another account than that of the credential',
      'the certificate profile does not exist, or is bound to another key',
      'an enrollment code is wrong, or locked after too many wrong ones',
    ],
    'Look at GET /account/api/v1/user/me and /role, and use another credential or ask an administrator for the role.',
  ),
  no_access: say(
    'There is no such business unit that the credential can see.',
    ['the id is misspelt', 'the business unit belongs to another account, or was deleted'],
    'Take the id from GET /mpki/api/v1/business-unit.',
  ),
  resource_not_found: say(
    'There is no such object that the credential can see, or no such path.',
    [
      'the id or the serial number is misspelt or belongs to another account',
      'the object was deleted',
      'the path misses its prefix (/account/api, /mpki/api, /certificate-authority/api) or its version',
    ],
    'Take ids from the lists that the same credential reads; compare the path with the list under /docs.',
  ),
  method_not_allowed: say(
    'The path exists, but takes other methods.',
    ['a PUT was sent as POST, or the reverse'],
    'Use one of the methods in the header Allow.',
  ),
  request_too_large: say(
    'The body is larger than this path takes.',
    ['more was sent in one request than a request may hold'],
    'Send less in one request; imports take several.',
  ),
  unsupported_media_type: say(
    'The body has a media type or a content coding that is not taken.',
    [
      'Content-Type is not application/json: curl -d sends a form unless it is told otherwise',
      'the body is compressed',
    ],
    'Send Content-Type: application/json, and the body without compression.',
  ),
  duplicate_error: say(
    'Something of this name or for this use exists already.',
    [
      'the friendly name or the name of a token is taken',
      'the seat exists in this business unit',
      'the profile allows one valid certificate for a subject and seat',
    ],
    'Read the existing object and decide: use it, or choose another name.',
  ),
  version_conflict: say(
    'Somebody changed the object since it was read.',
    ['the version in If-Match is not the present one'],
    'Read the object again, apply the change to what it is now, and send the new ETag in If-Match.',
  ),
  state_conflict: say(
    'The object is in a state in which this cannot be done.',
    [
      'the end date of a token or service user has passed, so it cannot be moved',
      'an enrollment was redeemed already',
      'a certificate was renewed already',
    ],
    'Read the object; make a new one where it has ended.',
  ),
  idempotency_conflict: say(
    'The Idempotency-Key was used for another request in the last 24 hours.',
    ['one key was sent with two different bodies or paths'],
    'Use a new key for every new request, and the same key only to repeat one unchanged.',
  ),
  unprocessable_request: say(
    'The key of a certificate cannot be recovered.',
    ['it was never kept here', 'the recovery has not been approved by a second person'],
    'Have the recovery approved with POST /mpki/api/v1/certificate/escrow/approve/{serial}.',
  ),
  rate_limit_exceeded: say(
    'One credential made more requests than a short or a long window allows.',
    [
      'more than 100 requests in 5 seconds, or 1000 in 3 minutes, unless the operator set other figures',
      'several programs share one token',
      'too many requests with credentials that do not work came from one address',
    ],
    'Send fewer requests, or give each program a service user of its own. Refused requests are not counted.',
    'Yes, after the time in Retry-After.',
  ),
  client_error: say(
    'One credential made more requests to Trust Lifecycle Manager than a short or a long window allows.',
    [
      'more than 100 requests in 5 seconds, or 1000 in 3 minutes, unless the operator set other figures',
      'several programs share one token',
    ],
    'Send fewer requests, or give each program a service user of its own. Refused requests are not counted.',
    'Yes, after the time in Retry-After.',
  ),
  internal_server_error: say(
    'Something failed here that is not the caller’s mistake.',
    ['the stored record of a CA cannot be opened', 'a defect of the program'],
    'Tell the operator the request_id of the answer; the log has the cause under it.',
    'Look first whether the request had an effect; repeat it with the same Idempotency-Key, with growing pauses.',
  ),
  service_unavailable: say(
    'The service cannot do this at the moment.',
    [
      'the operator closed the APIs for a while; the message ends in what the operator says about it',
      'the database is busy, full or unreachable',
      'the clock is behind the last signature, or the database was put back from a backup, so that nothing is signed',
    ],
    'Wait; when it lasts longer than 10 minutes, tell the operator, who finds the cause under /readyz.',
    'Yes, after the time in Retry-After: nothing was done.',
  ),
}
