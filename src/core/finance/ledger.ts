import { type AccountId, accountId, type Instant } from '../brand.ts'
import { paymentMethods } from '../identity/account-policy.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type AccountFunds, accountFunds, type Pool, poolOf } from './funds.ts'
import type { Cents } from './money.ts'

export const entryKinds = ['deposit', 'payment', 'order', 'refund', 'transfer'] as const

/** One line of the ledger. Lines are added and never changed. */
export interface LedgerEntry {
  readonly id: number
  readonly accountId: AccountId
  /** Counts the entries of the account from 1, without gaps. */
  readonly sequence: number
  readonly containerId: number
  readonly kind: (typeof entryKinds)[number]
  /** What it adds to the balance, and to what is unpaid. */
  readonly amount: Cents
  readonly unpaid: Cents
  /** The sums of the container after it: the check that nothing before it was changed or left out. */
  readonly balanceAfter: Cents
  readonly unpaidAfter: Cents
  /** `order:12`, `refund:12`: what happens once; null: anything may happen again. */
  readonly reference: string | null
  readonly orderId: number | null
  readonly userId: number | null
  /** How it is paid; null for what nobody pays. */
  readonly method: (typeof paymentMethods)[number] | null
  readonly note: string
  readonly createdAt: Instant
}

const columns = {
  container_id: 'integer',
  kind: 'text',
  order_id: 'integer',
  reference: 'text',
  created_at: 'instant',
} as const
export type LedgerColumn = keyof typeof columns

export const ledger = {
  name: 'ledger_entry',
  columns,
  unique: [['account_id', 'reference']],
  values: (entry) => ({
    container_id: entry.containerId,
    kind: entry.kind,
    order_id: entry.orderId,
    reference: entry.reference,
    created_at: entry.createdAt,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'ledger entry')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      sequence: read.integer('sequence'),
      containerId: read.integer('containerId'),
      kind: read.member('kind', entryKinds),
      amount: read.integer('amount'),
      unpaid: read.integer('unpaid'),
      balanceAfter: read.integer('balanceAfter'),
      unpaidAfter: read.integer('unpaidAfter'),
      reference: read.textOrNull('reference'),
      orderId: read.integerOrNull('orderId'),
      userId: read.integerOrNull('userId'),
      method: read.memberOrNull('method', paymentMethods),
      note: read.text('note'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<LedgerEntry, LedgerColumn>

export type Posting = Omit<
  LedgerEntry,
  'id' | 'accountId' | 'sequence' | 'balanceAfter' | 'unpaidAfter' | 'createdAt'
>

/**
 * Adds an entry and its sums.
 * @param held the funds of the account, held in this transaction
 * @returns the entry and the funds after it; undefined when its reference stands in the ledger already
 */
export function* post(
  transaction: Transaction,
  held: AccountFunds,
  posting: Posting,
  at: Instant,
): Program<{ readonly entry: LedgerEntry; readonly funds: AccountFunds } | undefined> {
  const before = poolOf(held, posting.containerId)
  const pool: Pool = {
    containerId: posting.containerId,
    balance: before.balance + posting.amount,
    unpaid: before.unpaid + posting.unpaid,
  }
  const entry: LedgerEntry = {
    ...posting,
    id: yield* transaction.collection(ledger).nextId(),
    accountId: held.accountId,
    sequence: held.entries + 1,
    balanceAfter: pool.balance,
    unpaidAfter: pool.unpaid,
    createdAt: at,
  }
  if (!(yield* transaction.collection(ledger).insert(entry))) return undefined
  const others = held.pools.filter(({ containerId }) => containerId !== pool.containerId)
  const funds: AccountFunds = { ...held, entries: entry.sequence, pools: [...others, pool] }
  yield* transaction.collection(accountFunds).replace(funds)
  return { entry, funds }
}
