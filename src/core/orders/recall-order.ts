import type { Caller } from '../audit/caller.ts'
import type { ChainCertificate } from '../authorities/issued-chain.ts'
import type { AccountId } from '../brand.ts'
import { type OrderDomain, orderDomains } from '../domains/submit-order-domains.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { advanceOrder } from './advance-order.ts'
import { type OrderSeeker, seesOrder } from './find-order.ts'
import { loadIssued } from './issued-certificate.ts'
import { orderCertificates, orderRequests, orders } from './orders.ts'
import type { StoredOrder } from './store-order.ts'

/** An order that was placed, now or before. */
export interface PlacedOrder extends StoredOrder {
  /** Leaf, intermediates and root, once the certificate is issued. */
  readonly chain: readonly ChainCertificate[] | undefined
  /** Names and mailboxes without proof. */
  readonly missing: readonly string[]
  /** The domains behind them. */
  readonly domains: readonly OrderDomain[]
}

const MOST_REQUESTS = 1_000

/**
 * An order that is stored, issued if it can be: what a request answers with that came before.
 * @throws Fault object_unknown for an order that was deleted since, or is out of sight
 */
export async function recallOrder(
  engine: Engine,
  by: OrderSeeker,
  orderId: number,
  caller: Caller,
): Promise<PlacedOrder> {
  const accountId = by.account.id
  const missing = await advance(engine, accountId, orderId, caller)
  const found = await engine.store.read(function* (view) {
    const order = yield* view.collection(orders).byId(accountId, orderId)
    if (order === undefined || !seesOrder(by, order)) return undefined
    const certificate = yield* view.collection(orderCertificates).byId(accountId, order.certificateId)
    const requests = yield* view
      .collection(orderRequests)
      .withValue(accountId, 'order_id', orderId, MOST_REQUESTS)
    const request = requests.find(({ type }) => type === 'new_request')
    if (certificate === undefined || request === undefined) return undefined
    const chain = certificate.issued === null ? undefined : (yield* loadIssued(view, certificate)).chain
    return { order, certificate, request, chain, domains: yield* orderDomains(view, order, missing) }
  })
  if (found === undefined) throw new Fault('object_unknown', { object: 'order' })
  return { ...found, missing }
}

/** What stands in the way of the certificate does not take the order back. @returns names without proof */
async function advance(
  engine: Engine,
  accountId: AccountId,
  orderId: number,
  caller: Caller,
): Promise<readonly string[]> {
  try {
    return (await advanceOrder(engine, accountId, orderId, caller)).missing
  } catch (error) {
    if (!isFault(error) || isFault(error, 'object_unknown')) throw error
    engine.log.warn({ order: orderId, fault: error.code }, 'a placed order could not be issued yet')
    return []
  }
}
