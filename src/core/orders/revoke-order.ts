import type { Caller } from '../audit/caller.ts'
import type { RevocationReason } from '../certificates/certificate.ts'
import { tellingRefusal } from '../certificates/refused-wish.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { permits } from '../identity/permissions.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { findOrder, findOrderCertificate } from './find-order.ts'
import type { Order, OrderRequest } from './order.ts'
import { openRequests } from './order-changes/end-requests.ts'
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
  const { approvals } = yield* loadPolicy(transaction, by.account.id)
  const skips = wish.skipApproval && permits(by.rights, 'certificates', 'approve')
  const isApproved = skips || approvals === 'none'
  const waiting = (yield* openRequests(transaction, order)).find((each) => isAbout(each, target))
  if (waiting !== undefined && !isApproved) return waiting
  const request: OrderRequest = {
    ...(waiting ?? (yield* newRequest(transaction, by, order, target, wish, at))),
    ...(isApproved && { status: 'approved', processorId: by.user.id, processedAt: at }),
    revocation: { wholeOrder: target.wholeOrder, reason: wish.reason },
  }
  const kept = transaction.collection(orderRequests)
  yield* waiting === undefined ? kept.insert(request) : kept.replace(request)
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

function* newRequest(
  transaction: Transaction,
  by: Principal,
  order: Order,
  { certificateId }: Target,
  { comments }: RevocationWish,
  at: number,
): Program<OrderRequest> {
  return {
    id: yield* transaction.collection(orderRequests).nextId(),
    accountId: order.accountId,
    containerId: order.containerId,
    orderId: order.id,
    certificateId,
    type: 'revoke',
    status: 'pending',
    revocation: null,
    requesterId: by.user.id,
    reviewerId: null,
    processorId: null,
    comments,
    processorComment: '',
    createdAt: at,
    processedAt: null,
  }
}
