import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { advanceOrder } from '../orders/advance-order.ts'
import { type Domain, domains } from './domain.ts'
import { visibleDomain } from './find-domains.ts'
import { oneRun, type Pause } from './one-run.ts'
import { proofsTold, proveNames } from './prove-names.ts'
import { setDomainProof, tellCheck } from './record-proofs.ts'
import { wakeSomeOrders } from './wake-orders.ts'

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
  return checkFoundDomain(engine, domain, caller, pause)
}

/**
 * The same for a domain of any account: for the operator.
 * @throws as `checkDomainControl`
 */
export async function checkAnyDomain(
  engine: Engine,
  id: number,
  caller: Caller,
  pause: Pause,
): Promise<Domain> {
  const domain = await engine.store.read((view) => view.collection(domains).anyById(id))
  if (domain === undefined) throw new Fault('object_unknown', { object: 'domain' })
  return checkFoundDomain(engine, domain, caller, pause)
}

async function checkFoundDomain(
  engine: Engine,
  domain: Domain,
  caller: Caller,
  pause: Pause,
): Promise<Domain> {
  const { id, accountId, name, method, isActive } = domain
  if (!isActive) throw new Fault('domain_disabled', { name })
  if (method === 'email') throw new Fault('control_method_mismatch', { method })
  await runDomainCheck(engine, domain, caller, pause)
  const after = await engine.store.read((view) => view.collection(domains).byId(accountId, id))
  // The proof of an earlier value is no answer to the question whether this one was found.
  if (after === undefined || after.evidence === null || after.evidence.value !== after.randomValue?.value) {
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
    tellCheck(transaction, now, caller, {
      ...{ accountId, object: `domain:${id}`, method, value: randomValue.value, found: proofsTold(proofs) },
    })
    if (evidence !== undefined) yield* setDomainProof(transaction, engine, domain, evidence)
  })
  const woken = evidence === undefined ? undefined : await wakeSomeOrders(engine, domain)
  for (const order of (woken ?? []).slice(0, advancedAtOnce)) await advance(engine, accountId, order, caller)
}

/** Whoever has a domain checked may look at the order that waits for it right after; more are the background's. */
const advancedAtOnce = 10

/** What stands in the way of an order is no answer to the check of a domain. */
async function advance(
  engine: Engine,
  accountId: Domain['accountId'],
  order: number,
  caller: Caller,
): Promise<void> {
  try {
    await advanceOrder(engine, accountId, order, caller)
  } catch (error) {
    if (!isFault(error)) throw error
    engine.log.warn({ order, fault: error.code }, 'an order could not go on after the check of its domain')
  }
}
