import type { Instant } from '../../brand.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction, View } from '../../store/store.ts'
import type { Order, OrderRequest } from '../order.ts'
import { orderRequests } from '../orders.ts'

const A_PAGE = 500

/** Every request of an order that waits for a decision, oldest first: whatever is missing here counts as approved. */
export function* openRequests(
  view: Pick<View, 'collection'>,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
): Program<readonly OrderRequest[]> {
  const found: OrderRequest[] = []
  for (;;) {
    const { items } = yield* view.collection(orderRequests).list({
      accountId,
      where: [
        { column: 'order_id', is: 'any-of', values: [id] },
        { column: 'status', is: 'any-of', values: ['pending', 'submitted'] },
      ],
      offset: found.length,
      limit: A_PAGE,
    })
    found.push(...items)
    if (items.length < A_PAGE) return found
  }
}

/**
 * Rejects requests that have lost their object.
 * @param comment what approvers are told of it
 */
export function* rejectRequests(
  transaction: Transaction,
  requests: readonly OrderRequest[],
  processorId: number,
  comment: string,
  at: Instant,
): Program<void> {
  for (const request of requests) {
    yield* transaction.collection(orderRequests).replace({
      ...request,
      status: 'rejected',
      processorId,
      processorComment: comment,
      processedAt: at,
    })
  }
}
