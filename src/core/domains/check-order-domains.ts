import type { Strictness } from '../authorities/authority.ts'
import type { AccountId, Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import type { Container } from '../identity/container.ts'
import { isBelowSuffix } from '../policy/names/internal-names.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { baseOf } from '../validation/methods.ts'
import { usableEvidence } from '../validation/usable-evidence.ts'
import type { Domain } from './domain.ts'
import { domainsAround, namesAbove } from './find-domains.ts'
import { lockOfOthers } from './foreign-locks.ts'

/** S/MIME Baseline Requirements 4.2.1: a validated domain answers for mailboxes for 398 days. */
const mailboxReuseDays = 398

export interface OrderDomainsWish {
  readonly accountId: AccountId
  readonly container: Pick<Container, 'allowedDomainNames'>
  readonly policy: Pick<AccountPolicy, 'protectedNames'>
  /** Host names, wildcards and addresses in normal form. */
  readonly names: readonly string[]
  /** That of the issuing CA; locks of other accounts bind public certificates only. Default `public-tls`. */
  readonly strictness?: Strictness
  /** False when the account is known to have no domain. Default true. */
  readonly hasDomains?: boolean
  /** Whether locks of other accounts still hold is a question of time. */
  readonly now: Instant
}

/**
 * Whether the account may order these names at all.
 * @throws Fault domain_disabled for a name whose nearest domain of the account is deactivated, domain_not_allowed
 *   outside the container's domains, domain_protected for names that the account's policy or another account's lock
 *   keeps from being ordered
 */
export function* checkOrderDomains(view: Pick<View, 'collection'>, wish: OrderDomainsWish): Program<void> {
  const { accountId, container, policy, names, strictness = 'public-tls', hasDomains = true, now } = wish
  const bases = names.map(baseOf)
  const around = hasDomains ? yield* domainsAround(view, accountId, bases) : []
  for (const name of bases) {
    if (isDisabled(name, around)) throw new Fault('domain_disabled', { name })
  }
  checkAllowedNames(container, bases)
  checkProtectedNames(policy, bases)
  if (strictness === 'private-tls') return
  for (const name of bases) {
    if (yield* lockOfOthers(view, accountId, name, now)) throw new Fault('domain_protected', { name })
  }
}

/** @throws Fault domain_not_allowed */
export function checkAllowedNames(
  { allowedDomainNames }: Pick<Container, 'allowedDomainNames'>,
  names: readonly string[],
): void {
  if (allowedDomainNames.length === 0) return
  const outside = names.find((name) => !isBelowSuffix(name, allowedDomainNames))
  if (outside !== undefined) throw new Fault('domain_not_allowed', { name: outside })
}

/** @throws Fault domain_protected */
export function checkProtectedNames(
  { protectedNames }: Pick<AccountPolicy, 'protectedNames'>,
  names: readonly string[],
): void {
  const kept = names.find((name) => isBelowSuffix(name, protectedNames))
  if (kept !== undefined) throw new Fault('domain_protected', { name: kept })
}

/** The nearest domain decides; where several organizations have it, one that is active is enough. */
function isDisabled(name: string, around: readonly Domain[]): boolean {
  for (const above of namesAbove(name)) {
    const nearest = around.filter((domain) => domain.name === above)
    if (nearest.length > 0) return nearest.every(({ isActive }) => !isActive)
  }
  return false
}

export interface EmailDomainsWish {
  readonly accountId: AccountId
  /** Null: the certificate names no organization, so none has to answer for the address. */
  readonly organizationId: number | null
  readonly emails: readonly string[]
  readonly now: Instant
}

/**
 * Whether each address lies under a domain that is validated for the organization.
 * @throws Fault email_domain_not_validated
 */
export function* checkEmailDomains(view: Pick<View, 'collection'>, wish: EmailDomainsWish): Program<void> {
  const { accountId, organizationId, emails, now } = wish
  if (organizationId === null) return
  const hosts = emails.map((email) => email.slice(email.lastIndexOf('@') + 1).toLowerCase())
  const around = yield* domainsAround(view, accountId, hosts)
  const own = around.filter((domain) => domain.organizationId === organizationId)
  for (const [index, name] of hosts.entries()) {
    // The lifetimes of TLS proofs are not those of mailboxes.
    const asked = {
      accountId,
      name,
      strictness: 'private-tls',
      now,
      configuredReuseDays: mailboxReuseDays,
    } as const
    if (!own.some((domain) => usableEvidence(domain, asked) !== undefined)) {
      throw new Fault('email_domain_not_validated', { email: emails[index] ?? '' })
    }
  }
}
