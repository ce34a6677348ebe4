import type { Instant } from '../../brand.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction } from '../../store/store.ts'
import type { Order, OrderRequest } from '../order.ts'
import { orderRequests } from '../orders.ts'

/** More requests than one order can have waiting: a new one, a reissue, and one for each of its certificates. */
const mostRequests = 1000

/** Requests of an order that wait for a decision. */
export function* openRequests(
  transaction: Transaction,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
): Program<readonly OrderRequest[]> {
  const found = yield* transaction
    .collection(orderRequests)
    .withValue(accountId, 'order_id', id, mostRequests)
  return found.filter(({ status }) => status === 'pending' || status === 'submitted')
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
