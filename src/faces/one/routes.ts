import { accountManagerRoutes } from './account/routes.ts'
import { lifecycleRoutes } from './lifecycle/routes.ts'
import { privateCaRoutes } from './private-ca/routes.ts'
import type { Route } from './route.ts'

/** Everything that is served, one line for each API. */
export const routes: readonly Route[] = [...accountManagerRoutes, ...lifecycleRoutes, ...privateCaRoutes]
