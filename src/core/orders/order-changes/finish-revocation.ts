import type { Caller } from '../../audit/caller.ts'
import type { AccountId, Instant } from '../../brand.ts'
import type { Engine } from '../../engine.ts'
import type { Program } from '../../store/program.ts'
import type { Transaction, View } from '../../store/store.ts'
import type { Order, OrderCertificate, OrderRequest } from '../order.ts'
import { orderCertificates, orderRequests, orders } from '../orders.ts'
import { openRequests, rejectRequests } from './end-requests.ts'
import { certificatesOf, endCertificate } from './order-certificates.ts'
import { CARRY_ON_MS, END_A_TRANSACTION, revokeOne, stands } from './revocation.ts'

/** What an order that is revoked still has to end. */
interface Unfinished {
  /** Null: an order that ended with its last certificate, so that nothing is left to revoke. */
  readonly request: OrderRequest | null
  readonly certificates: readonly OrderCertificate[]
  readonly requests: readonly OrderRequest[]
}

/**
 * Ends what the revocation of an order left for later, a bounded number of certificates in each transaction. Any number
 * of calls at once, and any that were cut off, end each certificate once. What goes wrong here is tried again by the
 * background: the revocation stands.
 */
export async function finishRevocation(
  engine: Engine,
  accountId: AccountId,
  orderId: number,
  caller: Caller,
): Promise<void> {
  try {
    for (;;) {
      const left = await engine.store.read((view) =>
        unfinished(view, { accountId, id: orderId }, engine.clock.now()),
      )
      if (left === undefined) return
      await engine.store.write((transaction) =>
        endSome(engine, transaction, { accountId, id: orderId }, left, caller),
      )
    }
  } catch (error) {
    engine.log.warn({ order: orderId, err: error }, 'the revocation of an order goes on in the background')
  }
}

/** Undefined for an order that has nothing left to end. */
function* unfinished(
  view: Pick<View, 'collection'>,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
  at: Instant,
): Program<Unfinished | undefined> {
  const order = yield* view.collection(orders).byId(accountId, id)
  if (order?.status !== 'revoked' || order.dueAt === null) return undefined
  const { items } = yield* view.collection(orderRequests).list({
    accountId,
    where: [
      { column: 'order_id', is: 'any-of', values: [id] },
      { column: 'type', is: 'any-of', values: ['revoke'] },
      { column: 'status', is: 'any-of', values: ['approved'] },
    ],
    sort: [{ column: 'id', descending: true }],
    offset: 0,
    limit: 100,
  })
  const certificates = (yield* certificatesOf(view, order)).filter(
    (certificate) => certificate.status === 'pending' || stands(certificate, at),
  )
  return {
    request: items.find(({ revocation }) => revocation?.wholeOrder === true) ?? null,
    certificates,
    requests: yield* openRequests(view, order),
  }
}

function* endSome(
  engine: Pick<Engine, 'clock' | 'random'>,
  transaction: Transaction,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
  { request, certificates, requests }: Unfinished,
  caller: Caller,
): Program<void> {
  const order = yield* transaction.collection(orders).hold(accountId, id)
  if (order?.status !== 'revoked' || order.dueAt === null) return
  const at = engine.clock.now()
  for (const { id: certificateId } of certificates.slice(0, END_A_TRANSACTION)) {
    const certificate = yield* transaction.collection(orderCertificates).hold(accountId, certificateId)
    if (certificate?.status === 'pending') yield* endCertificate(transaction, certificate, 'rejected', at)
    else if (certificate !== undefined && stands(certificate, at) && request !== null) {
      yield* revokeOne(engine, transaction, certificate, request, at, caller)
    }
  }
  const decider = request?.processorId ?? request?.requesterId ?? order.userId
  yield* rejectRequests(transaction, requests.slice(0, END_A_TRANSACTION), decider, '', at)
  const isDone = certificates.length <= END_A_TRANSACTION && requests.length <= END_A_TRANSACTION
  yield* transaction.collection(orders).replace({ ...order, dueAt: isDone ? null : at + CARRY_ON_MS })
}
