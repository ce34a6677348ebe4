import { systemCaller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import { clientCertificates } from '../client-certificates/client-certificate.ts'
import { dayOf, parseDay } from '../days.ts'
import type { Engine } from '../engine.ts'
import { users } from '../identity/user.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { MailFailure } from '../validation/outbound.ts'
import { endNotices } from './end-notice.ts'
import { serviceUsers } from './service-user.ts'

/** A credential whose last day comes near. */
interface Ending {
  readonly accountId: AccountId
  readonly userId: number
  /** Such as `api-key:7`. */
  readonly credential: string
  readonly kind: 'API token' | 'service user' | 'client certificate'
  readonly name: string
  readonly endDate: string
}

/** Days before the end at which somebody is told, farthest first. */
const noticeDays = [30, 7, 1] as const
const dayMs = 86_400_000
const aPage = 500

type Parts = Pick<Engine, 'clock' | 'log' | 'outside' | 'store'>

/**
 * Tells the owners of credentials that end in 30, 7 or 1 day, by mail and in the audit log, each once. A mail that
 * cannot be handed over is tried again; one that was may come twice after a crash, because better twice than never.
 *
 * @returns how many were told
 */
export async function tellCredentialEnds(engine: Parts, signal: AbortSignal): Promise<number> {
  const now = engine.clock.now()
  const last = dayOf(now + noticeDays[0] * dayMs)
  let told = 0
  for (const read of [keysEnding, serviceUsersEnding, certificatesEnding]) {
    for (let after = 0; !signal.aborted; ) {
      const page = await engine.store.read((view) => read(view, dayOf(now), last, after))
      for (const ending of page.endings) if (await tell(engine, ending, now)) told++
      if (page.last === undefined) break
      after = page.last
    }
  }
  return told
}

/** A page of what ends; `last` is where the next one begins, undefined at the end. */
interface Page {
  readonly endings: readonly Ending[]
  readonly last: number | undefined
}

type ReadPage = (view: View, first: string, last: string, after: number) => Program<Page>

function pageOf<Item extends { readonly id: number }>(
  items: readonly Item[],
  ending: (item: Item) => Ending | undefined,
): Page {
  return {
    endings: items.flatMap((item) => ending(item) ?? []),
    last: items.length < aPage ? undefined : items.at(-1)?.id,
  }
}

const keysEnding: ReadPage = function* (view, first, last, after) {
  const keys = yield* view.accounts.apiKeysEnding(first, last, after, aPage)
  return pageOf(keys, ({ id, accountId, userId, name, endDate }) =>
    userId === null || endDate === null
      ? undefined
      : { accountId, userId, credential: `api-key:${id}`, kind: 'API token', name, endDate },
  )
}

const serviceUsersEnding: ReadPage = function* (view, first, last, after) {
  const found = yield* view.collection(serviceUsers).anyBetween('end_date', first, last, after, aPage)
  return pageOf(found, ({ id, accountId, friendlyName, endDate }) =>
    endDate === null
      ? undefined
      : {
          accountId,
          userId: id,
          credential: `user:${id}`,
          kind: 'service user',
          name: friendlyName,
          endDate,
        },
  )
}

const certificatesEnding: ReadPage = function* (view, first, last, after) {
  const from = parseDay(first) ?? 0
  const to = (parseDay(last) ?? 0) + dayMs - 1
  const found = yield* view.collection(clientCertificates).anyBetween('not_after', from, to, after, aPage)
  const revoked = new Set<number>()
  for (const { id, certificateId } of found) {
    if ((yield* view.status.of(certificateId)) !== undefined) revoked.add(id)
  }
  return pageOf(found, ({ id, accountId, userId, name, notAfter, isEnabled }) =>
    isEnabled && !revoked.has(id)
      ? {
          accountId,
          userId,
          credential: `client-certificate:${id}`,
          kind: 'client certificate',
          name,
          endDate: dayOf(notAfter),
        }
      : undefined,
  )
}

/** Tells of one end at the nearest of the days that has come, unless that was done. */
async function tell(engine: Parts, ending: Ending, now: Instant): Promise<boolean> {
  const daysLeft = Math.round(((parseDay(ending.endDate) ?? 0) - (parseDay(dayOf(now)) ?? 0)) / dayMs)
  const days = noticeDays.findLast((each) => daysLeft <= each)
  if (days === undefined) return false
  const { isTold, user } = await engine.store.read(function* (view) {
    const found = yield* view
      .collection(endNotices)
      .withValue(ending.accountId, 'credential', ending.credential, aPage)
    return {
      isTold: found.some((notice) => notice.endDate === ending.endDate && notice.days === days),
      user: yield* view.collection(users).byId(ending.accountId, ending.userId),
    }
  })
  if (isTold || user === undefined || user.status === 'deleted') return false
  try {
    await engine.outside.mailer.send({ to: user.email, ...letter(ending, daysLeft) })
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    engine.log.warn({ err: error, credential: ending.credential }, 'a notice of an end could not be mailed')
    return false
  }
  return await engine.store.write(function* (transaction) {
    const { accountId, credential, endDate } = ending
    const notice = {
      id: yield* transaction.collection(endNotices).nextId(),
      accountId,
      credential,
      endDate,
      days,
      sentAt: now,
    }
    if (!(yield* transaction.collection(endNotices).insert(notice))) return false
    transaction.record({
      action: 'credential.ending',
      at: now,
      actor: systemCaller.actor,
      accountId,
      object: credential,
      requestId: null,
      detail: { name: ending.name, endDate, days: daysLeft, mailedTo: user.email },
    })
    return true
  })
}

function letter({ kind, name, endDate }: Ending, daysLeft: number): { subject: string; text: string } {
  const when = daysLeft <= 0 ? 'today' : daysLeft === 1 ? 'tomorrow' : `in ${daysLeft} days`
  return {
    subject: `The ${kind} "${name}" ends ${when}`,
    text: [
      `The ${kind} "${name}" works until ${endDate} 23:59:59 UTC. After that every program that uses it is refused.`,
      '',
      'Move its end date, or make another one and change over before that day.',
      '',
    ].join('\n'),
  }
}
