import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** An account that another one made and looks after: an account like any other, with its own users and CAs. */
export interface Subaccount {
  /** The account itself. */
  readonly id: number
  /** Whose it is. */
  readonly accountId: AccountId
  readonly name: string
  readonly email: string
  readonly createdAt: Instant
}

const columns = { name: 'text', email: 'text' } as const
export type SubaccountColumn = keyof typeof columns

export const subaccounts = {
  name: 'subaccount',
  columns,
  values: ({ name, email }) => ({ name, email }),
  parse(document) {
    const read = new DocumentReader(document, 'subaccount')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      name: read.text('name'),
      email: read.text('email'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Subaccount, SubaccountColumn>
