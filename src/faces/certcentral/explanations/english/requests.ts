import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors of any request, whatever it asks for. */
export const requests = {
  request_limit_exceeded: say(
    'One API key made more requests than a short or a long window allows.',
    [
      'more than 100 requests in 5 seconds, or 1000 in 3 minutes, unless the operator set other figures',
      'several programs share one key',
    ],
    'Send fewer requests, or give each program a key of its own. Requests that are refused are not counted.',
    'Yes, after the seconds in Retry-After.',
  ),
  'access_denied|access_denied_invalid_key': say(
    'The request carries no API key that works.',
    [
      'the header X-DC-DEVKEY is absent, misspelt or cut short',
      'the key was revoked, or its last day is over',
      'the user of the key is inactive or was removed, or the account is disabled',
      'the key belongs to another installation',
    ],
    'Send a working key in X-DC-DEVKEY; an administrator makes one with POST /key/user/{user_id}.',
  ),
  'access_denied|missing_permission': say(
    'The key works, but its user may not do this.',
    [
      'the role of the user does not have the right',
      'the key is restricted to other resources, or to viewing',
      'only an administrator makes or changes administrators and keys',
    ],
    'Look at GET /user/me and GET /authorization to see what the key may do, and use another key or ask an administrator.',
  ),
  'access_denied|invalid_approver': say(
    'The user may not approve this request.',
    [
      'approval needs an administrator or a manager',
      'with two steps, reviewer and approver are different people',
    ],
    'Let an administrator or a manager who did not review it approve the request.',
  ),
  not_found: say(
    'There is no object with this id that the key can see.',
    [
      'the id is misspelt or belongs to another account',
      'the object is in a division (container) that the user does not see',
      'the object was removed',
    ],
    'Take ids from the lists that the same key can read.',
  ),
  'not_found|order': say(
    'There is no order with this id, serial number or thumbprint that the key can see.',
    [
      'the id is misspelt or belongs to another account',
      'the order is in a division that the user does not see, or the user sees only his own orders',
      'the serial number is that of a duplicate: orders are found by their primary certificate',
    ],
    'Take the id from GET /order/certificate.',
  ),
  'not_found|product': say(
    'There is no product with this identifier.',
    ['the name_id in the path is misspelt', 'the product exists elsewhere and is not in this catalogue'],
    'Take the name_id from GET /product.',
  ),
  'not_found|route': say(
    'Nothing is served at this path with this method.',
    [
      'the path is misspelt, or misses the prefix /services/v2',
      'the method is another one than the path takes',
    ],
    'Compare method and path with the list under /docs.',
  ),
  not_acceptable: say(
    'The header Accept names no format that this answer has.',
    [
      'Accept lists neither application/json nor application/xml',
      'text/csv was asked of something that is no list',
    ],
    'Send Accept: application/json, application/xml, */* or none; text/csv works on lists.',
  ),
  idempotency_conflict: say(
    'The Idempotency-Key was used for another request in the last 24 hours.',
    ['one key was sent with two different bodies or paths'],
    'Use a new key for every new request, and the same key only to repeat one unchanged.',
  ),
  internal_error: say(
    'Something failed here that is not the caller’s mistake.',
    ['a defect of the program', 'stored data that was changed outside the program'],
    'Tell the operator the X-Request-Id of the answer; the log has the cause under it.',
    'Look first whether the request had an effect; repeat it with the same Idempotency-Key.',
  ),
  service_unavailable: say(
    'The service cannot do this at the moment.',
    [
      'the operator closed the APIs for a while; the message ends in what the operator says about it',
      'the database is busy, full or unreachable',
      'the clock or a restored backup keeps the service from signing',
    ],
    'Wait; when it lasts, the operator finds the cause in the log and under /readyz.',
    'Yes, after the seconds in Retry-After; with the same Idempotency-Key nothing is made twice.',
  ),
} satisfies Explanations
