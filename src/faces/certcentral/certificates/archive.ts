import { setCertificateArchived } from '../../../core/orders/archive-certificate.ts'
import { done } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

const archiving = (path: '/certificate/:certificate_id/archive' | '/certificate/:certificate_id/unarchive') =>
  defineRoute({
    method: 'PUT',
    path,
    resource: 'certificates',
    right: 'manage',
    tier: 'B',
    body: 'none',
    async handler(call) {
      const { engine, principal, caller } = call
      const isArchived = path.endsWith('/archive')
      await setCertificateArchived(engine, principal, call.pathText('certificate_id'), isArchived, caller)
      return done
    },
  })

/** Leaving certificates out of the lists of their order. */
export const archiveRoutes: readonly Route[] = [
  archiving('/certificate/:certificate_id/archive'),
  archiving('/certificate/:certificate_id/unarchive'),
]
