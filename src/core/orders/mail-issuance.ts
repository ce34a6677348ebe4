import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { type Mail, MailFailure } from '../validation/outbound.ts'
import { certificateMail } from './certificate-mail.ts'
import { loadIssued } from './issued-certificate.ts'
import { loadCertificate } from './load-order-details.ts'
import { nextFollowUp } from './next-follow-up.ts'
import type { Order } from './order.ts'
import { orders } from './orders.ts'

/** Whoever could not be mailed in this time is not tried again. */
const GIVE_UP_MS = 86_400_000

/**
 * Sends an order's newest certificate to the addresses that the order wants told of it, each once. An address that the
 * mail server refuses for good is passed over; where it takes nothing more, the rest is left for later.
 * @throws MailFailure
 */
export async function mailIssuance(
  engine: Pick<Engine, 'clock' | 'log' | 'outside' | 'store'>,
  accountId: AccountId,
  id: number,
): Promise<void> {
  const found = await engine.store.read(function* (view) {
    const order = yield* view.collection(orders).byId(accountId, id)
    if (order === undefined || nextFollowUp(order)?.kind !== 'issuance-mail') return undefined
    return { order, issued: yield* loadIssued(view, yield* loadCertificate(view, order)) }
  })
  if (found === undefined) return
  const { order, issued } = found
  const mail = certificateMail(issued, order.locale === 'ja' ? 'ja' : 'en')
  const before = toldOf(order)
  const { done, failure } = await sendInTurn(engine, order, order.additionalEmails.slice(before), mail)
  const isOver = engine.clock.now() - issued.issuedAt >= GIVE_UP_MS
  if (failure !== undefined && isOver) engine.log.warn({ order: id }, 'mails of a certificate are given up')
  const told = failure !== undefined && isOver ? order.additionalEmails.length : before + done
  await engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(orders).hold(accountId, id)
    if (held === undefined || held.certificateId !== order.certificateId) return
    const issuanceMails = { certificateId: order.certificateId, told }
    yield* transaction.collection(orders).replace({ ...held, issuanceMails })
  })
  if (failure !== undefined && !isOver) throw failure
}

/** How many of the addresses have been told of the certificate that counts. */
function toldOf({ issuanceMails, certificateId }: Order): number {
  return issuanceMails?.certificateId === certificateId ? issuanceMails.told : 0
}

/** How many addresses, from the first one on, need no further attempt. */
async function sendInTurn(
  { log, outside }: Pick<Engine, 'log' | 'outside'>,
  { id }: Pick<Order, 'id'>,
  addresses: readonly string[],
  mail: Omit<Mail, 'to'>,
): Promise<{ readonly done: number; readonly failure?: MailFailure }> {
  for (const [done, to] of addresses.entries()) {
    try {
      await outside.mailer.send({ to, ...mail })
    } catch (failure) {
      if (!(failure instanceof MailFailure)) throw failure
      if (!failure.isFinal) return { done, failure }
      log.warn({ order: id, to, err: failure }, 'the mail server takes no mail to an address of an order')
    }
  }
  return { done: addresses.length }
}
