import { type AccountId, accountId, type Instant } from '../brand.ts'
import { type ValidationType, validationTypes } from '../organizations/organization.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { type WebhookEvent, webhookEvents } from './webhook.ts'

/** What an event is about: ids, from which the body is made when it is sent. */
export interface DeliverySubject {
  readonly orderId: number | null
  /** Of the order certificate. */
  readonly certificateId: number | null
  readonly organizationId: number | null
  readonly domainId: number | null
  readonly validation: ValidationType | null
  /** Of a notice: the end of the validation. */
  readonly endsAt: Instant | null
}

/** One thing to be told, at least once. */
export interface Delivery {
  readonly id: number
  readonly accountId: AccountId
  /** Random, the same in every attempt: by it a receiver knows repetitions. */
  readonly deliveryId: string
  readonly event: WebhookEvent
  readonly subject: DeliverySubject
  /** Whether the certificate was issued within the call of its order. */
  readonly isInstant: boolean
  /** What is told once, such as a notice of one day; null: every act is told. */
  readonly reference: string | null
  /** `dead`: given up after too many attempts; it can be tried anew by hand. */
  readonly status: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  /** When it is tried next; null: it is not. */
  readonly dueAt: Instant | null
  /** The last attempt: HTTP status, or why there was none. */
  readonly outcome: string
  readonly lastAttemptAt: Instant | null
  readonly createdAt: Instant
}

const columns = {
  event: 'text',
  status: 'text',
  reference: 'text',
  due_at: 'instant',
  created_at: 'instant',
} as const
export type DeliveryColumn = keyof typeof columns

export const deliveries = {
  name: 'webhook_delivery',
  columns,
  unique: [['account_id', 'reference']],
  values: (delivery) => ({
    event: delivery.event,
    status: delivery.status,
    reference: delivery.reference,
    due_at: delivery.dueAt,
    created_at: delivery.createdAt,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'webhook delivery')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      deliveryId: read.text('deliveryId'),
      event: read.member('event', webhookEvents),
      subject: read.object('subject', (subject) => ({
        orderId: subject.integerOrNull('orderId'),
        certificateId: subject.integerOrNull('certificateId'),
        organizationId: subject.integerOrNull('organizationId'),
        domainId: subject.integerOrNull('domainId'),
        validation: subject.memberOrNull('validation', validationTypes),
        endsAt: subject.integerOrNull('endsAt'),
      })),
      isInstant: read.flag('isInstant'),
      reference: read.textOrNull('reference'),
      status: read.member('status', ['pending', 'delivered', 'dead']),
      attempts: read.integer('attempts'),
      dueAt: read.integerOrNull('dueAt'),
      outcome: read.text('outcome'),
      lastAttemptAt: read.integerOrNull('lastAttemptAt'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Delivery, DeliveryColumn>
