import type { Socket } from 'node:net'
import { routedTarget } from './request-target.ts'

/** A refusal as a face writes it. */
export interface WrittenRefusal {
  readonly contentType: string
  readonly body: string
}

/**
 * How a face refuses bytes that are no request, or not in time.
 *
 * @param path where the request line could be read, as it is routed; undefined elsewhere
 * @returns undefined when the path is none of the face's
 */
export type RefusalForm = (
  status: number,
  path: string | undefined,
  requestId: string,
) => WrittenRefusal | undefined

interface ParserError extends Error {
  readonly code?: string
  /** The octets in which the parser stumbled, as they came. */
  readonly rawPacket?: unknown
}

export interface ParserErrorOptions {
  /** Asked in their order; the last one answers always. */
  readonly forms: readonly [...RefusalForm[], (...given: Parameters<RefusalForm>) => WrittenRefusal]
  readonly nextRequestId: () => string
  /** Told of every refusal. */
  readonly onRefusal: (facts: Readonly<Record<string, unknown>>) => void
}

const statusByCode: ReadonlyMap<string, readonly [number, string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'Request Timeout']],
  ['HPE_HEADER_OVERFLOW', [431, 'Request Header Fields Too Large']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'Content Too Large']],
])

/**
 * Answers bytes that are not a request, or not in time, and closes: whatever follows on such a connection
 * cannot be told apart from a smuggled request.
 */
export function answerParserErrors({ forms, nextRequestId, onRefusal }: ParserErrorOptions) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    if (!socket.writable) {
      socket.destroy()
      return
    }
    const [status, reason] = statusByCode.get(error.code ?? '') ?? [400, 'Bad Request']
    const requestId = nextRequestId()
    const path = pathIn(error.rawPacket)
    onRefusal({ requestId, status, parser: error.code, path, remoteAddress: socket.remoteAddress })
    for (const form of forms) {
      const written = form(status, path, requestId)
      if (written === undefined) continue
      socket.end(
        `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${written.contentType}\r\n` +
          `Content-Length: ${Buffer.byteLength(written.body)}\r\nX-Request-Id: ${requestId}\r\n` +
          `X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${written.body}`,
        // A peer that goes on sending would keep a half-closed connection alive.
        () => socket.destroy(),
      )
      return
    }
  }
}

/** More than the prefixes of all faces need. */
const longestLine = 256

/**
 * The path of the request line that the octets begin with: enough to tell whose it is. A request line that came
 * before these octets is not known, nor is one behind the end of an earlier request.
 */
function pathIn(packet: unknown): string | undefined {
  if (!(packet instanceof Uint8Array)) return undefined
  const line = Buffer.from(packet.buffer, packet.byteOffset, Math.min(packet.length, longestLine))
  const [, target] = /^[A-Z]{1,16} ([!-~]+)/.exec(line.toString('latin1')) ?? []
  if (target === undefined) return undefined
  const [path = ''] = routedTarget(target).split('?', 1)
  return path.startsWith('/') ? path : undefined
}
