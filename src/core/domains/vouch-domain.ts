import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { isUsableProof } from '../validation/usable-evidence.ts'
import { type ControlEvidence, type Domain, domains } from './domain.ts'
import { setDomainProof, wakeOrders } from './record-proofs.ts'

/**
 * The operator says that an account controls a domain, whatever account it is of: he validated it by hand. Whoever may
 * say so holds the keys of every CA, so his word counts as any proof does, for as long as one, and the audit log has
 * it under his name. A domain whose proof still counts keeps it. Orders that waited for it are looked at next.
 *
 * @throws Fault object_unknown, domain_disabled
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
    const isProven = evidence !== null && isUsableProof(evidence, { name, strictness: 'public-tls', now })
    if (isProven) return domain
    const word: ControlEvidence = {
      ...{ name, method: 'operator', value: actor.type === 'operator' ? actor.user : actor.type, at: now },
      ...{ addresses: [], perspectives: [] },
    }
    yield* setDomainProof(transaction, engine, domain, word)
    yield* wakeOrders(transaction, domain.accountId, word, now)
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
