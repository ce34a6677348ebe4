import { errorAnswer } from './codes.ts'

/** What is said to bytes that are no request, or not in time: nobody knows language and format then. */
export function refuseUnreadable(): { readonly contentType: string; readonly body: string } {
  const { errors } = errorAnswer([{ code: 'bad_request_format' }], 'en')
  return { contentType: 'application/json', body: JSON.stringify({ errors }) }
}
