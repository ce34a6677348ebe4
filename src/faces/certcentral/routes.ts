import { accountRoutes } from './account/routes.ts'
import { containerRoutes } from './containers/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import type { Route } from './route.ts'
import { userRoutes } from './users/routes.ts'

/** Everything that is served, one line for each noun. */
export const routes: readonly Route[] = [...accountRoutes, ...containerRoutes, ...keyRoutes, ...userRoutes]
