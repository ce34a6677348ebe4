import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Readiness } from './readiness.ts'

export interface HealthOptions {
  readonly readiness: () => Promise<Readiness>
  /** Prometheus text of all request loops together. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** Whether a caller of this address may see figures and the reasons of failures. */
  readonly mayInspect: (address: string) => boolean
}

/**
 * `/healthz` answers while the loop turns. `/readyz`: 200 when ready or degraded, 503 when a request would fail; it
 * lists the checks to those who may inspect, and tells others the state alone. `/metrics` is for Prometheus.
 */
export function health({ readiness, metrics, mayInspect }: HealthOptions): FastifyPluginAsync {
  const isInspector = (request: FastifyRequest) => !isForwardedByStranger(request) && mayInspect(request.ip)
  return async (scope) => {
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    scope.get('/healthz', async () => ({ status: 'ok' }))
    scope.get('/readyz', async (request, reply) => {
      const found = await readiness()
      reply.code(found.status === 'unready' ? 503 : 200)
      return reply.send(isInspector(request) ? found : { status: found.status })
    })
    scope.get('/metrics', async (request, reply) => {
      if (!isInspector(request)) {
        return reply.code(403).send({ error: 'forbidden', message: 'metrics are not shown to this address' })
      }
      const { contentType, text } = await metrics()
      return reply.type(contentType).send(text)
    })
  }
}

/**
 * Came it through a proxy that is not trusted, such as one on this machine? Then its address says nothing about who
 * asks.
 */
function isForwardedByStranger({ headers, ip, socket }: FastifyRequest): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  return isForwarded && ip === socket.remoteAddress
}
