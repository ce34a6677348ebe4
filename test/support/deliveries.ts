import type { AccountId } from '../../src/core/brand.ts'
import type { Delivery } from '../../src/core/webhooks/delivery.ts'

/** A webhook that was not taken once and waits to be tried again. */
export function aDelivery(accountId: AccountId, dueAt: number): Omit<Delivery, 'id'> {
  return {
    accountId,
    deliveryId: String(dueAt),
    event: 'certificate_issued',
    subject: {
      orderId: 1,
      certificateId: 1,
      organizationId: null,
      domainId: null,
      validation: null,
      endsAt: null,
    },
    isInstant: false,
    reference: null,
    status: 'pending',
    attempts: 1,
    dueAt,
    outcome: '503',
    lastAttemptAt: null,
    createdAt: dueAt,
  }
}
