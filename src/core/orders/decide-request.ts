import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import { nextOrderLook } from '../domains/look-times.ts'
import { afterOrderPlaced } from '../domains/order-control.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { refundOrder } from '../finance/charge-order.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import { productOf } from '../products/catalogue.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { tellWebhooks } from '../webhooks/tell-webhooks.ts'
import { advanceOrder } from './advance-order.ts'
import { dropReissue } from './cancel-order.ts'
import { findRequest } from './find-request.ts'
import { isVerifiedSpeaker } from './open-request.ts'
import { openStatus } from './open-status.ts'
import type { Order, OrderRequest } from './order.ts'
import { finishRevocation } from './order-changes/finish-revocation.ts'
import { endCertificate } from './order-changes/order-certificates.ts'
import { approveRevocation } from './order-changes/revocation.ts'
import { orderCertificates, orderRequests, orders } from './orders.ts'
import { releaseRenewed } from './store-order.ts'

export interface Decision {
  /** `pending`: a reviewer passes it on to the approver. */
  readonly status: OrderRequest['status']
  readonly comment: string
}

type Parts = Pick<Engine, 'clock' | 'random'>

/**
 * Decides on a request that waits. Where two people have to agree, the first yes passes it on, and neither whoever
 * asked nor whoever passed it on gives the second. What is approved goes on at once; when its certificate cannot be
 * issued yet, the approval stands and the order waits.
 *
 * @throws Fault object_unknown; state_refused (`status`) for a request that was decided; approver_refused
 */
export async function decideRequest(
  engine: Engine,
  by: Principal,
  requestId: number,
  decision: Decision,
  caller: Caller,
): Promise<OrderRequest> {
  const decided = await engine.store.write((transaction) =>
    decide(engine, transaction, by, requestId, decision, caller),
  )
  if (decided.status !== 'approved') return decided
  if (decided.type === 'revoke') await finishRevocation(engine, decided.accountId, decided.orderId, caller)
  else await goOn(engine, decided, caller)
  return decided
}

function* decide(
  engine: Parts,
  transaction: Transaction,
  by: Principal,
  requestId: number,
  decision: Decision,
  caller: Caller,
): Program<OrderRequest> {
  const found = yield* findRequest(transaction, by, requestId)
  // The order before what belongs to it, as everywhere: two transactions never wait for each other.
  const order = yield* transaction.collection(orders).hold(by.account.id, found.order.id)
  const request = yield* transaction.collection(orderRequests).hold(by.account.id, requestId)
  if (order === undefined || request === undefined) throw new Fault('object_unknown', { object: 'request' })
  if (wasApprovedAtOnce(request) && decision.status === 'approved') return request
  const status = nextStatus(request, decision)
  if (status !== 'rejected') yield* requireMayAgree(transaction, by, order, request)
  const at = engine.clock.now()
  const isReview = status === 'pending'
  const decided: OrderRequest = {
    ...request,
    status,
    processorComment: decision.comment === '' ? request.processorComment : decision.comment,
    ...(isReview ? { reviewerId: by.user.id } : { processorId: by.user.id, processedAt: at }),
  }
  yield* transaction.collection(orderRequests).replace(decided)
  if (!isReview) {
    const outcome = status === 'approved' ? approve : reject
    yield* outcome(engine, transaction, order, decided, at, caller)
  }
  transaction.record({
    action: 'request.decided',
    at,
    actor: caller.actor,
    accountId: order.accountId,
    object: `request:${request.id}`,
    requestId: caller.requestId,
    detail: { type: request.type, order: order.id, before: request.status, status, user: by.user.id },
  })
  return decided
}

/** Gateways approve every revocation that they ask for, also where nobody had to be asked. */
function wasApprovedAtOnce({ type, status, createdAt, processedAt }: OrderRequest): boolean {
  return type === 'revoke' && status === 'approved' && processedAt === createdAt
}

