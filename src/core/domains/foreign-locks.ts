import type { AccountId, Instant } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { usableEvidence } from '../validation/usable-evidence.ts'
import { type Domain, domains } from './domain.ts'
import { namesAbove } from './find-domains.ts'

/** Accounts that lock the same domain; one is enough, and its control has to be proven. */
const mostLocks = 100

/** Whether another account has locked a domain that the name belongs to. */
export function* lockOfOthers(
  view: Pick<View, 'collection'>,
  account: AccountId,
  name: string,
  now: Instant,
): Program<boolean> {
  for (const above of namesAbove(name)) {
    const locked = yield* view.collection(domains).anyBetween('locked_name', above, above, 0, mostLocks)
    if (locked.some((domain) => domain.accountId !== account && isLockInForce(domain, now))) return true
  }
  return false
}

/** A lock holds while its account's control over the domain is proven. */
export function isLockInForce(domain: Domain, now: Instant): boolean {
  const { accountId, name, locking } = domain
  if (locking?.status !== 'enabled') return false
  return usableEvidence(domain, { accountId, name, strictness: 'public-tls', now }) !== undefined
}
