import type { Instant } from '../brand.ts'
import { domains } from '../domains/domain.ts'
import type { Engine } from '../engine.ts'
import { organizations } from '../organizations/organization.ts'
import { endOfValidation } from '../organizations/validation-reuse.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { reuseDays } from '../validation/dated-rules.ts'
import { tellWebhooks, type WebhookTelling } from './tell-webhooks.ts'
import { type NoticeDay, type Webhook, webhooks } from './webhook.ts'

const dayMs = 86_400_000
/** What has been over for longer is not told any more. */
const LONGEST_OVER_DAYS = 30
const FIRST_NOTICE_DAYS = 90
const PAGE = 500

/** Something that ends. */
interface Ending extends Pick<WebhookTelling, 'organizationId' | 'domainId' | 'validation'> {
  readonly kind: 'organization' | 'domain'
  readonly id: number
  readonly endsAt: Instant
}

/**
 * Tells the accounts with an active webhook which of their validations are over or will be soon: each once for every
 * day that the webhook wants it. Told again and again, it says nothing twice.
 */
export async function tellEndings(
  engine: Pick<Engine, 'clock' | 'random' | 'store'>,
  signal: AbortSignal,
): Promise<void> {
  let after = 0
  while (!signal.aborted) {
    const page = await engine.store.read((view) =>
      view.collection(webhooks).anyBetween('status', 'active', 'active', after, PAGE),
    )
    for (const webhook of page) {
      after = webhook.id
      await tellEndingsTo(engine, webhook)
    }
    if (page.length < PAGE) return
  }
}

async function tellEndingsTo(
  engine: Pick<Engine, 'clock' | 'random' | 'store'>,
  webhook: Webhook,
): Promise<void> {
  const now = engine.clock.now()
  const endings = await engine.store.read(function* (view) {
    return [
      ...(yield* organizationEndings(view, webhook, now)),
      ...(yield* domainEndings(view, webhook, now)),
    ]
  })
  const tellings = endings.flatMap((ending) => noticeOf(webhook, ending, now))
  for (let start = 0; start < tellings.length; start += PAGE) {
    await engine.store.write(function* (transaction) {
      for (const telling of tellings.slice(start, start + PAGE))
        yield* tellWebhooks(transaction, engine, telling)
    })
  }
}

function* organizationEndings(
  view: Pick<View, 'collection'>,
  { accountId }: Webhook,
  now: Instant,
): Program<readonly Ending[]> {
  const found: Ending[] = []
  for (let offset = 0; ; offset += PAGE) {
    const { items } = yield* view.collection(organizations).list({
      accountId,
      where: [{ column: 'ends_at', is: 'between', from: 0 }],
      offset,
      limit: PAGE,
    })
    for (const { id, validations, isActive } of items) {
      for (const validation of isActive ? validations : []) {
        const endsAt = endOfValidation(validation, now)
        if (endsAt === null) continue
        found.push({ kind: 'organization', id, organizationId: id, validation: validation.type, endsAt })
      }
    }
    if (items.length < PAGE) return found
  }
}

/** A proof of control ends so many days after it was found, by the rules of now. */
function* domainEndings(
  view: Pick<View, 'collection'>,
  { accountId }: Webhook,
  now: Instant,
): Program<readonly Ending[]> {
  const reuseMs = reuseDays('public-tls', now) * dayMs
  const from = now - LONGEST_OVER_DAYS * dayMs - reuseMs
  const to = now + FIRST_NOTICE_DAYS * dayMs - reuseMs
  const found: Ending[] = []
  for (let offset = 0; ; offset += PAGE) {
    const { items } = yield* view.collection(domains).list({
      accountId,
      where: [{ column: 'proven_at', is: 'between', from, to }],
      offset,
      limit: PAGE,
    })
    for (const { id, evidence, isActive } of items) {
      if (isActive && evidence !== null) {
        found.push({ kind: 'domain', id, domainId: id, endsAt: evidence.at + reuseMs })
      }
    }
    if (items.length < PAGE) return found
  }
}

/** What is told of an ending today, if anything. */
function noticeOf(webhook: Webhook, ending: Ending, now: Instant): readonly WebhookTelling[] {
  const daysLeft = (ending.endsAt - now) / dayMs
  if (daysLeft < -LONGEST_OVER_DAYS) return []
  const day = webhook.noticeDays.reduce<NoticeDay | undefined>(
    (nearest, each) => (each >= daysLeft && (nearest === undefined || each < nearest) ? each : nearest),
    undefined,
  )
  if (day === undefined) return []
  const { kind, id, ...about } = ending
  const event = day > 0 ? (`${kind}_revalidation_notice` as const) : (`${kind}_expired` as const)
  const endDay = new Date(ending.endsAt).toISOString().slice(0, 10)
  const reference = [event, id, about.validation ?? '', endDay, day].join(':')
  return [{ ...about, accountId: webhook.accountId, event, at: now, reference }]
}
