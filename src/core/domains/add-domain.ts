import type { Caller } from '../audit/caller.ts'
import type { Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, type Language } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { type Container, containers } from '../identity/container.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { ValidationType } from '../organizations/organization.ts'
import { isInternalName } from '../policy/names/internal-names.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { currentRandomValue } from '../validation/random-value.ts'
import { checkAllowedNames, checkProtectedNames } from './check-order-domains.ts'
import { type Domain, type DomainValidation, domains, type ValidationMethod } from './domain.ts'
import { organizationOfDomain } from './domain-organization.ts'
import { lockOfOthers } from './foreign-locks.ts'
import { nextDomainLook } from './look-times.ts'
import { approvalAddresses, requestApprovals } from './request-approvals.ts'
import { storeDomain } from './store-domain.ts'

export interface DomainRequest {
  /** Normal form, without a wildcard. */
  readonly name: string
  readonly organizationId: number
  /** Absent: that of the organization. */
  readonly containerId?: number
  readonly types: readonly ValidationType[]
  /** Absent: as the organization's domain has it, e-mail for a new one. */
  readonly method?: ValidationMethod
  /** `www.` before the name stays; it goes otherwise, except for files, which prove one host. */
  readonly keepsWww: boolean
  /** Addresses to ask; none: all that may approve. */
  readonly emails: readonly string[]
  readonly language: Language
}

/**
 * Submits a domain for validation. One that the organization has already is submitted again.
 * @throws Fault parameter_invalid, organization_inactive, names_internal, domain_not_allowed, domain_protected,
 *   domain_disabled
 */
export async function addDomain(
  engine: Engine,
  by: Principal,
  request: DomainRequest,
  caller: Caller,
): Promise<Domain> {
  const name = submittedName(request)
  if (isInternalName(name) && request.types.some((type) => type !== 'private_ssl')) {
    throw new Fault('names_internal', { name })
  }
  await checkEmails(engine, name, request)
  const domain = await engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    const organization = yield* organizationOfDomain(transaction, by, request.organizationId)
    const container = yield* containerOf(transaction, by, request.containerId ?? organization.containerId)
    checkAllowedNames(container, [name])
    checkProtectedNames(yield* loadPolicy(transaction, by.account.id), [name])
    if (yield* lockOfOthers(transaction, by.account.id, name, now)) {
      throw new Fault('domain_protected', { name })
    }
    const present = yield* sameDomain(transaction, by, name, organization.id)
    if (present !== undefined) {
      const renewed = yield* submitted(transaction, present, request.types, now, caller)
      const changed = withMethod(engine, renewed, request.method ?? present.method, request, now)
      yield* transaction.collection(domains).replace(changed)
      return changed
    }
    const made: Domain = {
      id: yield* transaction.collection(domains).nextId(),
      accountId: by.account.id,
      containerId: container.id,
      organizationId: organization.id,
      name,
      isActive: true,
      validations: request.types.map((type) => ({ type, createdAt: now })),
      method: 'email',
      randomValue: null,
      evidence: null,
      locking: null,
      approvalWish: null,
      wokenTo: null,
      dueAt: null,
      submittedAt: now,
      createdAt: now,
    }
    const domain = withMethod(engine, made, request.method ?? 'email', request, now)
    yield* storeDomain(transaction, domain)
    tellDomain(transaction, 'domain.created', domain, now, caller, {
      ...{ name, organizationId: organization.id, method: domain.method, types: request.types.join(' ') },
    })
    return domain
  })
  await askAsWished(engine, domain)
  return domain
}

function submittedName({ name, method, keepsWww }: DomainRequest): string {
  return name.startsWith('www.') && !keepsWww && method !== 'http-token' ? name.slice(4) : name
}

