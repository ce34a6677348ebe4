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
 * Sends an order's newest certificate to the addresses that the order wants told of it, each once. Where the mail server takes
 * nothing more, the rest is left for later.
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
  const { sent, failure } = await sendInTurn(engine, order.additionalEmails.slice(before), mail)
  const isOver = engine.clock.now() - issued.issuedAt >= GIVE_UP_MS
  if (failure !== undefined && isOver) engine.log.warn({ order: id }, 'mails of a certificate are given up')
  const told = failure !== undefined && isOver ? order.additionalEmails.length : before + sent
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

async function sendInTurn(
  { outside }: Pick<Engine, 'outside'>,
  addresses: readonly string[],
  mail: Omit<Mail, 'to'>,
): Promise<{ readonly sent: number; readonly failure?: MailFailure }> {
  for (const [sent, to] of addresses.entries()) {
    try {
      await outside.mailer.send({ to, ...mail })
    } catch (failure) {
      if (!(failure instanceof MailFailure)) throw failure
      return { sent, failure }
    }
  }
  return { sent: addresses.length }
}
