import type { Engine } from '../engine.ts'
import { deliveries } from './delivery.ts'

/** Longer than a notice can be told again in. */
const KEPT_MS = 120 * 86_400_000
const PAGE = 500

/** Forgets deliveries that are long over. */
export async function dropOldDeliveries(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  signal: AbortSignal,
): Promise<void> {
  const before = clock.now() - KEPT_MS
  let after = 0
  while (!signal.aborted) {
    const from = after
    const page = await store.write(function* (transaction) {
      const old = yield* transaction.collection(deliveries).anyBetween('created_at', 0, before, from, PAGE)
      for (const { accountId, id, dueAt } of old) {
        if (dueAt === null) yield* transaction.collection(deliveries).remove(accountId, id)
      }
      return old
    })
    after = page.at(-1)?.id ?? after
    if (page.length < PAGE) return
  }
}
