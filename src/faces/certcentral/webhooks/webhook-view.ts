import type { Delivery } from '../../../core/webhooks/delivery.ts'
import type { Webhook } from '../../../core/webhooks/webhook.ts'
import { dateTime, dateTimeOrAbsent, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'

/** A webhook without its secret, which is never shown. */
export function webhookView(webhook: Webhook): Members {
  return {
    id: webhook.id,
    endpoint: webhook.endpoint,
    status: webhook.status,
    events: webhook.events,
    challenge_status: challengeStatus(webhook),
    date_created: dateTime(webhook.createdAt),
    webhook_settings: {
      instant_issue_webhook_notification: webhook.tellsInstantIssuance,
      webhook_notification_frequency: webhook.noticeDays,
      webhook_send_certificate_chain: webhook.sendsChain,
      webhook_send_instant_issued_certificate_chain: webhook.sendsInstantChain,
    },
  }
}

function challengeStatus({ challenge }: Webhook): 'none' | 'sent' | 'passed' {
  if (challenge === null) return 'none'
  return challenge.passedAt === null ? 'sent' : 'passed'
}

/** What became of one message. */
export function deliveryView(delivery: Delivery): Members {
  const { subject } = delivery
  return {
    id: delivery.id,
    delivery_id: delivery.deliveryId,
    event: delivery.event,
    status: delivery.status,
    order_id: subject.orderId ?? undefined,
    certificate_id: subject.certificateId ?? undefined,
    organization_id: subject.organizationId ?? undefined,
    domain_id: subject.domainId ?? undefined,
    attempts: delivery.attempts,
    response: textOrAbsent(delivery.outcome),
    date_created: dateTime(delivery.createdAt),
    last_attempt: dateTimeOrAbsent(delivery.lastAttemptAt),
    next_attempt: delivery.status === 'pending' ? dateTimeOrAbsent(delivery.dueAt) : undefined,
  }
}
