import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Settings } from '../configuration/settings.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import { parserHeadBytes } from './request-limits.ts'

/** Certificate, its chain, and its private key; PEM. */
export interface TlsCredentials {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** How often Node looks for requests past their time. */
const timeoutCheckMs = 1000

/** Extra time an idle connection gets beyond the longest request, for an answer that is read slowly. */
const slowReaderMs = 30_000

/** Node's server for plain HTTP with the bounds of the configuration on time, head and connections. */
export function createPlainServer(
  settings: Settings,
  limit: ConnectionLimit,
  handler: RequestListener,
): Server {
  return bounded(createServer(serverOptions(settings), handler), settings, limit)
}

/**
 * The same over TLS 1.2 and 1.3. Only HTTP/1.1 is offered: clients of the served APIs read nothing newer.
 */
export function createSecureServer(
  settings: Settings,
  limit: ConnectionLimit,
  handler: RequestListener,
  { certificatePem, privateKeyPem }: TlsCredentials,
): TlsServer {
  const options = {
    ...serverOptions(settings),
    cert: certificatePem,
    key: privateKeyPem,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: settings.headerTimeoutMs,
  } as const
  return bounded(createTlsServer(options, handler), settings, limit)
}

function serverOptions(settings: Settings): ServerOptions {
  return {
    maxHeaderSize: parserHeadBytes(settings),
    headersTimeout: settings.headerTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: settings.keepAliveMs,
    connectionsCheckingInterval: timeoutCheckMs,
    insecureHTTPParser: false,
  }
}

function bounded<Kind extends Server>(server: Kind, settings: Settings, limit: ConnectionLimit): Kind {
  // Node drops fields past this number in silence: one more than allowed lets us see that there were too many.
  server.maxHeadersCount = settings.headerCount + 1
  server.setTimeout(settings.requestTimeoutMs + slowReaderMs)
  // No interim answer (RFC 9110 section 10.1.1 allows that): a PHP client of the TinyCert API takes the first blank
  // line for the end of the head and would see nothing but "100 Continue".
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  // Before TLS, so that a refused connection costs no handshake.
  server.prependListener('connection', (socket) => limit.admit(socket))
  return server
}
