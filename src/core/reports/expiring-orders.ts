import type { AccountId, Instant } from '../brand.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'

const dayMs = 86_400_000

/** Days until the end, or since it below nothing, that orders are counted by. */
export const expiryDays = [90, 60, 30, -7] as const

export interface ExpiringOrders {
  readonly days: (typeof expiryDays)[number]
  readonly count: number
}

/**
 * How many issued orders have a certificate that ends within each number of days from now; of the last number: that
 * ended within so many days before now. Orders of one owner only where `ownerId` names him.
 */
export function* countExpiringOrders(
  view: Pick<View, 'collection'>,
  {
    accountId,
    containerIds,
    ownerId,
    now,
  }: {
    readonly accountId: AccountId
    readonly containerIds: readonly number[]
    readonly ownerId: number | null
    readonly now: Instant
  },
): Program<readonly ExpiringOrders[]> {
  const counts: ExpiringOrders[] = []
  for (const days of expiryDays) {
    const other = now + days * dayMs
    const { total } = yield* view.collection(orders).list({
      accountId,
      where: [
        { column: 'status', is: 'any-of', values: ['issued'] },
        { column: 'container_id', is: 'any-of', values: containerIds },
        { column: 'valid_till', is: 'between', from: Math.min(now, other), to: Math.max(now, other) },
        ...(ownerId === null ? [] : [{ column: 'user_id', is: 'any-of', values: [ownerId] } as const]),
      ],
      offset: 0,
      limit: 1,
    })
    counts.push({ days, count: total })
  }
  return counts
}
