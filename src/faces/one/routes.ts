import { accountManagerRoutes } from './account/routes.ts'
import { lifecycleRoutes } from './lifecycle/routes.ts'
import { privateCaRoutes } from './private-ca/routes.ts'

/** Everything that is served, one line for each API. */
export const routes = [...accountManagerRoutes, ...lifecycleRoutes, ...privateCaRoutes] as const
