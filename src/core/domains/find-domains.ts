import { parseIpAddress } from '../../pki/ip-addresses.ts'
import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { baseOf } from '../validation/methods.ts'
import { type Domain, domains } from './domain.ts'

/** This many names are looked up at once, which costs no counting. */
const fewNames = 6
const namesAtOnce = 500
/** Organizations of one account that submitted the same domain. */
const mostAlike = 100

/**
 * The domains a name can belong to: the name and those above it, nearest first, top-level domains left out. An
 * address belongs to itself.
 * @param name normal form; of a wildcard the part below the asterisk
 */
export function namesAbove(name: string): readonly string[] {
  const base = baseOf(name)
  if (parseIpAddress(base) !== undefined) return [base]
  const labels = base.split('.')
  const above = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  return above.length === 0 ? [base] : above
}

/** The account's domains that some of the names belong to, deactivated ones too. */
export function* domainsAround(
  view: Pick<View, 'collection'>,
  account: AccountId,
  names: readonly string[],
): Program<readonly Domain[]> {
  const wanted = [...new Set(names.flatMap(namesAbove))]
  const reads = view.collection(domains)
  const found: Domain[] = []
  if (wanted.length <= fewNames) {
    return yield* reads.withAny(account, 'name', wanted, fewNames * mostAlike)
  }
  for (let start = 0; start < wanted.length; start += namesAtOnce) {
    const values = wanted.slice(start, start + namesAtOnce)
    for (let offset = 0; ; ) {
      const where = [{ column: 'name', is: 'any-of', values }] as const
      const { items } = yield* reads.list({ accountId: account, where, offset, limit: 1000 })
      found.push(...items)
      offset += items.length
      if (items.length < 1000) break
    }
  }
  return found
}

/** @throws Fault object_unknown for a domain that does not exist or is out of sight */
export function* visibleDomain(
  view: Pick<View, 'collection'>,
  { account, scope }: Pick<Principal, 'account' | 'scope'>,
  id: number,
): Program<Domain> {
  const domain = yield* view.collection(domains).byId(account.id, id)
  if (domain === undefined || !seesContainer(scope, domain.containerId)) {
    throw new Fault('object_unknown', { object: 'domain' })
  }
  return domain
}
