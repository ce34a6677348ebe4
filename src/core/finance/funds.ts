import { type AccountId, accountId } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import type { Cents } from './money.ts'

/** What one container has. */
export interface Pool {
  readonly containerId: number
  /** Deposits less what was drawn; below nothing: credit in use. */
  readonly balance: Cents
  /** What was ordered or deposited on invoice and is not paid yet. */
  readonly unpaid: Cents
}

/**
 * What the containers of an account have: the sums of its ledger. One for each account, under the account's own id,
 * from its first entry on; whoever adds an entry holds it, so that entries follow one another.
 */
export interface AccountFunds {
  readonly id: number
  readonly accountId: AccountId
  /** Entries so far: the sequence of the last one. */
  readonly entries: number
  readonly pools: readonly Pool[]
}

const columns = { entries: 'integer' } as const

export const accountFunds = {
  name: 'account_funds',
  columns,
  values: ({ entries }) => ({ entries }),
  parse(document) {
    const read = new DocumentReader(document, 'account funds')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      entries: read.integer('entries'),
      pools: read.list('pools', (pool) => ({
        containerId: pool.integer('containerId'),
        balance: pool.integer('balance'),
        unpaid: pool.integer('unpaid'),
      })),
    }
  },
} as const satisfies CollectionDefinition<AccountFunds, keyof typeof columns>

export function* loadFunds(view: Pick<View, 'collection'>, account: AccountId): Program<AccountFunds> {
  return (yield* view.collection(accountFunds).byId(account, account)) ?? noFunds(account)
}

/** Keeps everybody else from adding entries until the transaction ends. */
export function* holdFunds(transaction: Transaction, account: AccountId): Program<AccountFunds> {
  const held = yield* transaction.collection(accountFunds).hold(account, account)
  if (held !== undefined) return held
  yield* transaction.collection(accountFunds).insert(noFunds(account))
  return (yield* transaction.collection(accountFunds).hold(account, account)) ?? noFunds(account)
}

export function poolOf({ pools }: Pick<AccountFunds, 'pools'>, containerId: number): Pool {
  return pools.find((pool) => pool.containerId === containerId) ?? { containerId, balance: 0, unpaid: 0 }
}

const noFunds = (account: AccountId): AccountFunds => ({
  id: account,
  accountId: account,
  entries: 0,
  pools: [],
})
