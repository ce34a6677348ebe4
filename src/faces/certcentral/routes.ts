import { accountRoutes } from './account/routes.ts'
import { archiveRoutes } from './certificates/archive.ts'
import { containerRoutes } from './containers/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { cancelRoutes } from './orders/cancel.ts'
import { orderChangeRoutes } from './orders/changes.ts'
import { revocationRoutes } from './orders/revoke.ts'
import { statusChangeRoutes } from './orders/status-changes.ts'
import { organizationRoutes } from './organizations/routes.ts'
import type { Route } from './route.ts'
import { userRoutes } from './users/routes.ts'

/** Everything that is served, one line for each noun. */
export const routes: readonly Route[] = [
  ...statusChangeRoutes,
  ...revocationRoutes,
  ...orderChangeRoutes,
  ...cancelRoutes,
  ...archiveRoutes,
  ...accountRoutes,
  ...containerRoutes,
  ...keyRoutes,
  ...organizationRoutes,
  ...userRoutes,
]
