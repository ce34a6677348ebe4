import type { AuthorityRecord } from '../authorities/authority.ts'
import { issuesLeaves } from '../authorities/issues-leaves.ts'
import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import type { Program } from '../store/program.ts'
import type { Store, View } from '../store/store.ts'

/** What an account's policy says about CAs. */
export type AuthorityPolicy = Pick<AccountPolicy, 'accountId' | 'privateCa' | 'privateCaDefault'>

/** The CAs of an account that issue its private products, the default first. */
export function* ownIssuers(
  view: Pick<View, 'authorities'>,
  { accountId, privateCa }: AuthorityPolicy,
): Program<readonly AuthorityRecord[]> {
  if (!privateCa) return []
  const issuing = (yield* view.authorities.ofAccount(accountId)).filter(isForOrders)
  const isDefault = ({ origin }: AuthorityRecord) => origin === 'installation'
  return [...issuing.filter(isDefault), ...issuing.filter((authority) => !isDefault(authority))]
}

interface Remembered {
  readonly epoch: number
  readonly issuers: readonly AuthorityRecord[]
}

/** Accounts that are remembered of one store; more of them begin anew. */
const MOST_ACCOUNTS = 1_000

const stores = new WeakMap<Store, Map<AccountId, Remembered>>()

/**
 * The CAs of an account as `ownIssuers` reads them, read once in an epoch of the configuration. A CA that was closed
 * or made meanwhile by another process is seen within a second; issuance looks again before it reserves anything.
 */
export async function rememberedIssuers(
  { store }: Pick<Engine, 'store'>,
  policy: AuthorityPolicy,
): Promise<readonly AuthorityRecord[]> {
  if (!policy.privateCa) return []
  const accounts = stores.get(store) ?? new Map<AccountId, Remembered>()
  stores.set(store, accounts)
  const epoch = store.configurationEpoch()
  const known = accounts.get(policy.accountId)
  if (known?.epoch === epoch) return known.issuers
  const issuers = await store.read((view) => ownIssuers(view, policy))
  // What was read before a change must not outlive it.
  if (store.configurationEpoch() !== epoch) return issuers
  if (accounts.size >= MOST_ACCOUNTS) accounts.clear()
  accounts.set(policy.accountId, { epoch, issuers })
  return issuers
}

/** CAs made at the TinyCert face follow other rules: free common names, revocation that can be taken back. */
function isForOrders(authority: AuthorityRecord): boolean {
  const { role, origin, strictness, status } = authority
  const isOurs = role === 'issuing' && origin !== 'tinycert' && strictness === 'private-tls'
  return isOurs && status === 'active' && issuesLeaves(authority)
}
