import { hasEndlessKey } from '../../../core/auth-keys/change-auth-keys.ts'
import { type AccountPolicy, loadPolicy } from '../../../core/identity/account-policy.ts'
import { changePolicy } from '../../../core/identity/change-policy.ts'
import { visibleContainer } from '../../../core/identity/sight.ts'
import { type Organization, organizations } from '../../../core/organizations/organization.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import { done, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { accountView } from './account-view.ts'
import { authorizationsOf } from './authorizations.ts'
import { customFieldRoutes } from './custom-fields.ts'
import { readPolicyChanges } from './policy-changes.ts'

/** The caller's account: what it is, what it switched on, and what the caller may in it. */
export const accountRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/account',
    resource: 'account',
    right: 'view',
    tier: 'A',
    async handler({ engine, account, principal }) {
      const now = engine.clock.now()
      const { policy, ...facts } = await engine.store.read(function* (view) {
        const policy = yield* loadPolicy(view, account.id)
        return {
          policy,
          primaryOrganization: yield* primaryOrganization(view, policy),
          hasAuthKey: yield* hasEndlessKey(view, principal, now),
        }
      })
      return ok(accountView(account, policy, facts))
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/account',
    resource: 'account',
    right: 'manage',
    tier: 'C',
    async handler({ engine, account, caller, body }) {
      const changes = readPolicyChanges(body)
      body.check()
      await changePolicy(engine, account.id, changes, caller)
      return done
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/authorization',
    resource: 'self',
    right: 'view',
    tier: 'B',
    async handler({ engine, principal, query }) {
      const container = query.id('container_id')
      if (container !== undefined) {
        await engine.store.read((view) => visibleContainer(view, principal, container))
      }
      return ok({ authorizations: authorizationsOf(principal.rights) })
    },
  }),
  ...customFieldRoutes,
]

function* primaryOrganization(
  view: View,
  { accountId, primaryOrganizationId }: AccountPolicy,
): Program<Organization | undefined> {
  const own = view.collection(organizations)
  if (primaryOrganizationId !== null) return yield* own.byId(accountId, primaryOrganizationId)
  const { items } = yield* own.list({ accountId, where: [], offset: 0, limit: 1 })
  return items[0]
}
