import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { type Domain, domains } from './domain.ts'
import { visibleDomain } from './find-domains.ts'
import { oneRun, type Pause } from './one-run.ts'
import { proofsTold, proveNames } from './prove-names.ts'
import { setDomainProof, tellCheck, wakeOrders } from './record-proofs.ts'

/**
 * Looks for a domain's random value now. Calls at the same time share one look (case D19).
 * @returns the domain with its proof
 * @throws Fault object_unknown, domain_disabled; control_method_mismatch for approval by mail; control_not_proven;
 *   store_busy
 */
export async function checkDomainControl(
  engine: Engine,
  by: Pick<Principal, 'account' | 'scope'>,
  id: number,
  caller: Caller,
  pause: Pause,
): Promise<Domain> {
  const domain = await engine.store.read((view) => visibleDomain(view, by, id))
  const { accountId, name, method, isActive } = domain
  if (!isActive) throw new Fault('domain_disabled', { name })
  if (method === 'email') throw new Fault('control_method_mismatch', { method })
  await runDomainCheck(engine, domain, caller, pause)
  const after = await engine.store.read((view) => view.collection(domains).byId(accountId, id))
  // The proof of an earlier value is no answer to the question whether this one was found.
  if (after === undefined || after.evidence?.value !== after.randomValue?.value || after.evidence === null) {
    throw new Fault('control_not_proven', { method, names: [name] })
  }
  return after
}

/** One look for a domain's value, whoever asks for it. @param pause undefined: does not wait for another process */
export async function runDomainCheck(
  engine: Engine,
  domain: Domain,
  caller: Caller,
  pause: Pause | undefined,
): Promise<void> {
  await oneRun(engine, `control:domain:${domain.id}`, () => lookForDomain(engine, domain, caller), pause)
}

/** What is found is stored with the audit event that tells of it. */
async function lookForDomain(engine: Engine, domain: Domain, caller: Caller): Promise<void> {
  const { id, accountId, name, method, randomValue } = domain
  if (method === 'email' || randomValue === null) return
  const proofs = await proveNames(engine, { method, randomValue, names: [name], scope: 'fqdn' })
  const evidence = proofs.flatMap((proof) => proof.evidence ?? [])[0]
  await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    if (evidence !== undefined) {
      yield* setDomainProof(transaction, engine, domain, evidence)
      yield* wakeOrders(transaction, accountId, evidence, now)
    }
    tellCheck(transaction, now, caller, {
      ...{ accountId, object: `domain:${id}`, method, value: randomValue.value, found: proofsTold(proofs) },
    })
  })
}
