import type { AuthorityRecord } from '../authorities/authority.ts'
import {
  ensurePublicHierarchy,
  type PublicHierarchyOptions,
  publicIssuers,
} from '../authorities/public-hierarchy.ts'
import type { AuthorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { PublicPurpose } from '../profiles/public-authorities.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type AuthorityPolicy, ownIssuers, rememberedIssuers } from './own-issuers.ts'
import type { Product, ProfileFamily } from './product.ts'

/**
 * The CAs that may issue a product for an account, its default first: one of the public hierarchy, or the account's
 * own. Empty where a private product has none.
 * @throws Fault what `ensurePublicHierarchy` raises
 */
export async function allowedAuthorities(
  engine: Engine,
  policy: AuthorityPolicy,
  product: Product,
  options: PublicHierarchyOptions,
): Promise<readonly AuthorityRecord[]> {
  if (product.issuer === 'installation') {
    const { issuing } = await ensurePublicHierarchy(engine, purposeOf(product.profiles), options)
    return [issuing]
  }
  return rememberedIssuers(engine, policy)
}

/** Every CA that issues orders of an account, as far as it has been made. */
export interface KnownIssuers {
  readonly own: readonly AuthorityRecord[]
  readonly installation: ReadonlyMap<PublicPurpose, AuthorityRecord>
}

export function* knownIssuers(view: View, policy: AuthorityPolicy): Program<KnownIssuers> {
  return { own: yield* ownIssuers(view, policy), installation: yield* publicIssuers(view) }
}

/** Those of them that issue a product, its default first. Asking makes no CA. */
export function issuersOf({ own, installation }: KnownIssuers, product: Product): readonly AuthorityRecord[] {
  if (product.issuer === 'account') return own
  const issuer = installation.get(purposeOf(product.profiles))
  return issuer === undefined ? [] : [issuer]
}

/**
 * The CA that issues an order of a product.
 * @param wished what the order chose; null: the default
 * @throws Fault private_authority_absent; authority_choice_missing where several of the account's CAs could issue it
 *   and none is the default, or the default was cleared; authority_choice_invalid for any other CA; what
 *   `ensurePublicHierarchy` raises
 */
export async function orderAuthority(
  engine: Engine,
  policy: AuthorityPolicy,
  product: Product,
  wished: AuthorityId | null,
  options: PublicHierarchyOptions,
): Promise<AuthorityRecord> {
  const allowed = await allowedAuthorities(engine, policy, product, options)
  const [first, second] = allowed
  if (first === undefined) throw new Fault('private_authority_absent', {})
  if (wished !== null) {
    const chosen = allowed.find(({ id }) => id === wished)
    if (chosen === undefined) throw new Fault('authority_choice_invalid', {})
    return chosen
  }
  if (product.issuer === 'account' && !policy.privateCaDefault) {
    throw new Fault('authority_choice_missing', { product: product.nameId })
  }
  // The one CA there is, or the one that came with the account.
  if (second === undefined || (first.origin === 'installation' && second.origin !== 'installation'))
    return first
  throw new Fault('authority_choice_missing', { product: product.nameId })
}

/** Which public hierarchy has the purposes that profiles of a family state. */
export function purposeOf(family: ProfileFamily): PublicPurpose {
  switch (family) {
    case 'tls-dv':
    case 'tls-ov':
    case 'tls-ev':
    case 'private-tls':
    case 'grid-host':
    case 'grid-robot':
      return 'tls'
    case 'client-authentication':
    case 'private-client':
    case 'smime-mailbox':
    case 'smime-organization':
    case 'smime-sponsor':
    case 'smime-signature':
      return 'mail'
    case 'code-signing':
    case 'code-signing-ev':
      return 'code'
    case 'document-signing':
      return 'document'
  }
}
