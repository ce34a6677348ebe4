import type { AccountId, Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import { type AccountPolicy, type PaymentMethod, paymentMethods } from '../identity/account-policy.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type AccountFunds, holdFunds, loadFunds, poolOf } from './funds.ts'
import { ledger, post } from './ledger.ts'
import { type Cents, formatCents } from './money.ts'

export type PaymentPolicy = Pick<
  AccountPolicy,
  'accountId' | 'rootContainerId' | 'paymentMethods' | 'creditLimit'
>

export interface Payment {
  readonly policy: PaymentPolicy
  readonly containerId: number
  /** As the order names it. */
  readonly method: string
  readonly price: Cents
}

export interface OrderCharge extends Payment {
  readonly orderId: number
  readonly userId: number
  readonly at: Instant
}

/** What an order costs, in cents. A part of a year counts whole. */
export function priceOf({ prices }: Pick<AccountPolicy, 'prices'>, product: string, years: number): Cents {
  const listed = prices.find((price) => price.product === product)
  return listed === undefined ? 0 : listed.centsPerYear * Math.max(1, Math.ceil(years))
}

/** How an order is paid that does not say it. */
export function defaultPaymentMethod({ paymentMethods: enabled }: PaymentPolicy): PaymentMethod {
  return enabled.includes('balance') ? 'balance' : (enabled[0] ?? 'balance')
}

/**
 * Looks whether an order can be paid as it says. What costs nothing reads nothing.
 * @throws Fault payment_method_refused, funds_insufficient
 */
export function* checkPayment(
  view: Pick<View, 'collection'>,
  { policy, containerId, method, price }: Payment,
): Program<void> {
  const wanted = enabledMethod(policy, method)
  if (price === 0) return
  requirePayer(yield* loadFunds(view, policy.accountId), { policy, containerId, price }, wanted)
}

/**
 * Draws an order on its container's own balance where that covers it, else on the account's, which may go below
 * nothing as far as the credit does. Any other method than `balance` makes an invoice that uses the credit up the
 * same way. Once for each order: a second time does nothing.
 *
 * @throws Fault payment_method_refused; funds_insufficient when orders placed meanwhile have used the funds up, never
 *   where the credit has no limit
 */
export function* chargeOrder(transaction: Transaction, charge: OrderCharge): Program<void> {
  const { policy, price, orderId, userId, at } = charge
  if (price === 0) return
  const method = enabledMethod(policy, charge.method)
  const funds = yield* holdFunds(transaction, policy.accountId)
  const reference = chargeReference(orderId)
  const [before] = yield* transaction
    .collection(ledger)
    .withValue(policy.accountId, 'reference', reference, 1)
  if (before !== undefined) return
  const payer = requirePayer(funds, charge, method)
  yield* post(
    transaction,
    funds,
    {
      containerId: payer,
      kind: 'order',
      amount: method === 'balance' ? -price : 0,
      unpaid: method === 'balance' ? 0 : price,
      reference,
      orderId,
      userId,
      method,
      note: '',
    },
    at,
  )
}

/** The entry that an order drew, whose id is that of its receipt; undefined for one that drew nothing. */
export function* receiptIdOf(
  view: Pick<View, 'collection'>,
  { accountId, id, price }: { readonly accountId: AccountId; readonly id: number; readonly price: Cents },
): Program<number | undefined> {
  if (price === 0) return undefined
  const [charge] = yield* view.collection(ledger).withValue(accountId, 'reference', chargeReference(id), 1)
  return charge?.id
}

const chargeReference = (orderId: number): string => `order:${orderId}`

/** Gives back what an order drew, where it drew it; nothing for an order that cost nothing or was refunded. */
export function* refundOrder(
  transaction: Transaction,
  {
    accountId,
    orderId,
    price,
    at,
  }: {
    readonly accountId: AccountId
    readonly orderId: number
    readonly price: Cents
    readonly at: Instant
  },
): Program<void> {
  if (price === 0) return
  const entries = yield* transaction.collection(ledger).withValue(accountId, 'order_id', orderId, 10)
  const charge = entries.find(({ kind }) => kind === 'order')
  if (charge === undefined) return
  const funds = yield* holdFunds(transaction, accountId)
  // An invoice that was paid meanwhile is given back as balance.
  const { unpaid } = poolOf(funds, charge.containerId)
  const fromInvoice = Math.min(charge.unpaid, unpaid)
  yield* post(
    transaction,
    funds,
    {
      ...charge,
      kind: 'refund',
      amount: -charge.amount + (charge.unpaid - fromInvoice),
      unpaid: -fromInvoice,
      reference: `refund:${orderId}`,
    },
    at,
  )
}

/**
 * A method that an account may pay with. Cards are not kept here: a profile makes an invoice, as a card does.
 * @throws Fault payment_method_refused
 */
export function enabledMethod(
  { paymentMethods: enabled }: Pick<PaymentPolicy, 'paymentMethods'>,
  method: string,
): PaymentMethod {
  const known = paymentMethods.find((each) => each === method)
  if (known === undefined || !enabled.includes(known)) {
    throw new Fault('payment_method_refused', { method })
  }
  return known
}

type Wanted = Pick<Payment, 'policy' | 'containerId' | 'price'>

/** @throws Fault funds_insufficient */
function requirePayer(funds: AccountFunds, wanted: Wanted, method: PaymentMethod): number {
  const payer = payerOf(funds, wanted, method)
  if (payer !== undefined) return payer
  const { policy } = wanted
  const available = availableCents(funds, policy, policy.rootContainerId)
  throw new Fault('funds_insufficient', { available: formatCents(available ?? 0) })
}

/** The container whose funds cover the price; undefined when none does. */
function payerOf(
  funds: AccountFunds,
  { policy, containerId, price }: Wanted,
  method: PaymentMethod,
): number | undefined {
  if (method === 'balance' && poolOf(funds, containerId).balance >= price) return containerId
  const available = availableCents(funds, policy, policy.rootContainerId)
  return available === undefined || available >= price ? policy.rootContainerId : undefined
}

/** What a container can still spend: balance and credit less what is unpaid; undefined: without limit. */
export function availableCents(
  funds: AccountFunds,
  { creditLimit, rootContainerId }: Pick<PaymentPolicy, 'creditLimit' | 'rootContainerId'>,
  containerId: number,
): Cents | undefined {
  if (creditLimit === null) return undefined
  const { balance, unpaid } = poolOf(funds, containerId)
  return balance + creditLimit - unpaid - usedByOthers(funds, rootContainerId, containerId)
}

/** The account's credit that others than this container have drawn on. */
export function usedByOthers(funds: AccountFunds, rootContainerId: number, containerId: number): Cents {
  if (containerId === rootContainerId) return 0
  const { balance, unpaid } = poolOf(funds, rootContainerId)
  return Math.max(0, unpaid - balance)
}
