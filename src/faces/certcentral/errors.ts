import { isFault, type Language } from '../../core/faults.ts'
import { errorAnswer } from './codes.ts'
import { answerToFault } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { ErrorAnswer } from './wire-error.ts'

/** The answer to whatever was thrown. What is neither refusal nor fault nor of the HTTP layer is a bug of ours. */
export function answerToError(error: unknown, language: Language): ErrorAnswer {
  if (error instanceof Refusal) return errorAnswer(error.complaints, language)
  if (isFault(error)) return answerToFault(error, language)
  const status = httpStatusOf(error)
  if (status === undefined) return errorAnswer([{ code: 'internal_error' }], language)
  return { ...errorAnswer([{ code: 'bad_request_format' }], language), httpStatus: status }
}

/** Errors of the HTTP layer carry a status: a body that is too large, in a content coding, or no JSON. */
function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined
}
