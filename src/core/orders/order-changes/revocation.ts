import type { Caller } from '../../audit/caller.ts'
import type { Instant } from '../../brand.ts'
import type { RevocationReason } from '../../certificates/certificate.ts'
import { changeStatusWithin } from '../../certificates/change-status.ts'
import type { Engine } from '../../engine.ts'
import { Fault } from '../../faults.ts'
import { loadPolicy } from '../../identity/account-policy.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction } from '../../store/store.ts'
import { tellWebhooks } from '../../webhooks/tell-webhooks.ts'
import type { Order, OrderCertificate, OrderRequest } from '../order.ts'
import { orderCertificates, orders } from '../orders.ts'
import { openRequests, rejectRequests } from './end-requests.ts'
import { certificatesOf, endCertificate, waitingCertificatesOf } from './order-certificates.ts'

/** Certificates, and requests, that one transaction ends: others do not wait long for it. */
export const END_A_TRANSACTION = 100
/** When the background goes on with a revocation that was cut off. */
export const CARRY_ON_MS = 60_000

/** A certificate of an order that was issued. */
type IssuedOrderCertificate = OrderCertificate & { readonly issued: NonNullable<OrderCertificate['issued']> }

/** What a revocation is about: an order with all its certificates, or one of them. */
export interface RevocationTarget {
  /** The one, or the order's primary. */
  readonly certificateId: number
  readonly wholeOrder: boolean
}

/**
 * The certificates that a revocation would end: issued, neither revoked nor over. None for an order that outlived the
 * revocation of its certificates, and ends now.
 * @throws Fault state_refused when nothing would end
 */
export function* revocable(
  transaction: Transaction,
  order: Order,
  target: RevocationTarget,
  at: Instant,
): Program<readonly IssuedOrderCertificate[]> {
  const found = yield* aimedAt(transaction, order, target)
  const standing = found.filter((certificate) => stands(certificate, at))
  if (standing.length > 0 || (target.wholeOrder && outlivesItsCertificates(order, found))) return standing
  throw target.wholeOrder
    ? new Fault('state_refused', { object: 'order', state: order.status, parameter: 'order_id' })
    : new Fault('state_refused', {
        object: 'certificate',
        state: found[0]?.status ?? 'unknown',
        parameter: 'certificate_id',
      })
}

function aimedAt(
  transaction: Transaction,
  order: Order,
  { certificateId, wholeOrder }: RevocationTarget,
): Program<readonly OrderCertificate[]> {
  return wholeOrder
    ? certificatesOf(transaction, order)
    : transaction.collection(orderCertificates).byIds(order.accountId, [certificateId])
}

function outlivesItsCertificates({ status }: Order, certificates: readonly OrderCertificate[]): boolean {
  return status === 'issued' && certificates.some((certificate) => certificate.status === 'revoked')
}

/** Whether a certificate is issued, neither revoked nor over. */
export function stands(certificate: OrderCertificate, at: Instant): certificate is IssuedOrderCertificate {
  const { status, issued } = certificate
  return status === 'issued' && issued !== null && at <= issued.notAfter
}

/**
 * Revokes what a request is about, in the transaction that approves it. What ended since it was asked for is left as
 * it is.
 * @throws Fault reissue_pending
 */
export function* approveRevocation(
  engine: Pick<Engine, 'clock' | 'random'>,
  transaction: Transaction,
  request: OrderRequest,
  caller: Caller,
): Program<void> {
  const order = yield* transaction.collection(orders).hold(request.accountId, request.orderId)
  if (order === undefined) throw new Fault('object_unknown', { object: 'order' })
  if (order.status === 'reissue_pending') throw new Fault('reissue_pending', {})
  const at = engine.clock.now()
  const { wholeOrder } = revocationOf(request)
  const found = yield* aimedAt(transaction, order, { wholeOrder, certificateId: request.certificateId })
  const standing = found.filter((certificate) => stands(certificate, at))
  if (standing.length > 0 || (wholeOrder && outlivesItsCertificates(order, found))) {
    yield* carryOutRevocation(engine, transaction, order, request, standing, at, caller)
  }
}

