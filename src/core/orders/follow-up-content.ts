import type { AuthorityRecord } from '../authorities/authority.ts'
import { authorityByCaCertId } from '../authorities/ca-cert-id.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { allowedAuthorities, orderAuthority } from '../products/order-authority.ts'
import type { Product, SignatureHash } from '../products/product.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import type { FollowUpFacts } from './follow-up-facts.ts'
import { profileOf } from './issue-order-certificate.ts'
import type { OrderContent, ValidityWish } from './order.ts'
import { certificateValidity } from './validity.ts'

/** Another certificate of an order as it was asked for. Null: as the present one has it. */
export interface FollowUpWish {
  readonly commonName: string | null
  readonly dnsNames: readonly string[] | null
  /** In any form that `decodeLenientCsr` takes. */
  readonly csr: string
  readonly signatureHash: SignatureHash | null
  readonly serverPlatformId: number | null
  readonly organizationUnits: readonly string[] | null
  /** Name of the CA as `caCertId` gives it. */
  readonly caCertId: string | null
  readonly validity: ValidityWish | null
  readonly skipApproval: boolean
  /** For the approver. */
  readonly comments: string
}

/** Who certifies it, and under which rules. */
export interface FollowUpIssuer {
  readonly authority: AuthorityRecord
  readonly issuer: Issuer
  readonly profile: LeafProfile
  /** As it is kept: null for the product's default. */
  readonly authorityId: AuthorityId | null
}

/**
 * The CA that a certificate comes from: the one that is asked for, or that the order chose, or the product's.
 * @throws Fault private_authority_absent, authority_choice_missing, authority_choice_invalid
 */
export async function followUpIssuer(
  engine: Engine,
  { policy, product, primary }: FollowUpFacts,
  caCertId: string | null,
  options: PublicHierarchyOptions,
): Promise<FollowUpIssuer> {
  const { content } = primary
  let authorityId = content.authorityId
  if (caCertId !== null) {
    const chosen = authorityByCaCertId(await allowedAuthorities(engine, policy, product, options), caCertId)
    if (chosen === undefined) throw new Fault('authority_choice_invalid', {})
    authorityId = chosen.id
  }
  const authority = await orderAuthority(engine, policy, product, authorityId, options)
  const issuer = await engine.directory.issuer(authority.id)
  return { authority, issuer, profile: profileOf(product, content), authorityId }
}

/** @throws Fault parameter_invalid for a hash the product does not have */
export function checkSignatureHash(
  { nameId, signatureHashes }: Pick<Product, 'nameId' | 'signatureHashes'>,
  hash: SignatureHash,
): void {
  if (signatureHashes.includes(hash)) return
  const reason = `${nameId} has ${signatureHashes.join(', ')}`
  throw new Fault('parameter_invalid', { parameter: 'certificate.signature_hash', reason })
}

/** What the validity of another certificate is judged by. */
export interface FollowUpValidity {
  readonly facts: FollowUpFacts
  readonly profile: LeafProfile
  /** The end of what is left. */
  readonly validUntil: Instant
}

/**
 * The wish for a validity as it is kept. Without one, the wish of the present certificate goes on as far as it still
 * fits into what is left of the order, because callers leave out what is to stay as it is.
 *
 * @throws Fault order_validity_exceeded, parameter_invalid
 */
export function followUpValidity(
  engine: Pick<Engine, 'clock' | 'settings'>,
  wish: ValidityWish | null,
  { facts, profile, validUntil }: FollowUpValidity,
): ValidityWish | null {
  const rules = {
    product: facts.product,
    profile,
    now: engine.clock.now(),
    backdateMs: engine.settings.backdateMs,
    validUntil,
    parameter: 'certificate.cert_validity',
  }
  if (wish !== null) {
    certificateValidity(wish, rules)
    return wish
  }
  const carried = facts.primary.content.validity
  try {
    certificateValidity(carried, rules)
    return carried
  } catch (error) {
    // Yesterday's wish reaches beyond what is left today, or its date is over.
    if (isFault(error, 'order_validity_exceeded') || isFault(error, 'parameter_invalid')) return null
    throw error
  }
}

/** Everything about a certificate but its names, its CSR and its validity. */
export function carriedContent(
  { primary: { content } }: Pick<FollowUpFacts, 'primary'>,
  wish: FollowUpWish,
  { authorityId }: Pick<FollowUpIssuer, 'authorityId'>,
): Omit<OrderContent, 'commonName' | 'dnsNames' | 'emails' | 'csr' | 'validity'> {
  return {
    signatureHash: wish.signatureHash ?? content.signatureHash,
    serverPlatformId: wish.serverPlatformId ?? content.serverPlatformId,
    organizationUnits: wish.organizationUnits ?? content.organizationUnits,
    authorityId,
    mostDays: content.mostDays,
    profileOption: content.profileOption,
    mail: content.mail,
  }
}
