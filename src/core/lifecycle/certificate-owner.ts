import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** A person or group that certificates belong to, and whom to write about them. */
export interface CertificateOwner {
  readonly id: number
  readonly accountId: AccountId
  readonly name: string
  /** Unique in the account, lower case. */
  readonly email: string
  readonly createdAt: Instant
}

const columns = { email: 'text' } as const

export const certificateOwners = {
  name: 'certificate_owner',
  columns,
  unique: [['account_id', 'email']],
  values: ({ email }) => ({ email }),
  parse(document) {
    const read = new DocumentReader(document, 'certificate owner')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      name: read.text('name'),
      email: read.text('email'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<CertificateOwner, keyof typeof columns>
