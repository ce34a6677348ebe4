import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { isMethodOpen } from '../validation/dated-rules.ts'
import { type ControlEvidence, type Domain, domains } from './domain.ts'
import { setDomainProof } from './record-proofs.ts'

/**
 * The operator says that an account controls a domain, whatever account it is of. It counts where certificates are
 * private, such as for mailboxes of private client certificates; public ones never rest on it. A domain that is proven
 * keeps its proof.
 *
 * @throws Fault object_unknown, domain_disabled; state_refused for a domain with a proof of its own
 */
export function vouchForDomain(engine: Engine, id: number, caller: Caller): Promise<Domain> {
  const { actor } = caller
  return engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const found = yield* transaction.collection(domains).anyById(id)
    const domain = found && (yield* transaction.collection(domains).hold(found.accountId, id))
    if (domain === undefined) throw new Fault('object_unknown', { object: 'domain' })
    const { name, isActive, evidence } = domain
    if (!isActive) throw new Fault('domain_disabled', { name })
    if (
      evidence !== null &&
      evidence.method !== 'operator' &&
      isMethodOpen(evidence.method, 'public-tls', now)
    ) {
      throw new Fault('state_refused', { object: 'domain', state: 'proven', parameter: 'domain' })
    }
    const word: ControlEvidence = {
      ...{ name, method: 'operator', value: actor.type === 'operator' ? actor.user : actor.type, at: now },
      ...{ addresses: [], perspectives: [] },
    }
    yield* setDomainProof(transaction, engine, domain, word)
    transaction.record({
      action: 'control.approved',
      at: now,
      actor,
      accountId: domain.accountId,
      object: `domain:${id}`,
      requestId: caller.requestId,
      detail: { name, by: 'operator' },
    })
    return { ...domain, evidence: word }
  })
}
