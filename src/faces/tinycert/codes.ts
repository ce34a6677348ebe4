/** The error codes of the TinyCert API v1, in the order of their names. */
export const tinycertCodes = [
  'AccessDenied',
  'AccountError',
  'AccountNotFound',
  'AccountNotLoaded',
  'ApiKeyMismatch',
  'InputFailure',
  'InvalidToken',
  'MethodDisallowed',
  'MissingParameter',
  'NotFound',
  'NotLatest',
  'PassphraseFailure',
  'RateLimitExceeded',
  'SessionError',
  'SignatureFailure',
  'StatusDisallowed',
  'UnknownError',
] as const

export type TinycertCode = (typeof tinycertCodes)[number]

/** The HTTP status each code comes with; see {@link TinycertAnswer} for the few exceptions. */
export const httpStatusOf: Readonly<Record<TinycertCode, number>> = {
  AccessDenied: 403,
  AccountError: 500,
  AccountNotFound: 404,
  AccountNotLoaded: 500,
  ApiKeyMismatch: 403,
  InputFailure: 400,
  InvalidToken: 403,
  MethodDisallowed: 400,
  MissingParameter: 400,
  NotFound: 404,
  NotLatest: 400,
  PassphraseFailure: 403,
  RateLimitExceeded: 429,
  SessionError: 500,
  SignatureFailure: 403,
  StatusDisallowed: 400,
  UnknownError: 500,
}

/** An error as it leaves this face: the HTTP status and the two members of the document. */
export interface TinycertAnswer {
  /**
   * The code's own status; 503 with `UnknownError` while the service cannot store or sign, 413 and 415 with
   * `InputFailure` when a body is not even read.
   */
  readonly httpStatus: number
  readonly code: TinycertCode
  readonly text: string
  /** Goes into `Retry-After`, rounded up to whole seconds. */
  readonly retryAfterMs?: number
}

export function answer(code: TinycertCode, text: string): TinycertAnswer {
  return { httpStatus: httpStatusOf[code], code, text }
}
