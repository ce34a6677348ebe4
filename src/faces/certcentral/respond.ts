import type { FastifyReply } from 'fastify'
import type { Language } from '../../core/faults.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import { csvOf } from './csv.ts'
import type { Format } from './negotiation.ts'
import type { Members, Reply } from './reply.ts'
import type { ErrorAnswer } from './wire-error.ts'
import { xmlOf } from './xml.ts'

/** Clients compare these to the letter; Fastify adds no charset to octets. */
const contentTypes: { readonly [F in Format]: string } = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv; charset=utf-8',
}

const cacheControl = 'private,no-cache'

export function sendReply(reply: FastifyReply, format: Format, answer: Reply): FastifyReply {
  reply.header('cache-control', cacheControl)
  switch (answer.type) {
    case 'empty':
      return reply.code(204).send()
    case 'file': {
      if (answer.fileName !== undefined) {
        reply.header('content-disposition', `attachment; filename="${answer.fileName}"`)
      }
      const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
      return reply.code(200).header('content-type', answer.contentType).send(body)
    }
    case 'object':
      return send(reply.code(answer.status), format, written(format, answer.members))
    case 'list':
      return send(reply.code(200), format, listText(format, answer))
  }
}

/** Refuses; in JSON unless XML was asked for. */
export function sendError(
  reply: FastifyReply,
  format: Format,
  language: Language,
  { httpStatus, errors, retryAfterMs }: ErrorAnswer,
): FastifyReply {
  const items = errors.map(({ code, message }) => ({ code, message }))
  const text = format === 'xml' ? xmlOf('errors', items) : JSON.stringify({ errors: items })
  if (retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(retryAfterMs))
  reply
    .code(httpStatus)
    .header('cache-control', cacheControl)
    .header('content-language', language)
    .header('vary', 'accept-language')
  return send(reply, format === 'xml' ? 'xml' : 'json', text)
}

function send(reply: FastifyReply, format: Format, text: string): FastifyReply {
  return reply.header('content-type', contentTypes[format]).send(Buffer.from(text))
}

function written(format: Format, members: Members): string {
  return format === 'xml' ? xmlOf('response', members) : JSON.stringify(members)
}

function listText(format: Format, { name, items, page }: Extract<Reply, { type: 'list' }>): string {
  if (format === 'csv') return csvOf(items)
  return written(format, page === undefined ? { [name]: items } : { [name]: items, page: { ...page } })
}
