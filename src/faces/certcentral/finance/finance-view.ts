import { availableCents, type PaymentPolicy, usedByOthers } from '../../../core/finance/charge-order.ts'
import { type AccountFunds, poolOf } from '../../../core/finance/funds.ts'
import type { LedgerEntry } from '../../../core/finance/ledger.ts'
import { type Cents, formatCents } from '../../../core/finance/money.ts'
import { dateTime, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'

/** What a container can spend. Without a limit there is neither limit nor total. */
export function balanceView(
  funds: AccountFunds,
  policy: PaymentPolicy & { readonly currency: string },
  containerId: number,
): Members {
  const { balance, unpaid } = poolOf(funds, containerId)
  const available = availableCents(funds, policy, containerId)
  const limit = available === undefined ? null : policy.creditLimit
  return {
    balance: formatCents(balance),
    currency: policy.currency,
    unpaid_invoice_balance: formatCents(unpaid),
    negative_balance_limit: limit === null ? undefined : formatCents(limit),
    used_credit_from_other_containers: formatCents(usedByOthers(funds, policy.rootContainerId, containerId)),
    total_available_funds: limit === null || available === undefined ? undefined : formatCents(available),
    unlimited_negative_balance: limit === null ? true : undefined,
  }
}

/** A line of the ledger. */
export function entryView(entry: LedgerEntry, currency: string): Members {
  return {
    id: entry.id,
    date: dateTime(entry.createdAt),
    transaction_type: entry.kind,
    container: { id: entry.containerId },
    order_id: entry.orderId ?? undefined,
    user_id: entry.userId ?? undefined,
    payment_method: entry.method ?? undefined,
    amount: formatCents(entry.amount),
    invoiced: entry.unpaid === 0 ? undefined : formatCents(entry.unpaid),
    balance: formatCents(entry.balanceAfter),
    currency,
    note: textOrAbsent(entry.note),
  }
}

/** A line of the ledger as a statement has it: what it took and what it gave. Numbers of orders and receipts are texts. */
export function adjustmentView(entry: LedgerEntry, currency: string): Members {
  const { order_id: _order, ...line } = entryView(entry, currency)
  return {
    ...line,
    transaction_date: dateTime(entry.createdAt),
    credit: formatCents(Math.max(entry.amount, 0)),
    debit: formatCents(Math.max(-entry.amount, 0)),
    order_id: entry.orderId === null ? undefined : String(entry.orderId),
    receipt_id: entry.kind === 'transfer' ? '0' : String(entry.id),
  }
}

/** What was paid or given back, for the books. */
export function receiptView(entry: LedgerEntry, currency: string): Members {
  return {
    id: entry.id,
    receipt_number: String(entry.sequence).padStart(8, '0'),
    date: dateTime(entry.createdAt),
    transaction_type: entry.kind,
    container: { id: entry.containerId },
    order_id: entry.orderId ?? undefined,
    payment_method: entry.method ?? undefined,
    amount: formatCents(amountOf(entry)),
    currency,
  }
}

/** What changed hands, or will: a deposit on invoice is counted once. */
function amountOf({ kind, amount, unpaid }: LedgerEntry): Cents {
  return kind === 'deposit' && unpaid > 0 ? amount : Math.abs(amount) + Math.abs(unpaid)
}
