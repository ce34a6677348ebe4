import { json, xml } from './format.ts'
import { answerToError } from './refusal.ts'

/** What is said to bytes that are no request, or not in time: nobody knows the language then. */
export function refuseUnreadable(
  status: number,
  path: string,
  requestId: string,
): { readonly contentType: string; readonly body: string } {
  const format = path.endsWith('.xml') ? xml : json
  const error = Object.assign(new Error('unreadable'), { statusCode: status })
  return { contentType: format.contentType, body: format.error(answerToError(error, 'en', requestId)) }
}
