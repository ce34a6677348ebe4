import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../core/engine.ts'
import { isFault } from '../../core/faults.ts'
import { callerOf, type Principal } from '../../core/identity/principal.ts'
import { languageOf } from '../../core/language.ts'
import { judgeFailure } from '../../core/limits/failed-attempts.ts'
import { tellFailure } from '../../core/limits/tell-failure.ts'
import { askForBody } from '../ask-for-body.ts'
import { tellMissingPermission } from '../tell-missing-permission.ts'
import { admitRequest } from './authenticate.ts'
import { readBody } from './body.ts'
import { Call } from './call.ts'
import { answerToError } from './errors.ts'
import { chooseFormat, type Format } from './negotiation.ts'
import type { CertcentralOptions } from './options.ts'
import { Query } from './query.ts'
import { Reader } from './reader.ts'
import { refuse } from './refusal.ts'
import { sendError, sendReply } from './respond.ts'
import { bodyOf, type Route } from './route.ts'
import { routes as allRoutes } from './routes.ts'

const nothing: Uint8Array = new Uint8Array(0)

/**
 * The CertCentral Services API v2 below the prefix it is registered under (`/services/v2`). Checks come in one order:
 * route, key, rate, right, `Accept`, body, and what the route itself looks at. Bodies are kept as the bytes that
 * arrived; their size limit is the server's.
 */
export function certcentral(
  engine: Engine,
  options: CertcentralOptions,
  routes: readonly Route[] = allRoutes,
): FastifyPluginAsync {
  const principals = new WeakMap<FastifyRequest, Principal>()

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const principal = principals.get(request)
    if (principal === undefined) throw new TypeError('a request reached its route without being let in')
    const format = formatFor(route, request)
    const received = request.body instanceof Uint8Array ? request.body : nothing
    const parts = {
      engine,
      options,
      principal,
      caller: callerOf(principal, request.id),
      language: languageOf(request.headers['accept-language']),
      query: new Query(request.url),
      path: isRecord(request.params) ? request.params : {},
      route: `${request.method} ${request.url}`,
      idempotencyKey: headerOf(request, 'idempotency-key'),
    }
    await route.checkPath?.(new Call(parts, new Reader({}), received))
    const body = new Reader(membersOf(route, received, options))
    return sendReply(reply, format, await route.handler(new Call(parts, body, received)))
  }

  async function refused(
    failure: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const error = await judgeFailure(engine, failure, request.ip)
    const principal = principals.get(request)
    if (principal !== undefined && isFault(error, 'permission_missing')) {
      await tellMissingPermission(engine, principal, error, request, callerOf(principal, request.id))
    }
    const language = languageOf(request.headers['accept-language'])
    const told = answerToError(error, language)
    if (told.httpStatus >= 500) {
      tellFailure(engine.log, error, { requestId: request.id }, 'a CertCentral call failed')
    }
    return sendError(reply, chooseFormat(request.headers.accept, ['json', 'xml']) ?? 'json', language, told)
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.setErrorHandler(refused)
    app.setNotFoundHandler((request, reply) => refused(refuse('not_found|route'), request, reply))
    for (const route of routes) {
      for (const url of [route.path, `${route.path}/`]) {
        app.route({
          method: route.method,
          url,
          onRequest: async (request, reply) => {
            // Bodies are told by how they begin; a type that is none would be refused before that.
            request.raw.headers['content-type'] = undefined
            await admitRequest(engine, options, route, request, (principal) => {
              principals.set(request, principal)
            })
            askForBody(request, reply)
          },
          handler: (request, reply) => answer(route, request, reply),
        })
      }
    }
  }
}

/** @throws Refusal not_acceptable */
function formatFor({ answers }: Route, request: FastifyRequest): Format {
  if (answers === 'file') return 'json'
  const offered = answers === 'list' ? (['json', 'xml', 'csv'] as const) : (['json', 'xml'] as const)
  const format = chooseFormat(request.headers.accept, offered)
  if (format === undefined) throw refuse('not_acceptable')
  return format
}

/** @throws Refusal missing_request_data, bad_request_format */
function membersOf(
  route: Route,
  received: Uint8Array,
  { parseJson }: CertcentralOptions,
): Readonly<Record<string, unknown>> {
  const wanted = bodyOf(route)
  if (wanted === 'none') return {}
  const members = readBody(received, parseJson)
  if (members === undefined && wanted === 'required') throw refuse('missing_request_data')
  return members ?? {}
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
