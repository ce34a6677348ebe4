import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../core/engine.ts'
import { languageOf } from '../../core/language.ts'
import { judgeFailure } from '../../core/limits/failed-attempts.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import { tellFailure } from '../../core/limits/tell-failure.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints/endpoints.ts'
import { type Format, json, xml } from './format.ts'
import { listBody } from './list-body.ts'
import type { TinycertOptions } from './options.ts'
import { answerToError, mediaTypeRefused, methodDisallowed, pathUnknown } from './refusal.ts'
import type { Reply } from './reply.ts'
import { readSignedForm } from './signature.ts'

const formType = 'application/x-www-form-urlencoded'
const nothing: Uint8Array = new Uint8Array(0)

/**
 * The TinyCert API v1 below the prefix it is registered under (`/api/v1`). Bodies are kept as the bytes that
 * arrived, because that is what is signed. The size limit of bodies is the server's.
 */
export function tinycert(engine: Engine, options: TinycertOptions): FastifyPluginAsync {
  const service = { engine, options }

  async function answerRequest(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { endpoint, format } = routed(request)
    if (endpoint === undefined) throw pathUnknown(pathOf(request))
    const form = readSignedForm(bodyOf(request))
    return send(reply, format, await endpoint.answer(service, { form, requestId: request.id }))
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    // Method and path are judged before the body is read.
    app.addHook('onRequest', async (request) => {
      if (request.method !== 'POST') throw methodDisallowed(request.method)
      if (routed(request).endpoint === undefined) throw pathUnknown(pathOf(request))
    })
    app.setErrorHandler((error, request, reply) => sendError(engine, error, request, reply))
    app.setNotFoundHandler((request, reply) => {
      const refusal =
        request.method === 'POST' ? pathUnknown(pathOf(request)) : methodDisallowed(request.method)
      return sendError(engine, refusal, request, reply)
    })
    app.all('/', answerRequest)
    app.all('/*', answerRequest)
  }
}

/** What a path asks for. */
interface Routed {
  readonly endpoint: Endpoint | undefined
  readonly format: Format
}

function routed(request: FastifyRequest): Routed {
  const path = pathOf(request)
  const suffix = path.endsWith('.xml') ? '.xml' : path.endsWith('.json') ? '.json' : ''
  return {
    endpoint: endpoints.get(path.slice(0, path.length - suffix.length)),
    format: suffix === '.xml' ? xml : json,
  }
}

/** The path below the prefix, repeated slashes collapsed because a client of the vendor's writes two. */
function pathOf(request: FastifyRequest): string {
  const [path = ''] = request.url.split('?', 1)
  const below = path.startsWith(request.server.prefix) ? path.slice(request.server.prefix.length) : path
  return below.split('/').filter(Boolean).join('/')
}

function bodyOf(request: FastifyRequest): Uint8Array {
  const { body } = request
  if (!(body instanceof Uint8Array) || body.length === 0) return nothing
  const header = request.headers['content-type'] ?? ''
  const [mediaType = ''] = header.split(';', 1)
  if (mediaType.trim().toLowerCase() !== formType) throw mediaTypeRefused(header)
  return body
}

async function send(reply: FastifyReply, format: Format, answer: Reply): Promise<FastifyReply> {
  const body =
    answer.type === 'object' ? Buffer.from(format.object(answer.fields)) : await listBody(format, answer)
  return head(reply, format).code(200).send(body)
}

async function sendError(
  engine: Engine,
  failure: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const error = await judgeFailure(engine, failure, request.ip)
  const language = languageOf(request.headers['accept-language'])
  const answer = answerToError(error, language, request.id)
  if (answer.httpStatus >= 500) {
    tellFailure(engine.log, error, { requestId: request.id, code: answer.code }, 'a TinyCert call failed')
  }
  const { format } = routed(request)
  head(reply, format).header('content-language', language).header('vary', 'accept-language')
  if (answer.retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(answer.retryAfterMs))
  return reply.code(answer.httpStatus).send(Buffer.from(format.error(answer)))
}

/** Answers hold keys and tokens. Fastify adds no charset to a buffer or a stream, so the type stays exact. */
function head(reply: FastifyReply, format: Format): FastifyReply {
  return reply.header('content-type', format.contentType).header('cache-control', 'no-store')
}
