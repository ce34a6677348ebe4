import type { ErrorCatalogue, ErrorEntry, RetryAdvice } from '../../core/catalogue.ts'
import { httpStatusOf, type TinycertCode, tinycertCodes } from './codes.ts'
import { english } from './explanations/english.ts'
import { japanese } from './explanations/japanese.ts'

const retryAdvice: Readonly<Record<TinycertCode, RetryAdvice>> = {
  AccessDenied: 'fix',
  AccountError: 'operator',
  AccountNotFound: 'fix',
  AccountNotLoaded: 'operator',
  ApiKeyMismatch: 'fix',
  InputFailure: 'fix',
  InvalidToken: 'reconnect',
  MethodDisallowed: 'fix',
  MissingParameter: 'fix',
  NotFound: 'fix',
  NotLatest: 'fix',
  PassphraseFailure: 'fix',
  RateLimitExceeded: 'wait',
  SessionError: 'reconnect',
  SignatureFailure: 'fix',
  StatusDisallowed: 'fix',
  UnknownError: 'operator',
}

/** What this face's errors mean and what to do about them. */
export const tinycertCatalogue: ErrorCatalogue = {
  face: 'tinycert',
  title: { en: 'TinyCert API v1', ja: 'TinyCert API v1' },
  entries: tinycertCodes.map(
    (code): ErrorEntry => ({
      code,
      httpStatus: httpStatusOf[code],
      retryAdvice: retryAdvice[code],
      text: { en: english[code], ja: japanese[code] },
    }),
  ),
}
