import { checkDomainLock, setDomainLock } from '../../../core/domains/domain-locking.ts'
import { done, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainInSight } from './domain-in-sight.ts'

const manage = { resource: 'domains', right: 'manage', method: 'PUT', tier: 'B' } as const

const locking = (path: '/domain/:id/activate-domain-locking' | '/domain/:id/deactivate-domain-locking') =>
  defineRoute({
    ...manage,
    path,
    body: 'none',
    async handler(call) {
      const id = call.pathId('id', 'domain')
      const isLocked = path.endsWith('/activate-domain-locking')
      await setDomainLock(call.engine, call.principal, id, isLocked, call.caller)
      return done
    },
  })

/** Domains that other accounts cannot order. */
export const lockingRoutes: readonly Route[] = [
  locking('/domain/:id/activate-domain-locking'),
  locking('/domain/:id/deactivate-domain-locking'),
  defineRoute({
    ...manage,
    path: '/domain/:id/caa',
    body: 'optional',
    async handler(call) {
      const { id } = await domainInSight(call)
      const { engine, principal, caller, body } = call
      const token = body.text('account_token')
      body.check()
      const isSeen = await checkDomainLock(engine, principal, id, token, caller)
      return ok({ status: isSeen ? '1' : '0' })
    },
  }),
]
