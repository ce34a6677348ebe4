import { applications } from '../../../core/access/permissions.ts'
import { roleCodes, roles } from '../../../core/access/roles.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'

/** What can be allowed. */
export const roleRoutes = [
  defineRoute({
    api: 'account',
    method: 'GET',
    path: '/v1/role',
    access: 'VIEW_AM_ROLE',
    tier: 'B',
    handler({ query }) {
      const application = query.choice('application_code', applications)
      const wanted = roleCodes.filter(
        (code) => application === undefined || roles[code].application === application,
      )
      return ok(
        wanted.map((code) => {
          const role = roles[code]
          return {
            code,
            name: role.name,
            application_code: role.application,
            permissions: role.permissions.map((permission) => ({ code: permission })),
          }
        }),
      )
    },
  }),
  defineRoute({
    api: 'account',
    method: 'GET',
    path: '/v1/locale',
    access: 'member',
    tier: 'C',
    handler: () =>
      ok([
        { locale: 'en_US', name: 'English' },
        { locale: 'ja_JP', name: '日本語' },
      ]),
  }),
] as const
