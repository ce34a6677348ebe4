import type { AccountId, Instant } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { deliver } from '../core/webhooks/deliver.ts'
import { type Delivery, deliveries } from '../core/webhooks/delivery.ts'
import type { Job } from './schedule.ts'

const TICK_MS = 1_000
const PAGE = 500
/** Receivers that are called at the same time. */
const SIDE_BY_SIDE = 8
/** How long nothing more is sent to an account whose receiver did not take the last. */
const REST_MS = 10_000

/**
 * Delivers what accounts are told. Each account's deliveries go one after the other, several accounts' side by side;
 * a receiver that does not answer delays its own account alone.
 */
export function deliverWebhooksJob(engine: Engine): Job {
  const restingSince = new Map<AccountId, Instant>()

  async function deliverAll(
    account: AccountId,
    due: readonly Delivery[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const each of due) {
      if (signal.aborted) return
      try {
        if (await deliver(engine, each)) continue
      } catch (cause) {
        engine.log.error({ delivery: each.deliveryId, account, cause }, 'a webhook could not be called')
      }
      restingSince.set(account, engine.clock.now())
      return
    }
  }

  async function deliverPage(page: readonly Delivery[], signal: AbortSignal): Promise<void> {
    const now = engine.clock.now()
    const waiting = [...byAccount(page)].filter(([account]) => !rests(restingSince.get(account), now))
    const work = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await deliverAll(...next, signal)
      }
    }
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, waiting.length) }, work))
  }

  return {
    name: 'webhooks',
    everyMs: TICK_MS,
    async run(signal) {
      const now = engine.clock.now()
      for (const [account, since] of restingSince) if (!rests(since, now)) restingSince.delete(account)
      let after = 0
      while (!signal.aborted) {
        const page = await engine.store.read((view) =>
          view.collection(deliveries).anyBetween('due_at', 0, now, after, PAGE),
        )
        await deliverPage(page, signal)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) return
        after = last.id
      }
    },
  }
}

/** Not for as long as a clock was put back. */
function rests(since: Instant | undefined, now: Instant): boolean {
  return since !== undefined && Math.abs(now - since) < REST_MS
}

function byAccount(page: readonly Delivery[]): ReadonlyMap<AccountId, readonly Delivery[]> {
  const found = new Map<AccountId, Delivery[]>()
  for (const each of page) {
    const own = found.get(each.accountId)
    if (own === undefined) found.set(each.accountId, [each])
    else own.push(each)
  }
  return found
}
