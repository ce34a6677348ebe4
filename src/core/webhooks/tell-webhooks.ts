import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type DeliverySubject, deliveries } from './delivery.ts'
import { type Webhook, type WebhookEvent, webhooks } from './webhook.ts'

/** Something that an account may want to be told. */
export interface WebhookTelling extends Partial<DeliverySubject> {
  readonly accountId: AccountId
  readonly event: WebhookEvent
  readonly at: Instant
  /** Of an issued certificate: within the call of its order. Default false. */
  readonly isInstant?: boolean
  /** Told once under this name. Default: always told. */
  readonly reference?: string
}

/**
 * Puts a message to the account's webhook on its way, together with the act that it tells. One indexed read in an
 * account without a webhook.
 */
export function* tellWebhooks(
  transaction: Transaction,
  { random }: Pick<Engine, 'random'>,
  telling: WebhookTelling,
): Program<void> {
  const webhook = yield* activeWebhook(transaction, telling.accountId)
  if (webhook === undefined || !wants(webhook, telling)) return
  yield* transaction.collection(deliveries).insert({
    id: yield* transaction.collection(deliveries).nextId(),
    accountId: telling.accountId,
    deliveryId: Buffer.from(random.bytes(16)).toString('hex'),
    event: telling.event,
    subject: {
      orderId: telling.orderId ?? null,
      certificateId: telling.certificateId ?? null,
      organizationId: telling.organizationId ?? null,
      domainId: telling.domainId ?? null,
      validation: telling.validation ?? null,
      endsAt: telling.endsAt ?? null,
    },
    isInstant: telling.isInstant ?? false,
    reference: telling.reference ?? null,
    status: 'pending',
    attempts: 0,
    dueAt: telling.at,
    outcome: '',
    lastAttemptAt: null,
    createdAt: telling.at,
  })
}

/** Whether anything is told to anybody. */
export function* hasWebhook(view: Pick<View, 'collection'>, account: AccountId): Program<boolean> {
  return (yield* activeWebhook(view, account)) !== undefined
}

function* activeWebhook(view: Pick<View, 'collection'>, account: AccountId): Program<Webhook | undefined> {
  const [webhook] = yield* view.collection(webhooks).withValue(account, 'status', 'active', 1)
  return webhook
}

function wants(webhook: Webhook, { event, isInstant = false }: WebhookTelling): boolean {
  if (!webhook.events.includes(event)) return false
  return !(event === 'certificate_issued' && isInstant) || webhook.tellsInstantIssuance
}
