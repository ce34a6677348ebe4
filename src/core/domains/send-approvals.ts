import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { MailFailure } from '../validation/outbound.ts'
import { approvalUrl } from './approval-link.ts'
import { type ApprovalMail, approvalMails } from './approval-mail.ts'
import { approvalText } from './approval-text.ts'

/** A mail that is being handed over is left to whoever does it for this long. */
export const CLAIM_MS = 5 * 60_000
/** Pauses between attempts; after the last one the mail is not tried again until somebody asks for it. */
const retryMs = [1, 5, 15, 60, 240, 720, 1440].map((minutes) => minutes * 60_000)

/** Hands one mail to the mail server and notes what became of it. */
export async function handOver(engine: Engine, mail: ApprovalMail): Promise<void> {
  const isSent = await send(engine, mail)
  const now = engine.clock.now()
  await engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(approvalMails).hold(mail.accountId, mail.id)
    if (held === undefined) return
    const failures = isSent ? 0 : held.failures + 1
    const pause = isSent ? undefined : retryMs[failures - 1]
    const dueAt = pause === undefined ? null : now + pause
    yield* transaction
      .collection(approvalMails)
      .replace({ ...held, failures, dueAt, sentAt: isSent ? now : held.sentAt })
  })
}

/**
 * Sends what is due, at most `limit` mails.
 * @returns how many were due
 */
export async function sendDueMails(engine: Engine, now: Instant, limit: number): Promise<number> {
  const due = await engine.store.write(function* (transaction) {
    const mails = transaction.collection(approvalMails)
    const claimed: ApprovalMail[] = []
    for (const { accountId, id } of yield* mails.anyBetween('due_at', 0, now, 0, limit)) {
      const held = yield* mails.hold(accountId, id)
      if (held?.dueAt === null || held === undefined || held.dueAt > now) continue
      const isWanted = held.approvedAt === null && now < held.expiresAt
      const mail = { ...held, dueAt: isWanted ? now + CLAIM_MS : null }
      yield* mails.replace(mail)
      if (isWanted) claimed.push(mail)
    }
    return claimed
  })
  for (const mail of due) await handOverAlone(engine, mail)
  return due.length
}

/** What keeps one mail keeps no other one; it is tried again when its claim has passed. */
async function handOverAlone(engine: Engine, mail: ApprovalMail): Promise<void> {
  try {
    await handOver(engine, mail)
  } catch (error) {
    engine.log.error({ err: error, mail: mail.id }, 'an approval mail could not be sent')
  }
}

async function send(engine: Engine, mail: ApprovalMail): Promise<boolean> {
  try {
    await engine.outside.mailer.send(approvalText(mail, approvalUrl(engine, mail)))
    return true
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    engine.log.warn({ err: error, mail: mail.id }, 'an approval mail was not handed over')
    return false
  }
}
