import { constants, type X509Certificate } from 'node:crypto'
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
  credentials: TlsCredentials,
): TlsServer {
  return bounded(createTlsServer(tlsOptions(settings, credentials), handler), settings, limit)
}

/** Whose certificates a client may show; looked at anew for each connection. */
export interface ClientIssuers {
  /** CAs that issue certificates of clients. */
  readonly issuing: readonly X509Certificate[]
  /** PEM of these and of those above, named to the client. */
  readonly named: readonly string[]
}

/**
 * The same for clients that show a certificate of one of our CAs. A connection without one ends before anything is
 * read from it; whether the certificate still counts is for whoever answers, who can say why it does not.
 */
export function createMutualServer(
  settings: Settings,
  limit: ConnectionLimit,
  handler: RequestListener,
  credentials: TlsCredentials,
  issuers: () => ClientIssuers,
): TlsServer {
  const server = createTlsServer(
    {
      ...tlsOptions(settings, credentials),
      requestCert: true,
      // OpenSSL would end the handshake for one that has expired, and mixes up its reasons where there are several.
      rejectUnauthorized: false,
      ca: [...issuers().named],
      // A resumed session shows no certificate again.
      secureOptions: constants.SSL_OP_NO_TICKET,
    },
    handler,
  )
  server.prependListener('secureConnection', (socket) => {
    const shown = socket.getPeerX509Certificate()
    if (shown === undefined || !issuers().issuing.some((issuer) => isIssuedBy(shown, issuer)))
      socket.destroy()
  })
  return bounded(server, settings, limit)
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function tlsOptions(settings: Settings, { certificatePem, privateKeyPem }: TlsCredentials) {
  return {
    ...serverOptions(settings),
    cert: certificatePem,
    key: privateKeyPem,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: settings.headerTimeoutMs,
  } as const
}

function serverOptions(settings: Settings): ServerOptions {
  return {
    maxHeaderSize: parserHeadBytes(settings),
    headersTimeout: settings.headerTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: settings.keepAliveMs,
    connectionsCheckingInterval: timeoutCheckMs,
    insecureHTTPParser: false,
    // Node's own answer has no body; `headRefusal` looks for the field.
    requireHostHeader: false,
  }
}

function bounded<Kind extends Server>(server: Kind, settings: Settings, limit: ConnectionLimit): Kind {
  // Node drops fields past this number in silence: one more than allowed lets us see that there were too many.
  server.maxHeadersCount = settings.headerCount + 1
  server.setTimeout(settings.requestTimeoutMs + slowReaderMs)
  // Faces send 100 themselves, after their checks of the head. That of TinyCert does not: a PHP client of that API
  // takes the first blank line for the end of the head and would see nothing but "100 Continue".
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  // Nor 417, which Node would send without a body: section 10.1.1 lets a server pass over other expectations.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  // Before TLS, so that a refused connection costs no handshake.
  server.prependListener('connection', (socket) => limit.admit(socket))
  return server
}
