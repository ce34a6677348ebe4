import { orderDomains } from '../domains/submit-order-domains.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { DocumentReader } from '../store/document.ts'
import { findRequest } from './find-request.ts'
import type { FollowUpOutcome } from './follow-up.ts'
import { loadIssued } from './issued-certificate.ts'
import { loadOpenOrder } from './load-open-order.ts'
import { orderCertificates } from './orders.ts'

/**
 * What became of a reissue or a duplicate that was asked for before, as it is now.
 * @param subject what it was bound to
 * @throws Fault object_unknown when it is gone or out of sight
 */
export async function recallFollowUp(
  engine: Engine,
  by: Principal,
  subject: unknown,
): Promise<FollowUpOutcome> {
  const requestId = new DocumentReader(subject, 'subject of a request').integer('requestId')
  const now = engine.clock.now()
  return await engine.store.read(function* (view) {
    const { order, request } = yield* findRequest(view, by, requestId)
    const certificate = yield* view.collection(orderCertificates).byId(order.accountId, request.certificateId)
    if (certificate === undefined) throw new Fault('object_unknown', { object: 'certificate' })
    const { waiting } = yield* loadOpenOrder(view, engine, order.accountId, order.id, now)
    const missing = waiting.find((each) => each.certificate.id === certificate.id)?.missing ?? []
    return {
      order,
      certificate,
      request,
      chain: certificate.issued === null ? undefined : (yield* loadIssued(view, certificate)).chain,
      missing,
      domains: yield* orderDomains(view, order, missing),
    }
  })
}
