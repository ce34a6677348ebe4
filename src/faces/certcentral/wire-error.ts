import type { Language } from '../../core/faults.ts'

/** One element of `errors` in an answer. */
export interface WireError {
  /** `code`, `code|qualifier` or `code:parameter`. */
  readonly code: string
  readonly message: string
}

/** An answer that refuses. All errors of one step stand in one answer. */
export interface ErrorAnswer {
  readonly httpStatus: number
  readonly errors: readonly WireError[]
  readonly retryAfterMs?: number
}

/** A sentence in every language. */
export type Wording = { readonly [L in Language]: string }

/** A sentence in every language, about the qualifier or parameter of a code where it has one. */
export type Sentence = { readonly [L in Language]: (about: string) => string }

/** How a code is written: alone, with what it is about after `|`, or with a parameter after `:`. */
export type CodeForm = 'alone' | 'qualified' | 'parameter'

/** One row of the table of codes. */
export interface CodeRow {
  readonly status: 400 | 403 | 404 | 406 | 413 | 415 | 422 | 429 | 500 | 503
  readonly form: CodeForm
  readonly message: Sentence
}
