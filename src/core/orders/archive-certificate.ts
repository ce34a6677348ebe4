import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { findOrderCertificate } from './find-order.ts'
import { orderCertificates, orders } from './orders.ts'

/**
 * Leaves a certificate out of the lists of its order, or puts it back. Nothing else about it changes.
 * @param identifier id or serial number
 * @throws Fault object_unknown; primary_certificate for the one that counts
 */
export function setCertificateArchived(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  identifier: string,
  archived: boolean,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const found = yield* findOrderCertificate(transaction, by, identifier)
    // The order first, as everywhere, so that no two transactions wait for each other.
    const order = yield* transaction.collection(orders).hold(by.account.id, found.order.id)
    const certificate = yield* transaction
      .collection(orderCertificates)
      .hold(by.account.id, found.certificate.id)
    if (order === undefined || certificate === undefined) {
      throw new Fault('object_unknown', { object: 'certificate' })
    }
    if (archived && order.certificateId === certificate.id) throw new Fault('primary_certificate', {})
    if (certificate.archived === archived) return
    yield* transaction.collection(orderCertificates).replace({ ...certificate, archived })
    transaction.record({
      action: 'order.changed',
      at: clock.now(),
      actor: caller.actor,
      accountId: order.accountId,
      object: `order:${order.id}`,
      requestId: caller.requestId,
      detail: { certificate: certificate.id, archived },
    })
  })
}
