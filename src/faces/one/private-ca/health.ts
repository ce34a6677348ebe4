import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'

export const healthRoutes = [
  defineRoute({
    api: 'certificate-authority',
    method: 'GET',
    path: '/v1/health',
    access: 'member',
    tier: 'A',
    tellsHealth: true,
    handler: ({ engine }) =>
      engine.store.healthy() && engine.signingGate.shutFor() === undefined
        ? ok({ status: 'UP' })
        : { type: 'json', status: 500, value: { status: 'DOWN' } },
  }),
] as const
