import type { Instant } from './brand.ts'
import { approvalMails } from './domains/approval-mail.ts'
import { domains } from './domains/domain.ts'
import { orders } from './orders/orders.ts'
import type { CollectionDefinition, CollectionItem } from './store/collection.ts'
import type { Store } from './store/store.ts'
import { deliveries } from './webhooks/delivery.ts'

/** The longest pause between two tries of anything that the background does. */
const LONGEST_PAUSE_MS = 24 * 3_600_000
const ITEMS_A_TRANSACTION = 200

/**
 * Makes due what the background would only do after longer than it ever pauses: a clock that ran ahead said when.
 * May be done again; what is due too early is looked at once more, and waits again.
 *
 * @throws store faults; what was changed before stays
 */
export async function wakeLate(store: Store, now: Instant): Promise<void> {
  await wake(store, orders, 'due_at', now)
  await wake(store, domains, 'due_at', now)
  await wake(store, approvalMails, 'due_at', now)
  await wake(store, deliveries, 'due_at', now)
}

type Waiting = CollectionItem & { readonly dueAt: Instant | null }

async function wake<Item extends Waiting, Column extends string>(
  store: Store,
  definition: CollectionDefinition<Item, Column>,
  column: NoInfer<Column>,
  now: Instant,
): Promise<void> {
  const latest = now + LONGEST_PAUSE_MS
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after
    after = await store.write(function* (transaction) {
      const rows = transaction.collection(definition)
      const late = yield* rows.anyBetween(
        column,
        latest + 1,
        Number.MAX_SAFE_INTEGER,
        from,
        ITEMS_A_TRANSACTION,
      )
      for (const { accountId, id } of late) {
        const held = yield* rows.hold(accountId, id)
        if (held === undefined || held.dueAt === null || held.dueAt <= latest) continue
        yield* rows.replace({ ...held, dueAt: now })
      }
      return late.at(-1)?.id
    })
  }
}
