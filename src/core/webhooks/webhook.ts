import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** What an account can be told of, by the API's words. */
export const webhookEvents = [
  'certificate_issued',
  'certificate_revoked',
  'order_rejected',
  'organization_validated',
  'organization_expired',
  'organization_revalidation_notice',
  'domain_validated',
  'domain_expired',
  'domain_revalidation_notice',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Days before the end of a validation on which an account can be told of it; 0 and below: it is over. */
export const noticeDays = [90, 60, 30, 7, 0, -7] as const
export type NoticeDay = (typeof noticeDays)[number]

export const webhookStatuses = ['inactive', 'active'] as const

/** Where an account's acts are told. One for each account. */
export interface Webhook {
  readonly id: number
  readonly accountId: AccountId
  readonly endpoint: string
  /** Sealed under the master key, base64: it is sent in clear with every call. */
  readonly secretSealed: string
  readonly events: readonly WebhookEvent[]
  /** Whether certificates that an order got within its own call are told of, too. */
  readonly tellsInstantIssuance: boolean
  readonly noticeDays: readonly NoticeDay[]
  /** Whether the chain is told along with an issued certificate. */
  readonly sendsChain: boolean
  readonly sendsInstantChain: boolean
  readonly status: (typeof webhookStatuses)[number]
  /** What the endpoint was sent to give back; a new endpoint has none. */
  readonly challenge: {
    readonly value: string
    readonly sentAt: Instant
    readonly passedAt: Instant | null
  } | null
  readonly createdAt: Instant
}

const columns = { status: 'text' } as const

export const webhooks = {
  name: 'webhook',
  columns,
  isConfiguration: true,
  unique: [['account_id']],
  values: ({ status }) => ({ status }),
  parse(document) {
    const read = new DocumentReader(document, 'webhook')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      endpoint: read.text('endpoint'),
      secretSealed: read.text('secretSealed'),
      events: read.members('events', webhookEvents),
      tellsInstantIssuance: read.flag('tellsInstantIssuance'),
      noticeDays: read.integers('noticeDays').flatMap((day) => noticeDays.find((each) => each === day) ?? []),
      sendsChain: read.flag('sendsChain'),
      sendsInstantChain: read.flag('sendsInstantChain'),
      status: read.member('status', webhookStatuses),
      challenge: read.objectOrNull('challenge', (challenge) => ({
        value: challenge.text('value'),
        sentAt: challenge.integer('sentAt'),
        passedAt: challenge.integerOrNull('passedAt'),
      })),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Webhook, keyof typeof columns>
