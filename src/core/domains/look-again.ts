import { systemCaller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { isFault } from '../faults.ts'
import { advanceOrder } from '../orders/advance-order.ts'
import type { Order } from '../orders/order.ts'
import { finishRevocation } from '../orders/order-changes/finish-revocation.ts'
import { waitsForCertificate } from '../orders/order-changes/order-certificates.ts'
import { orders } from '../orders/orders.ts'
import { askAsWished } from './add-domain.ts'
import { runDomainCheck } from './check-domain-control.ts'
import { runOrderCheck } from './check-order-control.ts'
import { type Domain, domains } from './domain.ts'
import { isSought, nextDomainLook, nextOrderLook } from './look-times.ts'
import { afterOrderPlaced } from './order-control.ts'
import { isWaiting } from './record-proofs.ts'
import { wakeSomeOrders } from './wake-orders.ts'

/** Orders or domains looked at side by side. */
const mostAtOnce = 8

/**
 * Looks once at every order that is due, at most `limit`: for its random value, for mails that were never made, and
 * whether it can be issued; and ends what a revocation left. An order is due again later, whatever comes of it; several processes share the work.
 * @returns how many were due
 */
export async function lookAtOrders(engine: Engine, limit: number, signal: AbortSignal): Promise<number> {
  const due = await claimOrders(engine, engine.clock.now(), limit)
  await inTurn(due, signal, async (order) => {
    try {
      await lookAtOrder(engine, order)
    } catch (error) {
      // What stands against it is for whoever looks at the order; it is tried again, and keeps no other one waiting.
      if (isFault(error, 'control_not_proven')) return
      if (isFault(error)) engine.log.info({ order: order.id, fault: error.code }, 'an order still waits')
      else engine.log.error({ order: order.id, err: error }, 'an order could not be looked at')
    }
  })
  return due.length
}

async function lookAtOrder(engine: Engine, order: Order): Promise<void> {
  if (order.status === 'revoked') {
    await finishRevocation(engine, order.accountId, order.id, systemCaller)
    return
  }
  if (order.methods !== null && order.methods.method !== 'email') {
    await runOrderCheck(engine, order, undefined, systemCaller, undefined)
    return
  }
  if (order.methods !== null) await afterOrderPlaced(engine, order, 'never')
  await advanceOrder(engine, order.accountId, order.id, systemCaller)
}

/**
 * Looks once at every domain that is due, at most `limit`, see `lookAtOrders`: for its random value, for mails that were
 * wished for and never made, and sets the orders going that waited for its proof.
 */
export async function lookAtDomains(engine: Engine, limit: number, signal: AbortSignal): Promise<number> {
  const due = await claimDomains(engine, engine.clock.now(), limit)
  await inTurn(due, signal, async (domain) => {
    try {
      await askAsWished(engine, domain)
      if (isSought(domain)) await runDomainCheck(engine, domain, systemCaller, undefined)
      while (!signal.aborted && (await wakeSomeOrders(engine, domain)) !== undefined);
    } catch (error) {
      engine.log.error({ domain: domain.id, err: error }, 'a domain could not be looked at')
    }
  })
  return due.length
}

/** Whoever sets the next time owns this one. */
function claimOrders({ store }: Engine, now: Instant, limit: number): Promise<readonly Order[]> {
  return store.write(function* (transaction) {
    const rows = transaction.collection(orders)
    const claimed: Order[] = []
    for (const { accountId, id } of yield* rows.anyBetween('due_at', 0, now, 0, limit)) {
      const order = yield* rows.hold(accountId, id)
      if (order === undefined || order.dueAt === null || order.dueAt > now) continue
      // A revoked order is due while not all of it is revoked.
      const waits =
        order.status === 'revoked' || (isWaiting(order) && (yield* waitsForCertificate(transaction, order)))
      yield* rows.replace({ ...order, dueAt: waits ? nextOrderLook(order, now) : null })
      if (waits) claimed.push(order)
    }
    return claimed
  })
}

function claimDomains({ store }: Engine, now: Instant, limit: number): Promise<readonly Domain[]> {
  return store.write(function* (transaction) {
    const rows = transaction.collection(domains)
    const claimed: Domain[] = []
    for (const { accountId, id } of yield* rows.anyBetween('due_at', 0, now, 0, limit)) {
      const domain = yield* rows.hold(accountId, id)
      if (domain === undefined || domain.dueAt === null || domain.dueAt > now) continue
      const dueAt = nextDomainLook(domain, now)
      yield* rows.replace({ ...domain, dueAt })
      if (dueAt !== null) claimed.push(domain)
    }
    return claimed
  })
}

/** @param work raises nothing: the others go on whatever becomes of one */
async function inTurn<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length && !signal.aborted; start += mostAtOnce) {
    await Promise.all(items.slice(start, start + mostAtOnce).map(work))
  }
}
