import { constants, randomBytes } from 'node:crypto'
import type { RequestListener, Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyPluginCallback,
  type FastifyRequest,
  fastify,
} from 'fastify'
import type { Logger } from 'pino'
import type { ServedRoute } from '../../faces/docs/pages.ts'
import { addressMatcher, type ListenAddress } from '../configuration/address.ts'
import type { Settings } from '../configuration/settings.ts'
import {
  type ClientIssuers,
  createMutualServer,
  createPlainServer,
  createSecureServer,
  type TlsCredentials,
} from './bounded-server.ts'
import { ConnectionLimit } from './connection-limit.ts'
import { answerError, answerNotFound, refuseOutside } from './error-answers.ts'
import { parseJsonBody } from './json-body.ts'
import { takeLargeBody } from './large-body.ts'
import { RequestLogController } from './log-controller.ts'
import { answerParserErrors, type RefusalForm } from './parser-errors.ts'
import { headRefusal } from './request-limits.ts'
import { routedTarget } from './request-target.ts'
import { writeRetryAfter } from './retry-after.ts'
import { usualWork, type Work, type WorkLimit } from './work-limit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the face a route belongs to, in metrics. */
    face?: string
    /** Answered also while a face is closed, as its health is. */
    alwaysOpen?: true
  }
}

/** A part of the program that answers requests, as a Fastify plugin. */
export interface Face {
  /** As in metrics and in `/docs/errors/{face}`. */
  readonly name: string
  /**
   * `status`: served on every listener (status, issuer files, health). `api`: not on plain HTTP that reaches
   * beyond this machine, because what callers send there is secret.
   */
  readonly exposure: 'status' | 'api'
  /** What all its paths begin with, where the plugin does not know its whole paths. */
  readonly prefix?: string
  /** What the documentation shows where the router knows only a pattern. */
  readonly documented?: readonly Omit<ServedRoute, 'face'>[]
  readonly plugin: FastifyPluginAsync | FastifyPluginCallback
  /** Stands before every request of the face but those of routes that are always open; throws to refuse. */
  readonly gate?: () => Promise<void> | void
  /** How it refuses what never becomes a request; absent: as the listener does. */
  readonly refuseUnreadable?: RefusalForm
  /** What a request asks for, by its method and path; absent: as its method and path usually tell. */
  readonly workOf?: (method: string, path: string) => Work
}

export interface ListenerOptions {
  readonly settings: Settings
  readonly log: Logger
  readonly faces: readonly Face[]
  /** How many request loops share each listener. */
  readonly processes: number
  /** Gets every route that is mounted. */
  readonly routes?: ServedRoute[]
  /** Bounds what the APIs work on at once; one for all listeners of a loop. Absent: no bound. */
  readonly workLimit?: WorkLimit
  /** Told of every answer. */
  readonly onAnswer?: (face: string, route: string, status: number, milliseconds: number) => void
}

/** A listener of one request loop. */
export interface Listener {
  readonly app: FastifyInstance
  /** @throws Error of node:net, such as EADDRINUSE */
  listen(address: ListenAddress): Promise<void>
  /** Stops accepting and answers what has arrived; resolves when every connection is closed. */
  close(): Promise<void>
  /** Ends every connection at once. */
  closeAllConnections(): void
}

export interface SecureListener extends Listener {
  /** Lets new connections use another certificate; those that are open keep theirs. */
  replaceCredentials(credentials: TlsCredentials): void
}

/** A listener for plain HTTP with the limits of the configuration, not listening yet. */
export function createPlainListener(options: ListenerOptions): Listener {
  const limit = connectionLimit(options)
  return listener(options, (handler) => createPlainServer(options.settings, limit, handler))
}

