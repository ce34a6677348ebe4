import type { Instant } from '../../brand.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction } from '../../store/store.ts'
import type { Order, OrderRequest } from '../order.ts'
import { orderRequests } from '../orders.ts'

/** More requests than one order has waiting: a new one, a reissue, and one for each of its certificates. */
const mostOpen = 1000

/** Requests of an order that wait for a decision, oldest first. */
export function* openRequests(
  transaction: Transaction,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
): Program<readonly OrderRequest[]> {
  const { items } = yield* transaction.collection(orderRequests).list({
    accountId,
    where: [
      { column: 'order_id', is: 'any-of', values: [id] },
      { column: 'status', is: 'any-of', values: ['pending', 'submitted'] },
    ],
    offset: 0,
    limit: mostOpen,
  })
  return items
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
