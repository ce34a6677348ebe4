import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/**
 * One line for a request, when it has been answered: at level debug, where the caller erred or was turned
 * away for now (503) at info, where we failed at error. Why it failed stands in a line of its own. The query is left out, because callers put secrets there.
 */
export class RequestLogController extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'requestId' })
  }

  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const status = reply.statusCode
    const level = status >= 500 && status !== 503 ? 'error' : status >= 400 ? 'info' : 'debug'
    request.log[level](
      {
        method: request.method,
        path: pathOf(request.url),
        status,
        milliseconds: Math.round(reply.elapsedTime * 1000) / 1000,
        remoteAddress: request.ip,
        ...(error ? { err: error } : {}),
      },
      'request answered',
    )
  }
}

/** Longest path that is logged whole. */
const longestPath = 200

function pathOf(url: string): string {
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  return path.length > longestPath ? `${path.slice(0, longestPath)}…` : path
}
