import type { AccountId } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { type Domain, domains } from './domain.ts'

/** Whether an account has any domain. That it has none is remembered until the configuration changes. */
export function* hasDomains(view: Pick<View, 'collection'>, accountId: AccountId): Program<boolean> {
  const [any] = yield* view.collection(domains).withAny(accountId, 'is_active', [0, 1], 1)
  return any !== undefined
}

/**
 * Stores a domain that was submitted; false when its organization has it already. The first one of an account is a
 * change of the configuration: orders of accounts without domains look none up.
 */
export function* storeDomain(transaction: Transaction, domain: Domain): Program<boolean> {
  const isFirst = !(yield* hasDomains(transaction, domain.accountId))
  const isStored = yield* transaction.collection(domains).insert(domain)
  if (isStored && isFirst) transaction.configurationChanged()
  return isStored
}
