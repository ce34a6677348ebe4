import type { Caller } from '../../audit/caller.ts'
import type { PublicHierarchyOptions } from '../../authorities/public-hierarchy.ts'
import type { Engine } from '../../engine.ts'
import { Fault, isFault } from '../../faults.ts'
import { loadPolicy } from '../../identity/account-policy.ts'
import type { Principal } from '../../identity/principal.ts'
import { productOf } from '../../products/catalogue.ts'
import { orderAuthority } from '../../products/order-authority.ts'
import type { Program } from '../../store/program.ts'
import type { View } from '../../store/store.ts'
import { advanceOrder } from '../advance-order.ts'
import { checkOrderCsr, orderCsr } from '../check-order-csr.ts'
import { findOrder } from '../find-order.ts'
import { isBeingIssued } from '../issue-order-certificate.ts'
import { openStatus } from '../open-status.ts'
import type { Order, OrderCertificate } from '../order.ts'
import { orderCertificates } from '../orders.ts'
import { holdOrder, keepOrder } from './hold-order.ts'
import { pendingReissue } from './order-certificates.ts'

/** Where a CSR is what an order waits for. */
const withoutCsr: ReadonlySet<Order['status']> = new Set<Order['status']>(['needs_csr', 'waiting_pickup'])

/**
 * Gives the certificate that an order waits for another CSR, or its first one, and issues it when nothing else is
 * wanting.
 *
 * @param written in any form that `decodeLenientCsr` takes
 * @throws Fault object_unknown; state_refused where no certificate waits, or it is being issued; csr_not_taken; every
 *   code about requests and keys
 */
export async function replaceOrderCsr(
  engine: Engine,
  by: Principal,
  reference: string,
  written: string,
  options: PublicHierarchyOptions,
  caller: Caller,
): Promise<void> {
  const { order, certificate, policy } = await engine.store.read(function* (view) {
    const found = yield* findOrder(view, by, reference)
    return {
      order: found,
      certificate: yield* waitingCertificate(view, found),
      policy: yield* loadPolicy(view, by.account.id),
    }
  })
  const product = productOf(order.product)
  const csr = orderCsr(product, written, order.provisioning)
  const authority = await orderAuthority(engine, policy, product, certificate.content.authorityId, options)
  await checkOrderCsr(engine, await engine.directory.issuer(authority.id), csr)
  await engine.store.write(function* (transaction) {
    const held = yield* holdOrder(transaction, by, reference)
    const { id } = yield* waitingCertificate(transaction, held)
    const waiting = yield* transaction.collection(orderCertificates).hold(held.accountId, id)
    const at = engine.clock.now()
    // Whoever is signing has read the former CSR; what he records must not stand beside this one.
    if (waiting === undefined || isBeingIssued(waiting, at)) throw notWaiting('processing')
    const content = { ...waiting.content, csr }
    yield* transaction.collection(orderCertificates).replace({ ...waiting, content })
    const status = withoutCsr.has(held.status) ? openStatus(held, product, content) : held.status
    const updatedAt = status === held.status ? held.updatedAt : at
    yield* keepOrder(transaction, { ...held, status, updatedAt }, { csrOf: id }, at, caller)
  })
  await goOn(engine, order, caller)
}

/** @throws Fault state_refused */
function* waitingCertificate(view: Pick<View, 'collection'>, order: Order): Program<OrderCertificate> {
  const primary = yield* view.collection(orderCertificates).byId(order.accountId, order.certificateId)
  if (primary?.status === 'pending') return primary
  const reissue = order.status === 'reissue_pending' ? yield* pendingReissue(view, order) : undefined
  if (reissue === undefined) throw notWaiting(order.status)
  return reissue
}

const notWaiting = (state: string): Fault =>
  new Fault('state_refused', { object: 'order', state, parameter: 'status' })

/** The CSR is taken whatever becomes of the certificate. */
async function goOn(engine: Engine, { accountId, id }: Order, caller: Caller): Promise<void> {
  try {
    await advanceOrder(engine, accountId, id, caller)
  } catch (error) {
    if (!isFault(error)) throw error
    engine.log.warn({ order: id, fault: error.code }, 'an order with a new CSR could not be issued yet')
  }
}
