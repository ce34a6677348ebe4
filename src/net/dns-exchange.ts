import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'

/** Where a resolver listens. */
export interface DnsServer {
  /** An IP address. */
  readonly address: string
  readonly port: number
}

/** No answer of this server, and why. */
export class ExchangeError extends Error {
  readonly reason: 'timeout' | 'unreachable' | 'malformed'

  constructor(reason: 'timeout' | 'unreachable' | 'malformed', options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

export interface Exchange<Response> {
  readonly server: DnsServer
  readonly query: Buffer
  /** Undefined for a message that answers something else; throws when it cannot be read. */
  readonly read: (message: Buffer) => Response | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Asks by UDP. Every query has a socket, and so a port, of its own, drawn by the system; messages of others
 * and to other queries are passed over (RFC 5452 section 9).
 *
 * @throws ExchangeError, and the signal's reason
 */
export function askByUdp<Response>({
  server,
  query,
  read,
  timeoutMs,
  signal,
}: Exchange<Response>): Promise<Response> {
  signal.throwIfAborted()
  return new Promise<Response>((resolve, reject) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.removeAllListeners('message')
      socket.close()
      settle()
    }
    const fail = (error: unknown) => end(() => reject(error))
    const abort = () => fail(signal.reason)
    const timer = setTimeout(() => fail(new ExchangeError('timeout')), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    // Errors come late, too: those of a closed socket have nobody to tell.
    socket.on('error', () => {})
    socket.once('error', (cause) => fail(new ExchangeError('unreachable', { cause })))
    socket.on('message', (message) => {
      try {
        const response = read(message)
        if (response !== undefined) end(() => resolve(response))
      } catch (cause) {
        fail(new ExchangeError('malformed', { cause }))
      }
    })
    // A connected socket gets nothing from any other address, and hears that nobody listens.
    // A connection that fails is told to the callback and not as an event.
    socket.connect(server.port, server.address, (cause?: unknown) => {
      if (cause === undefined || cause === null) socket.send(query)
      else fail(new ExchangeError('unreachable', { cause }))
    })
  })
}

/**
 * Asks by TCP (RFC 7766), each message behind its length in two octets.
 *
 * @throws ExchangeError, and the signal's reason
 */
export function askByTcp<Response>({
  server,
  query,
  read,
  timeoutMs,
  signal,
}: Exchange<Response>): Promise<Response> {
  signal.throwIfAborted()
  return new Promise<Response>((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port })
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.removeAllListeners('data')
      socket.destroy()
      settle()
    }
    const fail = (error: unknown) => end(() => reject(error))
    const abort = () => fail(signal.reason)
    const timer = setTimeout(() => fail(new ExchangeError('timeout')), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', (cause) => fail(new ExchangeError('unreachable', { cause })))
    socket.on('close', () => fail(new ExchangeError('unreachable')))
    const parts: Buffer[] = []
    let length = 0
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (length < 2) return
      const received = Buffer.concat(parts, length)
      const end16 = 2 + received.readUInt16BE(0)
      parts.splice(0, parts.length, received)
      if (length < end16) return
      try {
        const response = read(received.subarray(2, end16))
        if (response === undefined) throw new RangeError('an answer to another query')
        end(() => resolve(response))
      } catch (cause) {
        fail(new ExchangeError('malformed', { cause }))
      }
    })
    const prefix = Buffer.alloc(2)
    prefix.writeUInt16BE(query.length)
    socket.write(Buffer.concat([prefix, query]))
  })
}
