import { apis, prefixes } from './api.ts'
import { type ErrorAnswer, errorAnswer, errorBody } from './error-answer.ts'
import type { OneOptions } from './options.ts'
import type { Reason } from './reasons.ts'

const reasonOf: Readonly<Record<number, Reason>> = {
  408: 'request_late',
  413: 'body_too_large',
  431: 'head_too_large',
}

/**
 * What is said to bytes that are no request, or not in time: nobody knows the language then. The form for paths that
 * could not be read is the list of errors with the first one repeated, which most clients of all APIs take.
 *
 * @param path undefined where it could not be read
 * @returns undefined for a path of other faces
 */
export function refuseUnreadable(
  { errorShape }: Pick<OneOptions, 'errorShape'>,
  status: number,
  path: string | undefined,
  requestId: string,
): { readonly contentType: string; readonly body: string } | undefined {
  const api = path === undefined ? 'mpki' : apis.find((each) => path.startsWith(`${prefixes[each]}/`))
  if (api === undefined) return undefined
  const answer: ErrorAnswer = {
    ...errorAnswer([{ reason: reasonOf[status] ?? 'request_unreadable' }]),
    status,
  }
  const body = errorBody(answer, errorShape, api, 'en', requestId)
  return { contentType: 'application/json', body: JSON.stringify(body) }
}
