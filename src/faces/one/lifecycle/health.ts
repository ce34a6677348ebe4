import { text } from '../reply.ts'
import { defineRoute } from '../route.ts'

/** The terraform provider compares this byte for byte to see whether its key works. */
const greeting = 'Hello from DigiCert ONE - Trust Lifecycle Manager REST API!'

export const healthRoutes = [
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/hello',
    access: 'member',
    tier: 'A',
    handler: () => text('text/plain;charset=utf-8', greeting),
  }),
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/health/extensive',
    access: 'anyone',
    tier: 'B',
    tellsHealth: true,
    handler: ({ engine }) =>
      engine.store.healthy()
        ? text('text/plain;charset=utf-8', 'UP')
        : { ...text('text/plain;charset=utf-8', 'DOWN'), status: 500 },
  }),
] as const
