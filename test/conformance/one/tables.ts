/** Statuses of the vendor's table, with every machine code that stands beside one. */
export const statuses = [
  '200',
  '201',
  '204',
  '400 invalid_request',
  '400 invalid_input_field',
  '400 pagination_limit_exceeded',
  '401 invalid_api_key',
  '403 access_denied',
  '403 no_access',
  '404 resource_not_found',
  '405 method_not_allowed',
  '409 duplicate_error',
  '409 version_conflict',
  '409 state_conflict',
  '409 idempotency_conflict',
  '413 request_too_large',
  '415 unsupported_media_type',
  '422 unprocessable_request',
  '429 rate_limit_exceeded',
  '429 client_error',
  '500 internal_server_error',
  '503 service_unavailable',
] as const
export type Status = (typeof statuses)[number]

/** Symptoms of the vendor's troubleshooting table. */
export const troubles = [
  '401: x-api-key is missing',
  '401: x-api-key is wrong',
  '401: the client certificate has expired',
  '401: the client certificate is revoked or switched off',
  '403: a role is missing',
  '429: a burst',
  '503: maintenance',
  '503: an outage behind the API',
  'the TLS handshake fails',
  'everything stops at midnight UTC',
  'a demo key on a production host',
] as const
export type Trouble = (typeof troubles)[number]

/** Answers whose status or words programs are known to compare. */
export const otherAnswers = [
  'second revocation',
  'two certificates of one serial number',
  'page too deep',
  'business unit absent',
  'business unit of another account',
  'profile absent',
  'profile of another account',
  'seat absent',
  'certificate of another account',
  'recovery approved: no such certificate',
  'recovery approved: not possible',
  'unknown path',
  'too many requests at Trust Lifecycle Manager',
  'numeric code at Private CA',
] as const
export type Other = (typeof otherAnswers)[number]
