import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** That somebody was told of the coming end of a credential. */
export interface EndNotice {
  readonly id: number
  readonly accountId: AccountId
  /** Such as `api-key:7`. */
  readonly credential: string
  /** The last day that was told of: a credential whose end is moved is told of again. */
  readonly endDate: string
  /** How many days before. */
  readonly days: number
  readonly sentAt: Instant
}

const columns = { credential: 'text', end_date: 'text', days: 'integer' } as const

export const endNotices = {
  name: 'end_notice',
  columns,
  unique: [['account_id', 'credential', 'end_date', 'days']],
  values: ({ credential, endDate, days }) => ({ credential, end_date: endDate, days }),
  parse(document) {
    const read = new DocumentReader(document, 'end notice')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      credential: read.text('credential'),
      endDate: read.text('endDate'),
      days: read.integer('days'),
      sentAt: read.integer('sentAt'),
    }
  },
} as const satisfies CollectionDefinition<EndNotice, keyof typeof columns>
