import type { Instant } from '../brand.ts'
import type { Order, OrderLead } from './order.ts'

const dayMs = 86_400_000
/** Nothing is followed earlier than this before it ends, nor before two thirds of its life are over. */
const earliestMs = 30 * dayMs

/** What the background does about an order by itself. */
export type FollowUpKind = 'issuance-mail' | 'reissue' | 'renewal'

/** What of an order decides it. */
export interface FollowedOrder
  extends Pick<
    Order,
    | 'status'
    | 'certificateId'
    | 'validFrom'
    | 'validUntil'
    | 'autoReissue'
    | 'autoRenew'
    | 'renewedByOrderId'
    | 'additionalEmails'
    | 'disableIssuanceEmail'
    | 'issuanceMails'
  > {
  readonly lead: Pick<OrderLead, 'notBefore' | 'notAfter'>
}

/** The next thing that happens to an order without anybody asking, and when; null: nothing. */
export function nextFollowUp(
  order: FollowedOrder,
): { readonly kind: FollowUpKind; readonly at: Instant } | null {
  const { status, lead, validFrom, validUntil } = order
  if (status !== 'issued' || validFrom === null || validUntil === null) return null
  if (lead.notBefore === null || lead.notAfter === null) return null
  if (wantsMail(order)) return { kind: 'issuance-mail', at: lead.notBefore }
  const isLast = validUntil - lead.notAfter <= dayMs
  if (order.autoReissue > 0 && !isLast) {
    return { kind: 'reissue', at: beforeEnd(lead.notBefore, lead.notAfter) }
  }
  if (order.autoRenew > 0 && order.renewedByOrderId === null) {
    return { kind: 'renewal', at: beforeEnd(validFrom, validUntil) }
  }
  return null
}

/** Whether somebody is to be told of the certificate that counts who was not. */
function wantsMail({
  certificateId,
  additionalEmails,
  disableIssuanceEmail,
  issuanceMails,
}: FollowedOrder): boolean {
  if (disableIssuanceEmail || additionalEmails.length === 0) return false
  return issuanceMails?.certificateId !== certificateId || issuanceMails.told < additionalEmails.length
}

function beforeEnd(start: Instant, end: Instant): Instant {
  return end - Math.min(earliestMs, Math.floor((end - start) / 3))
}
