import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, type Language } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import type { ValidationType } from '../organizations/organization.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { newRandomValue } from '../validation/random-value.ts'
import { askAsWished, submitted, tellDomain, withMethod } from './add-domain.ts'
import { approvalMails } from './approval-mail.ts'
import { type Domain, domains, type RandomValue, type ValidationMethod } from './domain.ts'
import { organizationOfDomain } from './domain-organization.ts'
import { visibleDomain } from './find-domains.ts'
import { nextDomainLook } from './look-times.ts'
import { mailsOf, requestApprovals } from './request-approvals.ts'
import { beforeAllOrders, isWaking } from './wake-orders.ts'

type Seeker = Pick<Principal, 'account' | 'scope'>

/**
 * Lets a domain be ordered or not. While it is deactivated its proof counts for nothing.
 * @throws Fault object_unknown
 */
export async function setDomainActive(
  engine: Engine,
  by: Seeker,
  id: number,
  isActive: boolean,
  caller: Caller,
): Promise<void> {
  await change(engine, by, id, function* (transaction, domain, now) {
    tellDomain(transaction, 'domain.changed', domain, now, caller, { isActive })
    const changed = { ...domain, isActive, wokenTo: isActive ? beforeAllOrders : null }
    return { ...changed, dueAt: isWaking(changed) ? now : nextDomainLook(changed, now) }
  })
}

/**
 * Deletes a domain with its proof and its mails. What was issued stays.
 * @throws Fault object_unknown
 */
export async function deleteDomain(engine: Engine, by: Seeker, id: number, caller: Caller): Promise<void> {
  await engine.store.write(function* (transaction) {
    const domain = yield* visibleDomain(transaction, by, id)
    const { accountId } = domain
    for (const mail of yield* mailsOf(transaction, { accountId, domainId: id, orderId: null })) {
      yield* transaction.collection(approvalMails).remove(accountId, mail.id)
    }
    yield* transaction.collection(domains).remove(accountId, id)
    tellDomain(transaction, 'domain.deleted', domain, engine.clock.now(), caller, { name: domain.name })
  })
}

/**
 * Submits a domain for more, or once more.
 * @throws Fault object_unknown, domain_disabled, organization_inactive; parameter_invalid
 */
export async function submitDomain(
  engine: Engine,
  by: Seeker,
  id: number,
  wish: {
    readonly types: readonly ValidationType[]
    /** Absent: as before. */
    readonly method?: ValidationMethod
    readonly language: Language
  },
  caller: Caller,
): Promise<Domain> {
  const domain = await change(engine, by, id, function* (transaction, present, now) {
    yield* organizationOfDomain(transaction, by, present.organizationId)
    const renewed = yield* submitted(transaction, present, wish.types, now, caller)
    return withMethod(engine, renewed, wish.method ?? present.method, { ...wish, emails: [] }, now)
  })
  await askAsWished(engine, domain)
  return domain
}

/**
 * Has control proven by another method from now on. A change to e-mail sends mails unless told not to; e-mail once
 * more sends none.
 *
 * @throws Fault object_unknown
 */
export async function changeDomainMethod(
  engine: Engine,
  by: Seeker,
  id: number,
  {
    method,
    language,
    sendsMails,
  }: {
    readonly method: ValidationMethod
    readonly language: Language
    readonly sendsMails: boolean
  },
  caller: Caller,
): Promise<Domain> {
  const domain = await change(engine, by, id, function* (transaction, present, now) {
    tellDomain(transaction, 'domain.changed', present, now, caller, { method })
    if (method === 'email' && present.method === 'email') return present
    return withMethod(engine, present, method, sendsMails ? { language, emails: [] } : undefined, now)
  })
  await askAsWished(engine, domain)
  return domain
}

/**
 * Gives a domain a new random value; the old one proves nothing any more.
 * @throws Fault object_unknown; control_method_mismatch for approval by mail
 */
export async function renewDomainValue(
  engine: Engine,
  by: Seeker,
  id: number,
  caller: Caller,
): Promise<Domain & { readonly randomValue: RandomValue }> {
  const randomValue = newRandomValue(engine.random, engine.clock.now())
  const changed = await change(engine, by, id, function* (transaction, domain, now) {
    const { method } = domain
    if (method === 'email') throw new Fault('control_method_mismatch', { method })
    tellDomain(transaction, 'domain.changed', domain, now, caller, { valueUntil: randomValue.expiresAt })
    const renewed = { ...domain, randomValue }
    return { ...renewed, dueAt: nextDomainLook(renewed, now) }
  })
  return { ...changed, randomValue }
}

/**
 * Sends the approval mails of a domain once more.
 * @throws Fault object_unknown; control_method_mismatch where control is not approved by mail
 */
export async function resendDomainMails(
  engine: Engine,
  by: Seeker,
  id: number,
  language: Language,
): Promise<void> {
  const domain = await engine.store.read((view) => visibleDomain(view, by, id))
  if (domain.method !== 'email') throw new Fault('control_method_mismatch', { method: domain.method })
  const subject = { accountId: domain.accountId, domainId: id, orderId: null } as const
  await requestApprovals(engine, subject, [{ name: domain.name }], language, 'again')
}

/** @throws Fault object_unknown */
function change(
  { clock, store }: Engine,
  by: Seeker,
  id: number,
  work: (transaction: Transaction, domain: Domain, now: Instant) => Program<Domain>,
): Promise<Domain> {
  return store.write(function* (transaction) {
    yield* visibleDomain(transaction, by, id)
    const held = yield* transaction.collection(domains).hold(by.account.id, id)
    if (held === undefined) throw new Fault('object_unknown', { object: 'domain' })
    const changed = yield* work(transaction, held, clock.now())
    yield* transaction.collection(domains).replace(changed)
    return changed
  })
}
