import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { isUsableProof } from '../validation/usable-evidence.ts'
import { type ControlEvidence, type Domain, domains } from './domain.ts'
import { setDomainProof } from './record-proofs.ts'

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
    if (found === undefined) throw new Fault('object_unknown', { object: 'domain' })
    const word: ControlEvidence = {
      ...{ name: found.name, method: 'operator', at: now, addresses: [], perspectives: [] },
      value: actor.type === 'operator' ? actor.user : actor.type,
    }
    const domain = yield* transaction.collection(domains).hold(found.accountId, id)
    if (domain === undefined) throw new Fault('object_unknown', { object: 'domain' })
    if (isSettled(domain, now)) return domain
    yield* setDomainProof(transaction, engine, domain, word)
    transaction.record({
      action: 'control.approved',
      at: now,
      actor,
      accountId: domain.accountId,
      object: `domain:${id}`,
      requestId: caller.requestId,
      detail: { name: domain.name, by: 'operator' },
    })
    return { ...domain, evidence: word }
  })
}

/** Whether a domain has a proof that counts already. @throws Fault domain_disabled */
function isSettled({ name, isActive, evidence }: Domain, now: Instant): boolean {
  if (!isActive) throw new Fault('domain_disabled', { name })
  return evidence !== null && isUsableProof(evidence, { name, strictness: 'public-tls', now })
}
