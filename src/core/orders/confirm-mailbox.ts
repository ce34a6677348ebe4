import type { AccountId, Instant } from '../brand.ts'
import type { ApprovalMail } from '../domains/approval-mail.ts'
import { productOf } from '../products/catalogue.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { unconfirmedEmails } from './open-status.ts'
import type { Order } from './order.ts'
import { orders } from './orders.ts'

/** A mail that asks the holder of a mailbox about that mailbox, not somebody about a domain. */
export function isAboutMailbox({ name }: Pick<ApprovalMail, 'name'>): boolean {
  return name.includes('@')
}

/** Mailboxes of an order that nobody confirmed and no organization answers for, lower case. */
export function waitingMailboxes(
  order: Pick<Order, 'product' | 'confirmedEmails' | 'lead'>,
): readonly string[] {
  return unconfirmedEmails(productOf(order.product), order, order.lead).map((email) => email.toLowerCase())
}

/**
 * Notes that the holder of a mailbox answered from it, as S/MIME BR section 3.2.2.2 asks of certificates that name no
 * organization.
 */
export function* confirmMailbox(
  transaction: Transaction,
  { accountId, id }: { readonly accountId: AccountId; readonly id: number },
  address: string,
  at: Instant,
): Program<void> {
  const order = yield* transaction.collection(orders).hold(accountId, id)
  if (order === undefined) return
  const others = order.confirmedEmails.filter((each) => each.address !== address)
  yield* transaction
    .collection(orders)
    .replace({ ...order, confirmedEmails: [...others, { address, at }], dueAt: at })
}
