import type { FastifyPluginAsync } from 'fastify'
import type { Readiness } from './readiness.ts'

export interface HealthOptions {
  readonly readiness: () => Promise<Readiness>
  /** Prometheus text of all request loops together. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
}

/**
 * `/healthz` answers while the loop turns. `/readyz` lists the checks: 200 when ready or degraded, 503 when a
 * request would fail. `/metrics` is for Prometheus.
 */
export function health({ readiness, metrics }: HealthOptions): FastifyPluginAsync {
  return async (scope) => {
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    scope.get('/healthz', async () => ({ status: 'ok' }))
    scope.get('/readyz', async (_request, reply) => {
      const found = await readiness()
      return reply.code(found.status === 'unready' ? 503 : 200).send(found)
    })
    scope.get('/metrics', async (_request, reply) => {
      const { contentType, text } = await metrics()
      return reply.type(contentType).send(text)
    })
  }
}
