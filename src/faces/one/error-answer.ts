import type { Language } from '../../core/faults.ts'
import type { Api } from './api.ts'
import { type ReasonRow, reasons } from './reasons.ts'
import type { Complaint } from './refusal.ts'

/** An answer that refuses, before it is written. */
export interface ErrorAnswer {
  readonly status: number
  readonly complaints: readonly [Complaint, ...Complaint[]]
  readonly retryAfterMs?: number
  /** Methods for `Allow`. */
  readonly allow?: string
}

/** The first complaint gives the status. */
export function errorAnswer(
  complaints: readonly [Complaint, ...Complaint[]],
  retryAfterMs?: number,
): ErrorAnswer {
  const { status } = reasons[complaints[0].reason]
  return { status, complaints, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

/** One element of `errors`, to which facts may add members. */
export type WireError = {
  readonly code: string
  readonly message: string
  readonly field?: string | undefined
}

/** The body of a refusal that names every error. */
export type ListedErrors = {
  readonly errors: readonly WireError[]
  readonly code: string | number
  readonly message: string
  readonly request_id: string
}

/** The body that names the first alone. */
export type SingleError = { readonly error: WireError; readonly request_id: string }

/** One element of `errors`. Trust Lifecycle Manager has a code of its own for too many requests. */
export function wireError(
  { reason: given, about = '', field, facts }: Complaint,
  api: Api,
  language: Language,
): WireError {
  const reason = given === 'rate' && api === 'mpki' ? 'rate_mpki' : given
  const row: ReasonRow = reasons[reason]
  return { code: row.code, message: row.message[language](about), field, ...facts }
}

/**
 * The body of a refusal. `list`: every error under `errors` and the first one repeated at the top; in Private CA the
 * code there is the status, a number. `single`: the first error alone under `error`.
 */
export function errorBody(
  answer: ErrorAnswer,
  shape: 'list',
  api: Api,
  language: Language,
  requestId: string,
): ListedErrors
export function errorBody(
  answer: ErrorAnswer,
  shape: 'list' | 'single',
  api: Api,
  language: Language,
  requestId: string,
): ListedErrors | SingleError
export function errorBody(
  { status, complaints }: ErrorAnswer,
  shape: 'list' | 'single',
  api: Api,
  language: Language,
  requestId: string,
): ListedErrors | SingleError {
  const [first, ...others] = complaints
  const error = wireError(first, api, language)
  if (shape === 'single') return { error, request_id: requestId }
  const { code, message, field: _field, ...facts } = error
  return {
    errors: [error, ...others.map((each) => wireError(each, api, language))],
    code: api === 'certificate-authority' ? status : code,
    message,
    ...facts,
    request_id: requestId,
  }
}
