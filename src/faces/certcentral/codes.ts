import type { Language } from '../../core/faults.ts'
import { controlCodes } from './codes/control-codes.ts'
import { orderCodes } from './codes/order-codes.ts'
import { requestCodes } from './codes/request-codes.ts'
import type { CodeRow, ErrorAnswer, WireError, Wording } from './wire-error.ts'

/**
 * Every code this face answers with: status, form and wording. Messages say what to do next. The wording of six of
 * them is the vendor's API's own, because clients compare it.
 */
export const codes = { ...requestCodes, ...controlCodes, ...orderCodes } satisfies Readonly<
  Record<string, CodeRow>
>

export type Code = keyof typeof codes

/** A code with what it is about, before it has a language. */
export interface Complaint {
  readonly code: Code
  /** Parameter or qualifier; unused where the code stands alone. */
  readonly about?: string
  /** What is wrong in particular: follows the message of the code. */
  readonly more?: Wording
}

/** The element of `errors` for a complaint. */
export function wireError({ code, about = '', more }: Complaint, language: Language): WireError {
  const row: CodeRow = codes[code]
  return {
    code: row.form === 'alone' ? code : row.form === 'qualified' ? `${code}|${about}` : `${code}:${about}`,
    message: joined(row.message[language](about), more?.[language], language),
  }
}

/** Japanese sentences follow one another without a blank. */
function joined(usual: string, more: string | undefined, language: Language): string {
  if (more === undefined) return usual
  return language === 'ja' ? usual + more : `${usual} ${more}`
}

/** The answer to complaints of one step, each told once; the first one gives the status. */
export function errorAnswer(
  complaints: readonly [Complaint, ...Complaint[]],
  language: Language,
): ErrorAnswer {
  return {
    httpStatus: codes[complaints[0].code].status,
    errors: withoutRepeats(complaints.map((complaint) => wireError(complaint, language))),
  }
}

/** Codes that stand alone say the same of every parameter. */
function withoutRepeats(errors: readonly WireError[]): readonly WireError[] {
  return errors.filter(({ code }, place) => errors.findIndex((other) => other.code === code) === place)
}
