import type { Engine } from '../../../core/engine.ts'
import type { User } from '../../../core/identity/user.ts'
import type { RequestSummary } from '../../../core/orders/list-requests.ts'
import type { OrderDetails } from '../../../core/orders/load-order-details.ts'
import type { Order, OrderRequest } from '../../../core/orders/order.ts'
import { orderInfoView, orderSummaryView } from '../orders/order-view.ts'
import { personView } from '../orders/people.ts'
import { dateTime, dateTimeOrAbsent, day, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'

/** A request without its order. Whoever processed it appears once somebody did. */
export function requestView(request: OrderRequest, people: ReadonlyMap<number, User>): Members {
  const { reviewerId, processorId } = request
  return {
    id: request.id,
    date: dateTime(request.createdAt),
    type: request.type,
    status: request.status,
    date_processed: dateTimeOrAbsent(request.processedAt),
    requester: personView(request.requesterId, people),
    reviewer: reviewerId === null ? undefined : personView(reviewerId, people),
    processor: processorId === null ? undefined : personView(processorId, people),
    comments: textOrAbsent(request.comments),
    processor_comment: textOrAbsent(request.processorComment),
  }
}

/** A request in a list. */
export function requestListView({ request, order, people }: RequestSummary): Members {
  return { ...requestView(request, people), order: order && orderSummaryView(order) }
}

/** What a request shows besides its order. */
export interface RequestDetails {
  readonly request: OrderRequest
  /** Of the certificate that the request is about. */
  readonly details: OrderDetails
  /** The order that a new one renews. */
  readonly renewed: Order | undefined
  /** Names that nobody submitted for validation yet. */
  readonly unsubmitted: readonly string[]
  readonly now: number
}

/** A request with the whole order. */
export function requestInfoView(
  engine: Pick<Engine, 'outside'>,
  { request, details, renewed, unsubmitted, now }: RequestDetails,
): Members {
  const until = renewed?.validUntil ?? null
  return {
    ...requestView(request, details.people),
    order: {
      ...orderInfoView(engine, details, now),
      unsubmitted_domains: unsubmitted.map((name) => ({ name })),
      renewal_of_order_valid_till: until === null ? undefined : day(until),
    },
  }
}
