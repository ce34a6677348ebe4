import type { Product } from '../products/product.ts'
import type { Order, OrderContent, OrderStatus } from './order.ts'

/** What an approved order without certificate waits for: validation, a token on its way, its person, or a CSR. */
export function openStatus(
  { provisioning }: Pick<Order, 'provisioning'>,
  { names }: Pick<Product, 'names'>,
  { csr }: Pick<OrderContent, 'csr'>,
): OrderStatus {
  if (csr !== null || provisioning === 'ship_token') return 'pending'
  const isForPerson = names.of === 'emails' || provisioning === 'email' || provisioning === 'client_app'
  return isForPerson ? 'waiting_pickup' : 'needs_csr'
}

/** Mailboxes that their holders have to confirm: those of certificates that no organization answers for. */
export function unconfirmedEmails(
  { organization, names }: Pick<Product, 'organization' | 'names'>,
  { confirmedEmails }: Pick<Order, 'confirmedEmails'>,
  { emails }: Pick<OrderContent, 'emails'>,
): readonly string[] {
  if (organization !== null || names.of !== 'emails') return []
  return emails.filter((email) => !confirmedEmails.some(({ address }) => address === email.toLowerCase()))
}
