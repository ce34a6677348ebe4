import { limitState } from '../../../core/limits/limit-state.ts'
import { credentialOf } from '../authenticate.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'

/** An addition: what the credential at hand has left. */
export const limitRoutes = [
  defineRoute({
    api: 'account',
    method: 'GET',
    path: '/v1/limit',
    access: 'member',
    tier: 'C',
    async handler({ engine, account, member }) {
      const states = await limitState(engine, account, credentialOf(member))
      return ok(
        states.map(({ limit, source, windows }) => ({
          limit,
          source,
          windows: windows.map((window) => ({
            limit: window.limit,
            window_seconds: window.windowMs / 1_000,
            used: window.used,
            remaining: window.remaining,
            frees_in_seconds: Math.ceil(window.freesInMs / 1_000),
          })),
        })),
      )
    },
  }),
] as const
