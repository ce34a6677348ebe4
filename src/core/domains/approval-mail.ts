import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { Language } from '../faults.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** A mail that asks one address to approve for one domain. Exactly one of `domainId` and `orderId` is set. */
export interface ApprovalMail {
  readonly id: number
  readonly accountId: AccountId
  readonly domainId: number | null
  readonly orderId: number | null
  /** The domain whose control the answer proves. */
  readonly name: string
  readonly address: string
  /** 128 random bits in lower-case hex; the link is worked out from them and from a key that is not stored. */
  readonly nonce: string
  readonly language: Language
  readonly createdAt: Instant
  /** Answers count until then. */
  readonly expiresAt: Instant
  /** When it was last handed over to be delivered. */
  readonly sentAt: Instant | null
  /** Hand-overs that failed since it was last asked for. */
  readonly failures: number
  /** When the background hands it over (again); null: it does not. */
  readonly dueAt: Instant | null
  readonly approvedAt: Instant | null
}

const columns = { domain_id: 'integer', order_id: 'integer', due_at: 'instant' } as const

export const approvalMails = {
  name: 'approval_mail',
  columns,
  values: (mail) => ({ domain_id: mail.domainId, order_id: mail.orderId, due_at: mail.dueAt }),
  parse(document) {
    const read = new DocumentReader(document, 'approval mail')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      domainId: read.integerOrNull('domainId'),
      orderId: read.integerOrNull('orderId'),
      name: read.text('name'),
      address: read.text('address'),
      nonce: read.text('nonce'),
      language: read.member('language', ['en', 'ja']),
      createdAt: read.integer('createdAt'),
      expiresAt: read.integer('expiresAt'),
      sentAt: read.integerOrNull('sentAt'),
      failures: read.integer('failures'),
      dueAt: read.integerOrNull('dueAt'),
      approvedAt: read.integerOrNull('approvedAt'),
    }
  },
} as const satisfies CollectionDefinition<ApprovalMail, keyof typeof columns>
