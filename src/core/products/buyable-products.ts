import type { ApiKeyRole } from '../accounts/account.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import { authoritiesAbove } from '../authorities/authority-chain.ts'
import { ensurePublicHierarchy, type PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import { shownName } from '../authorities/shown-name.ts'
import type { Engine } from '../engine.ts'
import { isFault } from '../faults.ts'
import { type AccountPolicy, loadPolicy } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import { visibleContainer } from '../identity/sight.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { enabledProductOf, enabledProducts } from './catalogue.ts'
import { issuersOf, knownIssuers, purposeOf } from './order-authority.ts'
import type { Product } from './product.ts'
import { limitedProduct, limitsFor, productLimitsFor } from './product-limits.ts'

/** A CA with its name and the names of those above it, root last, as their certificates have them. */
export interface NamedIssuer {
  readonly authority: AuthorityRecord
  readonly name: string
  readonly above: readonly string[]
}

/** A product as somebody may order it, with the CAs to choose from, the default first. */
export interface BuyableProduct {
  readonly product: Product
  readonly issuers: readonly NamedIssuer[]
}

/**
 * Reads what may be ordered, and makes the public CAs that are still missing for it: whoever asks is about to choose
 * one of them. Where the installation has no operator yet, there are none.
 *
 * @param read gives products, as the programs below do
 * @throws Fault what `read` and `ensurePublicHierarchy` raise
 */
export async function readWithIssuers<Found>(
  engine: Engine,
  read: (view: View) => Program<Found>,
  productsOf: (found: Found) => readonly BuyableProduct[],
  options: PublicHierarchyOptions,
): Promise<Found> {
  const found = await engine.store.read(read)
  const lacking = productsOf(found).filter(
    ({ product, issuers }) => product.issuer === 'installation' && issuers.length === 0,
  )
  const purposes = new Set(lacking.map(({ product }) => purposeOf(product.profiles)))
  if (purposes.size === 0) return found
  try {
    for (const purpose of purposes) await ensurePublicHierarchy(engine, purpose, options)
  } catch (error) {
    if (isFault(error, 'authority_unusable')) return found
    throw error
  }
  return engine.store.read(read)
}

/**
 * What somebody may order in a container; default: his own.
 * @throws Fault object_unknown for a container out of sight
 */
export function* buyableProducts(
  view: View,
  principal: Principal,
  containerId: number | undefined,
): Program<readonly BuyableProduct[]> {
  const { policy, buyer } = yield* buyerAt(view, principal, containerId)
  const limits = yield* limitsFor(view, buyer)
  const found = enabledProducts(policy).flatMap((product) =>
    limits === undefined ? product : (limitedProduct(product, limits) ?? []),
  )
  return yield* withIssuers(view, policy, found)
}

/**
 * One product as somebody may order it.
 * @throws Fault object_unknown for a container out of sight, product_unknown, product_not_allowed
 */
export function* buyableProduct(
  view: View,
  principal: Principal,
  nameId: string,
  containerId: number | undefined,
): Program<BuyableProduct> {
  const { policy, buyer } = yield* buyerAt(view, principal, containerId)
  const product = yield* productLimitsFor(view, buyer, enabledProductOf(nameId, policy))
  const [found = { product, issuers: [] }] = yield* withIssuers(view, policy, [product])
  return found
}

interface Buyer {
  readonly policy: AccountPolicy
  readonly buyer: {
    readonly accountId: AccountPolicy['accountId']
    readonly containerId: number
    readonly role: ApiKeyRole
  }
}

function* buyerAt(view: View, principal: Principal, wanted: number | undefined): Program<Buyer> {
  const { account, user } = principal
  const container = wanted ?? user.containerId
  if (wanted !== undefined) yield* visibleContainer(view, principal, wanted)
  const policy = yield* loadPolicy(view, account.id)
  return { policy, buyer: { accountId: account.id, containerId: container, role: user.role } }
}

function* withIssuers(
  view: View,
  policy: AccountPolicy,
  products: readonly Product[],
): Program<readonly BuyableProduct[]> {
  const known = yield* knownIssuers(view, policy)
  const named = new Map<AuthorityRecord, NamedIssuer>()
  for (const authority of [...known.own, ...known.installation.values()]) {
    const above = yield* authoritiesAbove(view, authority)
    named.set(authority, { authority, name: shownName(authority), above: above.map(shownName) })
  }
  return products.map((product) => ({
    product,
    issuers: issuersOf(known, product).flatMap((authority) => named.get(authority) ?? []),
  }))
}
