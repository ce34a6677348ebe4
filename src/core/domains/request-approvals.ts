import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Language } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { constructedAddresses, contactAddresses } from '../validation/approval-addresses.ts'
import { longestLifeMs } from '../validation/random-value.ts'
import { type ApprovalMail, approvalMails } from './approval-mail.ts'
import { CLAIM_MS, handOver } from './send-approvals.ts'

/** What the approvals are for: one domain or one order of an account. */
export type ApprovalSubject =
  | { readonly accountId: AccountId; readonly domainId: number; readonly orderId: null }
  | { readonly accountId: AccountId; readonly domainId: null; readonly orderId: number }

/** A domain that somebody has to approve for. */
export interface ApprovalTarget {
  readonly name: string
  /** Undefined: every address that may. */
  readonly addresses?: readonly string[]
}

/** Whether an address that was asked is asked once more. */
export type MailRepeats = 'when-closed' | 'again' | 'never'

/** The same mail goes to an address once in this time. */
const REPEAT_MS = 60_000
/** Domains whose DNS is asked for addresses at a time. */
const looksAtOnce = 16
/** Mails handed over before the call returns; the background sends the others. */
const sentAtOnce = 20
/** Rows of one subject: 250 names with every address that may approve. */
export const mostMails = 5_000

/**
 * Asks for approval by mail: every address that has no open mail of this subject gets one. A mail server that fails is
 * tried again later.
 *
 * @param repeats `again`: those that have an open mail get it once more, unless it was sent a minute ago. `never`: nobody gets a second mail, not even
 *   when the first one is too old to be answered.
 */
export async function requestApprovals(
  engine: Engine,
  subject: ApprovalSubject,
  targets: readonly ApprovalTarget[],
  language: Language,
  repeats: MailRepeats = 'when-closed',
): Promise<void> {
  const wanted = await addressesOf(engine, targets)
  const now = engine.clock.now()
  const nonces = wanted.map(() => Buffer.from(engine.random.bytes(16)).toString('hex'))
  const mails = await engine.store.write(function* (transaction) {
    const mailed = yield* mailsOf(transaction, subject)
    const open = repeats === 'never' ? mailed : mailed.filter((mail) => isOpen(mail, now))
    const toSend: ApprovalMail[] = []
    for (const [index, { name, address }] of wanted.entries()) {
      const known = open.find((mail) => mail.name === name && mail.address === address)
      // Its answer may come at this moment.
      const present = known && (yield* transaction.collection(approvalMails).hold(known.accountId, known.id))
      if (repeats === 'again' && present !== undefined && present.approvedAt !== null) continue
      if (present !== undefined && !(repeats === 'again' && mayRepeat(present, now))) continue
      // Whoever dies between here and the mail server leaves the rest to the background.
      const dueAt = toSend.length < sentAtOnce ? now + CLAIM_MS : now
      const mail: ApprovalMail =
        present === undefined
          ? {
              ...subject,
              ...{ id: yield* transaction.collection(approvalMails).nextId(), name, address, language },
              ...{ nonce: nonces[index] ?? '', createdAt: now, expiresAt: now + longestLifeMs },
              ...{ sentAt: null, failures: 0, dueAt, approvedAt: null },
            }
          : { ...present, failures: 0, dueAt }
      const mails = transaction.collection(approvalMails)
      if (present === undefined) yield* mails.insert(mail)
      else yield* mails.replace(mail)
      toSend.push(mail)
    }
    return toSend
  })
  await Promise.all(mails.slice(0, sentAtOnce).map((mail) => handOver(engine, mail)))
}

/** Nobody is made to send the same mail to somebody again and again. */
function mayRepeat({ sentAt }: ApprovalMail, now: Instant): boolean {
  return sentAt === null || now >= sentAt + REPEAT_MS
}

async function addressesOf(
  engine: Engine,
  targets: readonly ApprovalTarget[],
): Promise<readonly { readonly name: string; readonly address: string }[]> {
  const found: { readonly name: string; readonly address: string }[] = []
  for (let start = 0; start < targets.length; start += looksAtOnce) {
    const looks = targets.slice(start, start + looksAtOnce).map(async ({ name, addresses }) => {
      const known = addresses ?? (await approvalAddresses(engine, name))
      return known.map((address) => ({ name, address }))
    })
    found.push(...(await Promise.all(looks)).flat())
  }
  return found
}

/** Every address that may approve for a domain: the constructed ones, and those its DNS names. */
export async function approvalAddresses(engine: Engine, name: string): Promise<readonly string[]> {
  const { resolver } = engine.outside.perspectives.primary
  return [...new Set([...constructedAddresses(name), ...(await contactAddresses(resolver, name))])]
}

/** The mails of a domain or an order, in order of id. */
export function mailsOf(
  view: Pick<Transaction, 'collection'>,
  { accountId, domainId, orderId }: ApprovalSubject,
): Program<readonly ApprovalMail[]> {
  return domainId === null
    ? view.collection(approvalMails).withValue(accountId, 'order_id', orderId, mostMails)
    : view.collection(approvalMails).withValue(accountId, 'domain_id', domainId, mostMails)
}

/** Whether an answer to it still counts, and is still wanted. */
export function isOpen({ approvedAt, expiresAt }: ApprovalMail, now: Instant): boolean {
  return approvedAt === null && now < expiresAt
}
