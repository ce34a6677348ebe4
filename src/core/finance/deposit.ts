import type { Caller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { containers } from '../identity/container.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { enabledMethod } from './charge-order.ts'
import { holdFunds, type Pool, poolOf } from './funds.ts'
import { type LedgerEntry, type Posting, post } from './ledger.ts'
import { type Cents, formatCents } from './money.ts'

type Parts = Pick<Engine, 'clock' | 'store'>

export interface ArrivedDeposit {
  readonly accountId: AccountId
  readonly cents: Cents
  /** Absent: the account's root container. */
  readonly containerId?: number
  readonly note: string
}

/**
 * The operator has got money of an account: it pays what is unpaid first, the rest raises the balance.
 * @throws Fault account_unavailable, object_unknown for a container of another account
 */
export function recordDeposit(
  { clock, store }: Parts,
  { accountId, cents, containerId: wanted, note }: ArrivedDeposit,
  caller: Caller,
): Promise<Pool> {
  return store.write(function* (transaction) {
    const { rootContainerId } = yield* loadPolicy(transaction, accountId)
    const containerId = wanted ?? rootContainerId
    const container = yield* transaction.collection(containers).byId(accountId, containerId)
    if (container === undefined) throw new Fault('object_unknown', { object: 'container' })
    const funds = yield* holdFunds(transaction, accountId)
    const paid = Math.min(cents, poolOf(funds, containerId).unpaid)
    const posting: Posting = {
      ...emptyPosting,
      containerId,
      kind: paid === cents ? 'payment' : 'deposit',
      amount: cents - paid,
      unpaid: -paid,
      note,
    }
    const posted = yield* post(transaction, funds, posting, clock.now())
    tell(transaction, accountId, posting, clock.now(), caller)
    return poolOf(posted?.funds ?? funds, containerId)
  })
}

export interface InvoicedDeposit {
  readonly cents: Cents
  /** Absent: where the caller is. */
  readonly containerId?: number
  readonly method: string
}

/**
 * A deposit that the account will pay for: the balance has it, and so has the invoice, so that there is no more to
 * spend until it is paid.
 * @throws Fault payment_method_refused, parameter_invalid for a container that is unknown or out of sight
 */
export function invoiceDeposit(
  { clock, store }: Parts,
  by: Principal,
  { cents, containerId: wanted, method: named }: InvoicedDeposit,
  caller: Caller,
): Promise<LedgerEntry> {
  return store.write(function* (transaction) {
    const accountId = by.account.id
    const policy = yield* loadPolicy(transaction, accountId)
    const method = enabledMethod(policy, named)
    if (method === 'balance') throw new Fault('payment_method_refused', { method })
    const containerId = wanted ?? by.user.containerId
    yield* requireContainer(transaction, by, containerId, 'container.id')
    const funds = yield* holdFunds(transaction, accountId)
    const posting: Posting = {
      ...emptyPosting,
      containerId,
      kind: 'deposit',
      amount: cents,
      unpaid: cents,
      userId: by.user.id,
      method,
    }
    const posted = yield* post(transaction, funds, posting, clock.now())
    if (posted === undefined) throw new Error('an entry without a reference was in the ledger already')
    tell(transaction, accountId, posting, clock.now(), caller)
    return posted.entry
  })
}

export interface FundsTransfer {
  readonly cents: Cents
  readonly from: number
  readonly to: number
}

/**
 * Moves balance from one container to another. Credit does not move.
 * @throws Fault funds_insufficient, parameter_invalid
 */
export function transferFunds(
  { clock, store }: Parts,
  by: Principal,
  { cents, from, to }: FundsTransfer,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const accountId = by.account.id
    yield* requireContainer(transaction, by, from, 'from_container_id')
    yield* requireContainer(transaction, by, to, 'to_container_id')
    if (from === to) {
      throw new Fault('parameter_invalid', { parameter: 'to_container_id', reason: 'the same container' })
    }
    const at = clock.now()
    const funds = yield* holdFunds(transaction, accountId)
    const { balance, unpaid } = poolOf(funds, from)
    if (balance - unpaid < cents) {
      throw new Fault('funds_insufficient', { available: formatCents(Math.max(0, balance - unpaid)) })
    }
    const moved = { ...emptyPosting, kind: 'transfer', userId: by.user.id } as const
    const taken = yield* post(transaction, funds, { ...moved, containerId: from, amount: -cents }, at)
    yield* post(transaction, taken?.funds ?? funds, { ...moved, containerId: to, amount: cents }, at)
    tell(
      transaction,
      accountId,
      { ...moved, containerId: to, amount: cents, note: `from ${from}` },
      at,
      caller,
    )
  })
}

const emptyPosting = {
  amount: 0,
  unpaid: 0,
  reference: null,
  orderId: null,
  userId: null,
  method: null,
  note: '',
} as const

/** @throws Fault parameter_invalid */
function* requireContainer(
  transaction: Transaction,
  { account, scope }: Principal,
  id: number,
  parameter: string,
): Program<void> {
  const container = yield* transaction.collection(containers).byId(account.id, id)
  if (container !== undefined && seesContainer(scope, id)) return
  throw new Fault('parameter_invalid', { parameter, reason: 'unknown container' })
}

function tell(
  transaction: Transaction,
  accountId: AccountId,
  { containerId, kind, amount, unpaid, note }: Posting,
  at: Instant,
  caller: Caller,
): void {
  transaction.record({
    action: 'funds.changed',
    at,
    actor: caller.actor,
    accountId,
    object: `container:${containerId}`,
    requestId: caller.requestId,
    detail: { kind, amount, unpaid, note },
  })
}
