import { auditLogRoutes } from '../audit-log.ts'
import { accountRoutes } from './accounts.ts'
import { clientCertificateRoutes } from './client-certificates.ts'
import { limitRoutes } from './limits.ts'
import { organizationRoutes } from './organizations.ts'
import { roleRoutes } from './role-routes.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Account Manager. */
export const accountManagerRoutes = [
  ...accountRoutes,
  ...organizationRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...clientCertificateRoutes,
  ...roleRoutes,
  ...limitRoutes,
  ...auditLogRoutes('account', 'VIEW_AM_AUDIT_LOG'),
] as const