/**
 * Revokes certificates of an order, which the caller holds. Of an order that has many, the primary one and some others:
 * the order is revoked then, so that nothing is issued for it any more, and `finishRevocation` ends what is left.
 */
export function* carryOutRevocation(
  engine: Pick<Engine, 'clock' | 'random'>,
  transaction: Transaction,
  order: Order,
  request: OrderRequest,
  certificates: readonly IssuedOrderCertificate[],
  at: Instant,
  caller: Caller,
): Program<void> {
  const { wholeOrder, reason } = revocationOf(request)
  const isPrimary = ({ id }: OrderCertificate) => id === order.certificateId
  const [primary, others] = [certificates.filter(isPrimary), certificates.filter((each) => !isPrimary(each))]
  for (const certificate of [...primary, ...others].slice(0, END_A_TRANSACTION)) {
    yield* revokeOne(engine, transaction, certificate, request, at, caller)
  }
  if (!wholeOrder && !(yield* endsWithItsCertificates(transaction, order, at))) return
  const waiting = yield* waitingCertificatesOf(transaction, order)
  for (const certificate of waiting.slice(0, END_A_TRANSACTION)) {
    yield* endCertificate(transaction, certificate, 'rejected', at)
  }
  const open = (yield* openRequests(transaction, order)).filter(({ id }) => id !== request.id)
  const dropped = open.slice(0, END_A_TRANSACTION)
  yield* rejectRequests(transaction, dropped, request.processorId ?? request.requesterId, '', at)
  const isDone = [certificates, waiting, open].every(({ length }) => length <= END_A_TRANSACTION)
  const dueAt = isDone ? null : at + CARRY_ON_MS
  yield* transaction.collection(orders).replace({ ...order, status: 'revoked', dueAt, updatedAt: at })
  transaction.record({
    action: 'order.revoked',
    at,
    actor: caller.actor,
    accountId: order.accountId,
    object: `order:${order.id}`,
    requestId: caller.requestId,
    detail: { certificates: certificates.length, reason, wholeOrder },
  })
}

/** Revokes one certificate of an order, which the caller holds, for the reason that a request names. */
export function* revokeOne(
  engine: Pick<Engine, 'clock' | 'random'>,
  transaction: Transaction,
  certificate: IssuedOrderCertificate,
  request: OrderRequest,
  at: Instant,
  caller: Caller,
): Program<void> {
  const { accountId, orderId, id } = certificate
  const { certificateId } = certificate.issued
  const { reason } = revocationOf(request)
  yield* changeStatusWithin(engine, transaction, { accountId, certificateId, to: 'revoked', reason }, caller)
  yield* endCertificate(transaction, certificate, 'revoked', at)
  const event = 'certificate_revoked' as const
  yield* tellWebhooks(transaction, engine, { accountId, event, at, orderId, certificateId: id })
}

/** Whether the account wants an order to be over that has no certificate left. */
function* endsWithItsCertificates(transaction: Transaction, order: Order, at: Instant): Program<boolean> {
  const { revokesOrderWithItsCertificate } = yield* loadPolicy(transaction, order.accountId)
  if (!revokesOrderWithItsCertificate) return false
  return !(yield* certificatesOf(transaction, order)).some((certificate) => stands(certificate, at))
}

/** What a stored request says; what is stored is one of the reasons that were let in. */
function revocationOf({ revocation }: OrderRequest) {
  const reason = leafReasons.find((each) => each === revocation?.reason)
  if (revocation === null || reason === undefined) throw new Error('a revocation request says nothing')
  return { wholeOrder: revocation.wholeOrder, reason }
}

const leafReasons: readonly RevocationReason[] = [0, 1, 3, 4, 5, 9]