/** @throws Fault state_refused */
function nextStatus({ status }: OrderRequest, decision: Decision): OrderRequest['status'] {
  const isOpen = status === 'submitted' || status === 'pending'
  if (isOpen && decision.status === 'rejected') return 'rejected'
  if (status === 'submitted' && (decision.status === 'pending' || decision.status === 'approved'))
    return 'pending'
  if (status === 'pending' && decision.status === 'approved') return 'approved'
  throw new Fault('state_refused', { object: 'request', state: status, parameter: 'status' })
}

/** @throws Fault approver_refused */
function* requireMayAgree(
  transaction: Transaction,
  by: Principal,
  order: Order,
  request: OrderRequest,
): Program<void> {
  const { approvals } = yield* loadPolicy(transaction, order.accountId)
  const needsTwo = approvals === 'two' || request.status === 'submitted' || request.reviewerId !== null
  const isFirst = by.user.id !== request.requesterId && by.user.id !== request.reviewerId
  if (needsTwo && !isFirst) throw new Fault('approver_refused', {})
  if (request.type === 'revoke') return
  const organization: Organization | undefined =
    order.organizationId === null
      ? undefined
      : yield* transaction.collection(organizations).byId(order.accountId, order.organizationId)
  if (!isVerifiedSpeaker(by.user, productOf(order.product), organization ?? null)) {
    throw new Fault('approver_refused', {})
  }
}

function* approve(
  engine: Parts,
  transaction: Transaction,
  order: Order,
  request: OrderRequest,
  at: Instant,
  caller: Caller,
): Program<void> {
  switch (request.type) {
    case 'revoke':
      yield* approveRevocation(engine, transaction, request, caller)
      return
    case 'reissue':
    case 'duplicate':
      yield* transaction.collection(orders).replace({ ...order, dueAt: nextOrderLook(order, at) })
      return
    case 'new_request':
      yield* approveNew(transaction, order, request, at)
  }
}

function* approveNew(
  transaction: Transaction,
  order: Order,
  request: OrderRequest,
  at: Instant,
): Program<void> {
  const certificate = yield* transaction
    .collection(orderCertificates)
    .byId(order.accountId, request.certificateId)
  if (certificate === undefined) throw new Fault('object_unknown', { object: 'certificate' })
  const status = openStatus(order, productOf(order.product), certificate.content)
  const approved: Order = { ...order, status, updatedAt: at }
  yield* transaction.collection(orders).replace({ ...approved, dueAt: nextOrderLook(approved, at) })
}

function* reject(
  engine: Parts,
  transaction: Transaction,
  order: Order,
  request: OrderRequest,
  at: Instant,
): Program<void> {
  switch (request.type) {
    case 'revoke':
      return
    case 'reissue':
      yield* dropReissue(transaction, order, at)
      return
    case 'duplicate':
    case 'new_request': {
      const { accountId, id, price } = order
      const certificate = yield* transaction
        .collection(orderCertificates)
        .byId(accountId, request.certificateId)
      if (certificate !== undefined) yield* endCertificate(transaction, certificate, 'rejected', at)
      if (request.type === 'duplicate') return
      yield* transaction
        .collection(orders)
        .replace({ ...order, status: 'rejected', dueAt: null, updatedAt: at })
      yield* releaseRenewed(transaction, order)
      yield* refundOrder(transaction, { accountId, orderId: id, price, at })
      yield* tellWebhooks(transaction, engine, { accountId, event: 'order_rejected', at, orderId: id })
    }
  }
}

/** The decision stands whatever becomes of the certificate. */
async function goOn(engine: Engine, { accountId, orderId }: OrderRequest, caller: Caller): Promise<void> {
  try {
    const { order, missing } = await advanceOrder(engine, accountId, orderId, caller)
    if (missing.length > 0) await afterOrderPlaced(engine, order)
  } catch (error) {
    if (!isFault(error)) throw error
    engine.log.warn({ order: orderId, fault: error.code }, 'an approved order could not be issued yet')
  }
}
