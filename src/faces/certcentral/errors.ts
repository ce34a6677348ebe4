import { isFault, type Language } from '../../core/faults.ts'
import { Faults } from '../../core/faults-together.ts'
import { errorAnswer } from './codes.ts'
import { answerToFault } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { ErrorAnswer } from './wire-error.ts'

/** The answer to whatever was thrown. What is neither refusal nor fault nor of the HTTP layer is a bug of ours. */
export function answerToError(error: unknown, language: Language): ErrorAnswer {
  if (error instanceof Refusal) return errorAnswer(error.complaints, language)
  if (isFault(error)) return answerToFault(error, language)
  if (error instanceof Faults) return together(error.faults.map((fault) => answerToFault(fault, language)))
  const status = httpStatusOf(error)
  if (status === undefined) return errorAnswer([{ code: 'internal_error' }], language)
  return { ...errorAnswer([{ code: 'bad_request_format' }], language), httpStatus: status }
}

/** One answer for all errors of a step, each told once; the first one gives the status. */
function together(answers: readonly ErrorAnswer[]): ErrorAnswer {
  const [first = errorAnswer([{ code: 'internal_error' }], 'en')] = answers
  const errors = answers.flatMap((answer) => answer.errors)
  return {
    ...first,
    errors: errors.filter(({ code }, place) => errors.findIndex((other) => other.code === code) === place),
  }
}

/** Errors of the HTTP layer carry a status: a body that is too large, in a content coding, or no JSON. */
function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined
}
