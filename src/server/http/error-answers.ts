import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isFault } from '../../core/faults.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import type { WrittenRefusal } from './parser-errors.ts'

/** Body of an error outside every face. No stack, no text of libraries: those may quote what a caller sent. */
interface ErrorBody {
  readonly error: string
  readonly message: string
  readonly request_id: string
}

const messages: ReadonlyMap<number, readonly [code: string, message: string]> = new Map([
  [400, ['bad_request', 'the request cannot be read']],
  [403, ['forbidden', 'this listener does not serve that over plain HTTP: use its HTTPS address']],
  [404, ['not_found', 'nothing is served at this path']],
  [408, ['request_timeout', 'the request did not arrive in time']],
  [413, ['body_too_large', 'the body is larger than this path takes']],
  [414, ['target_too_long', 'the request target is too long']],
  [415, ['media_type_refused', 'the body has a media type or content coding that this path does not take']],
  [429, ['too_many_requests', 'slow down and try again']],
  [431, ['headers_too_large', 'there are too many header fields, or they are too large']],
  [503, ['unavailable', 'the service cannot answer now: try again']],
])
const unknownError = ['server_error', 'something failed here; the log has it under the request id'] as const

/** Answers what no face of its own answers: unknown paths, documentation, health, and errors of ours there. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const retryAfterMs = waitOf(error)
  if (retryAfterMs !== undefined) {
    reply.header('retry-after', retryAfterSeconds(retryAfterMs))
    sendError(503, request, reply)
    return
  }
  const status = statusOf(error)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  sendError(status, request, reply)
}

/** Answers a path that nobody serves. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  sendError(404, request, reply)
}

/** Conditions that pass: the store is busy, or the operator closed the service for a while. */
function waitOf(error: unknown): number | undefined {
  if (!isFault(error) || !('retryAfterMs' in error.detail)) return undefined
  return error.detail.retryAfterMs
}

function statusOf(error: Partial<FastifyError>): number {
  const { statusCode } = error
  return statusCode !== undefined && messages.has(statusCode) ? statusCode : 500
}

function sendError(status: number, request: FastifyRequest, reply: FastifyReply): void {
  const { contentType, body } = refuseOutside(status, undefined, request.id)
  reply.code(status).type(contentType).send(body)
}

/** A refusal outside every face. */
export function refuseOutside(status: number, _path: string | undefined, requestId: string): WrittenRefusal {
  const [error, message] = messages.get(status) ?? unknownError
  const body: ErrorBody = { error, message, request_id: requestId }
  return { contentType: 'application/json', body: JSON.stringify(body) }
}
