import { isFault, type Language } from '../../core/faults.ts'
import { type ErrorAnswer, errorAnswer } from './error-answer.ts'
import { answerToFault } from './faults.ts'
import type { Reason } from './reasons.ts'
import { Refusal } from './refusal.ts'

/** The answer to whatever was thrown. What is neither refusal nor fault nor of the HTTP layer is a bug of ours. */
export function answerToError(error: unknown, language: Language): ErrorAnswer {
  if (error instanceof Refusal) return errorAnswer(error.complaints)
  if (isFault(error)) return answerToFault(error, language)
  const status = httpStatusOf(error)
  if (status === undefined) return errorAnswer([{ reason: 'internal' }])
  return { ...errorAnswer([{ reason: reasonOf(status, error) }]), status }
}

function reasonOf(status: number, error: unknown): Reason {
  if (error instanceof Error && 'code' in error && error.code === 'host_missing') return 'request_unreadable'
  if (status === 413) return 'body_too_large'
  if (status === 415) return 'media_type'
  return status === 414 || status === 431 ? 'head_too_large' : 'body_unreadable'
}

/** Errors of the HTTP layer carry a status: a body that is too large, in a content coding, or no JSON. */
function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined
}
