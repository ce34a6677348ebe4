import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { RevocationReason } from '../certificates/certificate.ts'
import { tellingRefusal } from '../certificates/refused-wish.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { findOrder, findOrderCertificate } from './find-order.ts'
import { type NewRequest, newRequest, openRequest } from './open-request.ts'
import type { Order, OrderRequest } from './order.ts'
import { openRequests } from './order-changes/end-requests.ts'
import { finishRevocation } from './order-changes/finish-revocation.ts'
import { carryOutRevocation, type RevocationTarget, revocable } from './order-changes/revocation.ts'
import { orderRequests, orders } from './orders.ts'

/** A wish to revoke. */
export interface RevocationWish {
  /** RFC 5280 section 5.3.1; 0 is written as absence. */
  readonly reason: RevocationReason
  /** For the approver. */
  readonly comments: string
  /** Whoever may approve revokes at once by this; from others it is not heard. */
  readonly skipApproval: boolean
}

type Target = RevocationTarget & { readonly orderId: number }

/**
 * Revokes one certificate of an order, or asks for it.
 * @param identifier id or serial number of the order's certificate
 * @returns the request, approved when the certificate is revoked. Asking again while one waits gives that one
 * @throws Fault object_unknown; reissue_pending; state_refused (`certificate_id`) for one that is not issued, revoked
 *   already, or over
 */
export function revokeOrderCertificate(
  engine: Engine,
  by: Principal,
  identifier: string,
  wish: RevocationWish,
  caller: Caller,
): Promise<OrderRequest> {
  return revoking(engine, by, wish, caller, `certificate ${identifier}`, function* (transaction) {
    const { order, certificate } = yield* findOrderCertificate(transaction, by, identifier)
    return { orderId: order.id, certificateId: certificate.id, wholeOrder: false }
  })
}

/**
 * Revokes an order with all its certificates, or asks for it.
 * @param reference id, or serial number or thumbprint of the primary certificate
 * @returns as `revokeOrderCertificate`
 * @throws Fault object_unknown; reissue_pending; state_refused (`order_id`) for an order without a certificate that
 *   could be revoked
 */
export function revokeOrder(
  engine: Engine,
  by: Principal,
  reference: string,
  wish: RevocationWish,
  caller: Caller,
): Promise<OrderRequest> {
  return revoking(engine, by, wish, caller, `order ${reference}`, function* (transaction) {
    const { id, certificateId } = yield* findOrder(transaction, by, reference)
    return { orderId: id, certificateId, wholeOrder: true }
  })
}

/** What callers send may be long. */
const LONGEST_OBJECT = 80

function revoking(
  engine: Engine,
  by: Principal,
  wish: RevocationWish,
  caller: Caller,
  object: string,
  find: (transaction: Transaction) => Program<Target>,
): Promise<OrderRequest> {
  const told = {
    wish: 'revoked',
    accountId: by.account.id,
    object: object.slice(0, LONGEST_OBJECT),
  } as const
  return tellingRefusal(engine, told, caller, async () => {
    await engine.stopAt?.('revoke.before-commit')
    const request = await engine.store.write(function* (transaction) {
      const target = yield* find(transaction)
      const order = yield* transaction.collection(orders).hold(by.account.id, target.orderId)
      if (order === undefined) throw new Fault('object_unknown', { object: 'order' })
      return yield* askToRevoke(engine, transaction, by, order, target, wish, caller)
    })
    await engine.stopAt?.('revoke.committed')
    if (request.status === 'approved') {
      await finishRevocation(engine, request.accountId, request.orderId, caller)
    }
    return request
  })
}

function* askToRevoke(
  engine: Engine,
  transaction: Transaction,
  by: Principal,
  order: Order,
  target: Target,
  wish: RevocationWish,
  caller: Caller,
): Program<OrderRequest> {
  if (order.status === 'reissue_pending') throw new Fault('reissue_pending', {})
  const at = engine.clock.now()
  const certificates = yield* revocable(transaction, order, target, at)
  const asked = yield* revocationRequest(transaction, by, target, wish, at)
  const isApproved = asked.status === 'approved'
  const waiting = (yield* openRequests(transaction, order)).find((each) => isAbout(each, target))
  if (waiting !== undefined && !isApproved) return waiting
  const request =
    waiting === undefined
      ? yield* openRequest(transaction, asked, order, target.certificateId)
      : yield* approve(transaction, waiting, asked)
  transaction.record({
    action: waiting === undefined ? 'request.opened' : 'request.decided',
    at,
    actor: caller.actor,
    accountId: order.accountId,
    object: `request:${request.id}`,
    requestId: caller.requestId,
    detail: {
      type: 'revoke',
      order: order.id,
      certificate: target.certificateId,
      wholeOrder: target.wholeOrder,
      status: request.status,
    },
  })
  if (isApproved) yield* carryOutRevocation(engine, transaction, order, request, certificates, at, caller)
  return request
}

function isAbout({ type, certificateId, revocation }: OrderRequest, target: Target): boolean {
  if (type !== 'revoke' || revocation?.wholeOrder !== target.wholeOrder) return false
  return target.wholeOrder || certificateId === target.certificateId
}

/** Whoever holds a key that may be known to others shall not wait for a reviewer before the approver. */
function* revocationRequest(
  transaction: Transaction,
  principal: Principal,
  { wholeOrder }: Target,
  { reason, comments, skipApproval }: RevocationWish,
  at: Instant,
): Program<NewRequest> {
  const request = newRequest({
    principal,
    policy: yield* loadPolicy(transaction, principal.account.id),
    // Nobody has to speak for an organization to have its certificate revoked.
    product: { validation: 'private' },
    organization: null,
    type: 'revoke',
    revocation: { wholeOrder, reason },
    skipApproval,
    comments,
    at,
  })
  return request.status === 'submitted' ? { ...request, status: 'pending' } : request
}

/** Decides on a request that waits, by one that waits for nobody. */
function* approve(
  transaction: Transaction,
  waiting: OrderRequest,
  { status, revocation, requesterId, processorId, processedAt }: NewRequest,
): Program<OrderRequest> {
  const decided = { ...waiting, status, revocation, processorId: processorId ?? requesterId, processedAt }
  yield* transaction.collection(orderRequests).replace(decided)
  return decided
}
