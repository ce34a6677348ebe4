import type { AccountId } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { loadFunds, type Pool } from './funds.ts'
import { ledger } from './ledger.ts'

const pageLength = 1_000

/**
 * Adds an account's ledger up from its first entry.
 * @returns sequence of the first entry that does not follow from those before it, one past the last entry when the
 *   sums kept beside the ledger are others; undefined when all is right
 */
export function* checkLedger(
  view: Pick<View, 'collection'>,
  accountId: AccountId,
): Program<number | undefined> {
  const funds = yield* loadFunds(view, accountId)
  const pools = new Map<number, Pool>()
  let sequence = 0
  for (;;) {
    const { items } = yield* view
      .collection(ledger)
      .list({ accountId, where: [], offset: sequence, limit: pageLength })
    for (const entry of items) {
      sequence += 1
      const before = pools.get(entry.containerId)
      const pool: Pool = {
        containerId: entry.containerId,
        balance: (before?.balance ?? 0) + entry.amount,
        unpaid: (before?.unpaid ?? 0) + entry.unpaid,
      }
      pools.set(entry.containerId, pool)
      const follows = entry.balanceAfter === pool.balance && entry.unpaidAfter === pool.unpaid
      if (entry.sequence !== sequence || !follows) return sequence
    }
    if (items.length < pageLength) break
  }
  const isKept =
    funds.entries === sequence &&
    funds.pools.length === pools.size &&
    funds.pools.every(
      ({ containerId, balance, unpaid }) =>
        pools.get(containerId)?.balance === balance && pools.get(containerId)?.unpaid === unpaid,
    )
  return isKept ? undefined : sequence + 1
}
