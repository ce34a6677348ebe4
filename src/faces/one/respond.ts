import type { FastifyReply } from 'fastify'
import type { Language } from '../../core/faults.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import type { Api } from './api.ts'
import { type ErrorAnswer, errorBody } from './error-answer.ts'
import type { OneOptions } from './options.ts'
import type { Reply } from './reply.ts'

export function sendReply(reply: FastifyReply, answer: Reply): FastifyReply {
  reply.header('cache-control', 'no-store')
  switch (answer.type) {
    case 'empty':
      return reply.code(204).send()
    case 'text':
      return send(reply.code(answer.status), answer.contentType, Buffer.from(answer.text))
    case 'octets':
      return send(reply.code(200), answer.contentType, answer.octets)
    case 'json':
      if (answer.version !== undefined) reply.header('etag', `"${answer.version}"`)
      return sendJson(reply.code(answer.status), answer.value)
  }
}

/** How a refusal is written: what the server is set to, and who asks. */
export interface ErrorForm {
  readonly api: Api
  readonly language: Language
  readonly requestId: string
  readonly options: OneOptions
}

export function sendError(reply: FastifyReply, answer: ErrorAnswer, form: ErrorForm): FastifyReply {
  const { api, language, requestId, options } = form
  const { status, retryAfterMs, allow } = answer
  if (retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(retryAfterMs))
  if (allow !== undefined) reply.header('allow', allow)
  // RFC 9110 section 11.6.1; the API's own documentation leaves it out.
  if (status === 401) reply.header('www-authenticate', 'ApiKey header="x-api-key"')
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('content-language', language)
    .header('vary', 'accept-language')
  return sendJson(reply, errorBody(answer, options.errorShape, api, language, requestId))
}

function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return send(reply, 'application/json', Buffer.from(JSON.stringify(value)))
}

/** Octets, because Fastify adds a charset to text. */
function send(reply: FastifyReply, contentType: string, octets: Uint8Array): FastifyReply {
  return reply.header('content-type', contentType).send(octets)
}
