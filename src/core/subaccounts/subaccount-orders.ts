import { type AccountId, accountId } from '../brand.ts'
import { listOrders } from '../orders/list-orders.ts'
import type { OrderSummary } from '../orders/load-order-details.ts'
import type { OrderColumn } from '../orders/orders.ts'
import type { CollectionPage, CollectionQuery } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { subaccounts } from './subaccount.ts'

/**
 * A page of the orders of all subaccounts of an account: those of one after those of the other, each in the order
 * that was asked for.
 */
export function* listSubaccountOrders(
  view: View,
  parent: AccountId,
  query: Omit<CollectionQuery<OrderColumn>, 'accountId'>,
): Program<CollectionPage<OrderSummary>> {
  const items: OrderSummary[] = []
  let total = 0
  for (const id of yield* subaccountIds(view, parent)) {
    const missing = query.limit - items.length
    const offset = Math.max(0, query.offset - total)
    // A page without rows is not asked for; one row tells the total all the same.
    const found = yield* listOrders(view, {
      ...query,
      accountId: accountId(id),
      offset,
      limit: Math.max(1, missing),
    })
    if (missing > 0) items.push(...found.items)
    total += found.total
  }
  return { items, total }
}

const pageLength = 1_000

function* subaccountIds(view: View, parent: AccountId): Program<readonly number[]> {
  const ids: number[] = []
  for (;;) {
    const { items } = yield* view
      .collection(subaccounts)
      .list({ accountId: parent, where: [], offset: ids.length, limit: pageLength })
    ids.push(...items.map(({ id }) => id))
    if (items.length < pageLength) return ids
  }
}
