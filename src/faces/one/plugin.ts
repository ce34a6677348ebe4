import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { callerOfMember, type Member } from '../../core/access/member.ts'
import type { Engine } from '../../core/engine.ts'
import { isFault } from '../../core/faults.ts'
import { languageOf } from '../../core/language.ts'
import { tellFailure } from '../../core/limits/tell-failure.ts'
import { askForBody } from '../ask-for-body.ts'
import { withoutMark } from '../byte-order-mark.ts'
import { tellMissingPermission } from '../tell-missing-permission.ts'
import { type Api, apis, prefixes } from './api.ts'
import { admitRequest, rateKeyOf, windowsOf } from './authenticate.ts'
import { isJsonType, membersOf, readBody } from './body.ts'
import { Call } from './call.ts'
import { answerToError } from './errors.ts'
import type { OneOptions } from './options.ts'
import { Query } from './query.ts'
import { rateHeaders } from './rate-limit.ts'
import { Reader } from './reader.ts'
import { refuse } from './refusal.ts'
import { sendError, sendReply } from './respond.ts'
import { type Method, type Route, takesBody } from './route.ts'
import { routes as allRoutes } from './routes.ts'

const nothing: Uint8Array = new Uint8Array(0)
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const

/**
 * The three DigiCert ONE APIs, each below its own prefix. Checks come in one order: route, credential, rate, account
 * in the header, permission, body, account in query and body, and what the route itself looks at. Bodies are kept as
 * the bytes that arrived; their size limit is the server's.
 */
export function one(
  engine: Engine,
  options: OneOptions,
  routes: readonly Route[] = allRoutes,
): FastifyPluginAsync {
  return async (app) => {
    for (const api of apis) {
      const served = routes.filter((route) => route.api === api)
      await app.register(apiPlugin(engine, options, api, served), { prefix: prefixes[api] })
    }
  }
}

function apiPlugin(
  engine: Engine,
  options: OneOptions,
  api: Api,
  routes: readonly Route[],
): FastifyPluginAsync {
  const members = new WeakMap<FastifyRequest, Member>()

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const member = members.get(request)
    const received = request.body instanceof Buffer ? withoutMark(request.body) : nothing
    const content = takesBody(route) ? readBody(received, options.parseJson) : undefined
    const body = new Reader(route.body === 'any' ? {} : membersOf(content, requiresBody(route)))
    const caller =
      member === undefined
        ? ({ actor: { type: 'anonymous' }, requestId: request.id } as const)
        : callerOfMember(member, request.id)
    const parts = {
      engine,
      options,
      member,
      caller,
      language: languageOf(request.headers['accept-language']),
      query: new Query(request.url),
      path: isRecord(request.params) ? request.params : {},
      route: `${request.method} ${request.url}`,
      header: (name: string) => headerOf(request, name),
      content,
      received,
    }
    const call = new Call(parts, body)
    if (member !== undefined) call.checkAccount()
    const told = await route.handler(call)
    await tellLimits(member, reply)
    return sendReply(reply, told)
  }

  async function refused(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const member = members.get(request)
    if (member !== undefined && isFault(error, 'permission_missing')) {
      await tellMissingPermission(engine, member, error, request, callerOfMember(member, request.id))
    }
    nameTransaction(request, reply)
    const language = languageOf(request.headers['accept-language'])
    const told = answerToError(error, language)
    const facts = { requestId: request.id, transactionId: transactionOf(request), status: told.status }
    if (told.status >= 500) tellFailure(engine.log, error, facts, 'a DigiCert ONE call failed')
    else if (member !== undefined && told.status !== 429) {
      // Of a request that came too often the line of every answer says all; a burst is not to cost two each.
      engine.log.info({ reason: told.complaints[0].reason, ...facts }, 'a DigiCert ONE call was refused')
    }
    try {
      await tellLimits(member, reply)
    } catch (cause) {
      engine.log.error({ err: cause, ...facts }, 'the rate limits of a credential could not be read')
    }
    return sendError(reply, told, { api, language, requestId: request.id, options })
  }

  async function tellLimits(member: Member | undefined, reply: FastifyReply): Promise<void> {
    const windows = member === undefined ? [] : windowsOf(options, member)
    if (member === undefined || windows.length === 0) return
    reply.headers({ ...(await rateHeaders(engine, rateKeyOf(member), windows)) })
  }

  function mount(app: FastifyInstance, path: string): void {
    const here = new Map(
      routes.filter((route) => route.path === path).map((route) => [route.method, route] as const),
    )
    const others: HTTPMethods[] = methods.filter((method) => !isServed(here, method))
    if (here.get('GET')?.hasEffect === true) others.push('HEAD')
    const allow = [...here.keys()].join(', ')
    for (const url of [path, `${path}/`]) {
      for (const [method, route] of here) {
        app.route({
          method,
          url,
          exposeHeadRoute: route.hasEffect !== true,
          ...(route.tellsHealth === true && { config: { alwaysOpen: true } }),
          onRequest: async (request, reply) => {
            if (!takesBody(route)) delete request.raw.headers['content-type']
            await admitRequest(engine, options, route, request, (member) => members.set(request, member))
            if (!isJsonType(request.headers['content-type'])) throw refuse('media_type')
            // Fastify would refuse what no parser is named for; here every type that is left is JSON.
            delete request.raw.headers['content-type']
            askForBody(request, reply)
          },
          handler: (request, reply) => answer(route, request, reply),
        })
      }
      app.route({
        method: others,
        url,
        onRequest: async (request, reply) => {
          reply.header('allow', allow)
          delete request.raw.headers['content-type']
          throw refuse('method', allow)
        },
        handler: () => undefined,
      })
    }
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.addHook('onRequest', async (request, reply) => nameTransaction(request, reply))
    app.setErrorHandler(refused)
    app.setNotFoundHandler((request, reply) => refused(refuse('route'), request, reply))
    for (const path of new Set(routes.map((route) => route.path))) mount(app, path)
  }
}

/** `HEAD` comes with `GET`. */
function isServed(here: ReadonlyMap<Method, Route>, method: (typeof methods)[number]): boolean {
  return method !== 'PATCH' && here.has(method)
}

function requiresBody(route: Route): boolean {
  return route.body === 'object' || (route.body === undefined && takesBody(route))
}

/** Gives the caller's own name for a request back, and puts it on every line of the log about it. */
function nameTransaction(request: FastifyRequest, reply: FastifyReply): void {
  const transactionId = transactionOf(request)
  // What is refused before it comes here, as in maintenance, is named when it is answered.
  if (transactionId === undefined || reply.hasHeader('x-dc-transactionid')) return
  reply.header('x-dc-transactionid', transactionId)
  request.log = request.log.child({ transactionId })
}

function transactionOf(request: FastifyRequest): string | undefined {
  const shown = headerOf(request, 'x-dc-transactionid')
  return shown !== undefined && /^[\x21-\x7e]{1,128}$/.test(shown) ? shown : undefined
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