/** @throws Fault parameter_invalid for an address that may not approve for the domain */
async function checkEmails(engine: Engine, name: string, { method, emails }: DomainRequest): Promise<void> {
  if ((method ?? 'email') !== 'email' || emails.length === 0) return
  const allowed = await approvalAddresses(engine, name)
  if (emails.some((email) => !allowed.includes(email.toLowerCase()))) {
    throw new Fault('parameter_invalid', {
      parameter: 'email_array',
      reason: 'may not approve for the domain',
    })
  }
}

/**
 * A domain whose control is proven by a method from now on.
 * @param asked who is asked where that is e-mail; undefined: nobody
 */
export function withMethod(
  { random }: Pick<Engine, 'random'>,
  domain: Domain,
  method: ValidationMethod,
  asked: Pick<DomainRequest, 'emails' | 'language'> | undefined,
  now: Instant,
): Domain {
  const { randomValue } = domain
  const isByMail = method === 'email'
  const emails = (asked?.emails ?? []).map((email) => email.toLowerCase())
  const next = {
    ...domain,
    method,
    randomValue: isByMail ? randomValue : currentRandomValue(randomValue, random, now),
    approvalWish: isByMail && asked !== undefined ? { emails, language: asked.language, at: now } : null,
  }
  return { ...next, dueAt: nextDomainLook(next, now) }
}

/**
 * Makes the mails that a domain's approval waits for. The wish is kept with the domain until they are made: what fails
 * here, or whoever dies, leaves them to the background.
 */
export async function askAsWished(
  engine: Engine,
  { accountId, id, name, approvalWish }: Domain,
): Promise<void> {
  if (approvalWish === null) return
  const { emails, language, at } = approvalWish
  const subject = { accountId, domainId: id, orderId: null } as const
  await requestApprovals(
    engine,
    subject,
    [emails.length === 0 ? { name } : { name, addresses: emails }],
    language,
  )
  await engine.store.write(function* (transaction) {
    const held = yield* transaction.collection(domains).hold(accountId, id)
    if (held?.approvalWish?.at !== at) return
    yield* transaction.collection(domains).replace({ ...held, approvalWish: null })
  })
}

function* containerOf(
  transaction: Transaction,
  { account, scope }: Principal,
  id: number,
): Program<Container> {
  const container = yield* transaction.collection(containers).byId(account.id, id)
  if (container === undefined || !seesContainer(scope, id)) {
    throw new Fault('parameter_invalid', { parameter: 'container.id', reason: 'unknown container' })
  }
  return container
}

function* sameDomain(
  transaction: Transaction,
  { account }: Principal,
  name: string,
  organizationId: number,
): Program<Domain | undefined> {
  const alike = yield* transaction.collection(domains).withValue(account.id, 'name', name, 1000)
  const found = alike.find((domain) => domain.organizationId === organizationId)
  return found && (yield* transaction.collection(domains).hold(account.id, found.id))
}

/**
 * A domain with types that it is to be validated for, beside those it has.
 * @throws Fault domain_disabled
 */
export function* submitted(
  transaction: Transaction,
  domain: Domain,
  types: readonly ValidationType[],
  now: Instant,
  caller: Caller,
): Program<Domain> {
  if (!domain.isActive) throw new Fault('domain_disabled', { name: domain.name })
  const fresh: DomainValidation[] = types
    .filter((type) => !domain.validations.some((validation) => validation.type === type))
    .map((type) => ({ type, createdAt: now }))
  const changed = { ...domain, validations: [...domain.validations, ...fresh], submittedAt: now }
  yield* transaction.collection(domains).replace(changed)
  tellDomain(transaction, 'domain.changed', changed, now, caller, { submitted: types.join(' ') })
  return changed
}

/** Tells the audit log of something done to a domain. */
export function tellDomain(
  transaction: Transaction,
  action: 'domain.created' | 'domain.changed' | 'domain.deleted',
  { accountId, id }: Domain,
  at: Instant,
  caller: Caller,
  detail: Readonly<Record<string, string | number | boolean | null>>,
): void {
  transaction.record({
    action,
    at,
    actor: caller.actor,
    accountId,
    object: `domain:${id}`,
    requestId: caller.requestId,
    detail,
  })
}
