import { authorityRoutes } from './authorities.ts'
import { certificateRoutes } from './certificates.ts'
import { healthRoutes } from './health.ts'
import { keyPairRoutes } from './key-pairs.ts'
import { statusRoutes } from './status.ts'
import { templateRoutes } from './templates.ts'

/** Private CA. */
export const privateCaRoutes = [
  ...healthRoutes,
  ...certificateRoutes,
  ...authorityRoutes,
  ...keyPairRoutes,
  ...templateRoutes,
  ...statusRoutes,
] as const
