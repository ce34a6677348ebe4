import { auditLogRoutes } from '../audit-log.ts'
import { approvalRoutes } from './approvals.ts'
import { businessUnitRoutes } from './business-units.ts'
import { certificateRoutes } from './certificates.ts'
import { enrollmentRoutes } from './enrollments.ts'
import { escrowRoutes } from './escrow.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './imports.ts'
import { ownerRoutes } from './owners.ts'
import { pickupRoutes } from './pickup.ts'
import { profileRoutes } from './profiles.ts'
import { searchRoutes } from './search.ts'
import { seatRoutes } from './seats.ts'
import { tagRoutes } from './tags.ts'

/** Trust Lifecycle Manager. */
export const lifecycleRoutes = [
  ...healthRoutes,
  ...certificateRoutes,
  ...pickupRoutes,
  ...searchRoutes,
  ...profileRoutes,
  ...businessUnitRoutes,
  ...seatRoutes,
  ...enrollmentRoutes,
  ...approvalRoutes,
  ...ownerRoutes,
  ...tagRoutes,
  ...importRoutes,
  ...escrowRoutes,
  ...auditLogRoutes('mpki', 'VIEW_EM_AUDIT_LOG'),
] as const
