/** Why a request is refused before any face looks at it. */
export type RefusalCode =
  | 'host_missing'
  | 'target_too_long'
  | 'too_many_headers'
  | 'headers_too_large'
  | 'content_encoding_refused'
  | 'json_malformed'
  | 'json_too_deep'
  | 'json_too_many_members'
  | 'json_too_many_elements'
  | 'json_duplicate_member'
  | 'plain_http_refused'

const statusOf: Readonly<Record<RefusalCode, number>> = {
  host_missing: 400,
  target_too_long: 414,
  too_many_headers: 431,
  headers_too_large: 431,
  content_encoding_refused: 415,
  json_malformed: 400,
  json_too_deep: 400,
  json_too_many_members: 400,
  json_too_many_elements: 400,
  json_duplicate_member: 400,
  plain_http_refused: 403,
}

/**
 * A request outside the bounds of the HTTP layer. It has `statusCode` and `code` as Fastify's own errors have,
 * so that a face answers it in its own form without knowing this class.
 */
export class RequestRefusal extends Error {
  readonly code: RefusalCode
  readonly statusCode: number

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.name = 'RequestRefusal'
    this.code = code
    this.statusCode = statusOf[code]
  }
}
