import { createHash } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'

/**
 * SHA-256, lower-case hex, of the certificate that a client showed in the TLS handshake; undefined where none was
 * asked for. That one of our own CAs issued it is for the listener to see to.
 */
export function shownFingerprint(request: FastifyRequest): string | undefined {
  const { socket } = request.raw
  if (!(socket instanceof TLSSocket)) return undefined
  // Null once the connection is gone, empty where the client showed nothing.
  const raw = socket.getPeerCertificate()?.raw
  return raw === undefined ? undefined : createHash('sha256').update(raw).digest('hex')
}