/** A listener for HTTPS. */
export function createSecureListener(options: ListenerOptions, credentials: TlsCredentials): SecureListener {
  const limit = connectionLimit(options)
  let server: TlsServer | undefined
  const made = listener(options, (handler) => {
    server = createSecureServer(options.settings, limit, handler, credentials)
    return server
  })
  return {
    ...made,
    replaceCredentials: ({ certificatePem, privateKeyPem }) =>
      server?.setSecureContext({ cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' }),
  }
}

/** A listener for HTTPS whose clients log in with a certificate. */
export function createMutualListener(
  options: ListenerOptions,
  credentials: TlsCredentials,
  issuers: () => ClientIssuers,
): SecureListener {
  const limit = connectionLimit(options)
  let server: TlsServer | undefined
  const made = listener(options, (handler) => {
    server = createMutualServer(options.settings, limit, handler, credentials, issuers)
    return server
  })
  return {
    ...made,
    replaceCredentials: ({ certificatePem, privateKeyPem }) =>
      server?.setSecureContext({
        cert: certificatePem,
        key: privateKeyPem,
        minVersion: 'TLSv1.2',
        ca: [...issuers().named],
        secureOptions: constants.SSL_OP_NO_TICKET,
      }),
  }
}

function connectionLimit({ settings, processes }: ListenerOptions): ConnectionLimit {
  const isTrusted = addressMatcher(settings.trustProxy)
  return new ConnectionLimit(Math.ceil(settings.connectionsPerAddress / processes), isTrusted)
}

function listener(options: ListenerOptions, createServer: (handler: RequestListener) => Server): Listener {
  const { settings, log, faces } = options
  const nextRequestId = requestIds()
  const app: FastifyInstance = fastify({
    serverFactory: createServer,
    loggerInstance: log as FastifyBaseLogger,
    logController: new RequestLogController(),
    bodyLimit: settings.bodyBytes,
    // Requests that arrive while the last ones are answered are answered too, then the connection is closed.
    return503OnClosing: false,
    trustProxy: settings.trustProxy.length === 0 ? false : [...settings.trustProxy],
    requestIdHeader: false,
    genReqId: nextRequestId,
    rewriteUrl: (request) => routedTarget(request.url ?? '/'),
    clientErrorHandler: answerParserErrors({
      forms: [...faces.flatMap((face) => face.refuseUnreadable ?? []), refuseOutside],
      nextRequestId,
      onRefusal: (facts) => log.info(facts, 'what is no request was refused'),
    }),
    routerOptions: { maxParamLength: settings.urlBytes },
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  takeOnlyBoundedBodies(app, settings)
  guardRequests(app, options)
  for (const face of faces) app.register(mounted(face, options))
  return {
    app,
    listen: async ({ host, port }) => {
      // Fastify would open a second server for the other family's loopback address, without our limits.
      const bound = host === 'localhost' ? '127.0.0.1' : host
      await app.listen({
        host: bound,
        port,
        backlog: 1024,
        listenTextResolver: () => `listening at ${bound} port ${port}`,
      })
    },
    close: () => closeGently(app),
    closeAllConnections: () => app.server.closeAllConnections(),
  }
}

/** How often connections that have just become idle are closed while a listener closes. */
const idleCheckMs = 50

async function closeGently(app: FastifyInstance): Promise<void> {
  // Fastify closes those that are idle at this moment; one whose answer ends later would stay for its idle time.
  const timer = setInterval(() => app.server.closeIdleConnections(), idleCheckMs)
  try {
    await app.close()
  } finally {
    clearInterval(timer)
  }
}

/** Ids that differ over processes and restarts: eight random characters and a number. */
function requestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${prefix}-${(++count).toString(36)}`
}

/** JSON within its limits; a face that reads other media types adds its own parser. */
function takeOnlyBoundedBodies(app: FastifyInstance, settings: Settings): void {
  const limits = { depth: settings.jsonDepth, members: settings.jsonMembers, elements: settings.jsonElements }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseJsonBody(body, limits),
  )
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const

function guardRequests(app: FastifyInstance, { settings, onAnswer }: ListenerOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders)
    reply.header('x-request-id', request.id)
    const refusal = headRefusal(request.raw, settings)
    // What follows such a head is not worth reading.
    if (refusal !== undefined) reply.header('connection', 'close')
    done(refusal)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    takeLargeBody(request, reply)
    writeRetryAfter(reply, settings.retryAfterForm, Date.now())
    done(null, payload)
  })
  if (onAnswer === undefined) return
  app.addHook('onResponse', (request, reply, done) => {
    const { config, url } = request.routeOptions
    onAnswer(config.face ?? 'none', url ?? 'none', reply.statusCode, reply.elapsedTime)
    done()
  })
}

/** Counts a request until its connection is done with it, however it ends. */
function bound(scope: FastifyInstance, { workOf = usualWork }: Face, limit: WorkLimit): void {
  scope.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.alwaysOpen === true) {
      done()
      return
    }
    try {
      limit.enter(workOf(request.method, request.url))
    } catch (error) {
      done(error instanceof Error ? error : new TypeError('a limit threw what is no error'))
      return
    }
    reply.raw.once('close', () => limit.leave())
    done()
  })
}

/** Without a promise where the gate answers at once. */
function stand(scope: FastifyInstance, gate: () => Promise<void> | void): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.alwaysOpen === true) {
      done()
      return
    }
    try {
      const passing = gate()
      if (passing === undefined) done()
      else passing.then(() => done(), done)
    } catch (error) {
      done(error instanceof Error ? error : new TypeError('a gate threw what is no error'))
    }
  })
}

/** Marks every route of a face with its name. */
function mounted(face: Face, { routes, workLimit }: ListenerOptions): FastifyPluginAsync {
  const { name, prefix, documented, gate } = face
  for (const route of documented ?? []) routes?.push({ face: name, ...route })
  return async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, face: name }
      if (documented !== undefined) return
      for (const method of [route.method].flat()) {
        if (method !== 'HEAD') routes?.push({ face: name, method, path: route.url })
      }
    })
    if (gate !== undefined) stand(scope, gate)
    if (workLimit !== undefined && face.exposure === 'api') bound(scope, face, workLimit)
    await scope.register(face.plugin, prefix === undefined ? {} : { prefix })
  }
}
