import type { Caller } from '../audit/caller.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { Step } from '../faults-together.ts'
import type { Principal } from '../identity/principal.ts'
import type { OnceBinding } from '../limits/once.ts'
import { isBelowSuffix } from '../policy/names/internal-names.ts'
import { isWildcard } from '../products/names/order-name.ts'
import { wwwTwin } from '../products/names/www-twin.ts'
import type { Product } from '../products/product.ts'
import { baseOf } from '../validation/methods.ts'
import { checkOrderCsr, orderCsr } from './check-order-csr.ts'
import { carryOutFollowUp, type FollowUp, type FollowUpOutcome, followUpRequest } from './follow-up.ts'
import {
  carriedContent,
  checkSignatureHash,
  type FollowUpIssuer,
  type FollowUpWish,
  followUpIssuer,
  followUpValidity,
} from './follow-up-content.ts'
import {
  type FollowUpFacts,
  hasEnded,
  judgeDomains,
  loadFollowUpFacts,
  requireActiveOrganization,
} from './follow-up-facts.ts'
import type { OrderContent, ValidityWish } from './order.ts'
import { requireRoom } from './order-changes/order-certificates.ts'
import { type OrderedNames, orderedNames } from './order-names.ts'

/**
 * Issues another certificate of an order over another key, beside the one that counts and with its end. Its names are
 * the order's; another of them may be the common name, and a wildcard may be joined by names below it.
 *
 * @throws Fault object_unknown; duplicate_not_eligible; about product and CA as `reissueOrder`;
 *   duplicate_common_name, duplicate_name_foreign, duplicate_name_missing; about names, CSR and CAA as `reissueOrder`
 */
export async function duplicateOrder(
  engine: Engine,
  by: Principal,
  reference: string,
  wish: FollowUpWish,
  { binding, ...options }: PublicHierarchyOptions & { readonly binding: OnceBinding },
  caller: Caller,
): Promise<FollowUpOutcome> {
  const now = engine.clock.now()
  const facts = await engine.store.read(function* (view) {
    const found = yield* loadFollowUpFacts(view, by, reference, now)
    yield* requireRoom(view, engine, found.order, 'duplicate')
    return found
  })
  const end = requireDuplicable(facts, now)
  if (wish.signatureHash !== null) checkSignatureHash(facts.product, wish.signatureHash)
  const issuer = await followUpIssuer(engine, facts, wish.caCertId, options)
  const validity = validityOf(engine, wish.validity, facts, issuer, end)
  const names = duplicateNames(facts, writtenNames(engine, facts, wish, issuer))
  const authorized = await engine.store.read((view) => judgeDomains(view, facts, names, now))
  const csr = orderCsr(facts.product, wish.csr, facts.order.provisioning)
  await checkOrderCsr(engine, issuer.issuer, csr)
  const followUp: FollowUp = {
    facts,
    kind: 'duplicate',
    content: { ...carriedContent(facts, wish, issuer), ...names, csr, validity },
    authority: issuer.authority,
    names: authorized,
    changes: () => ({}),
    request: followUpRequest(facts, 'duplicate', by, wish, now),
  }
  return carryOutFollowUp(engine, followUp, binding, caller)
}

/**
 * Whether the order may have duplicates now.
 * @returns the end of the certificate that counts, in which they end, too
 * @throws Fault duplicate_not_eligible, organization_inactive
 */
function requireDuplicable(facts: FollowUpFacts, now: number): number {
  const { order, primary, product } = facts
  const isLive = order.status === 'issued' && !hasEnded(order, now)
  const { issued, status } = primary
  if (!product.duplicates || !isLive || status !== 'issued' || issued === null || now > issued.notAfter) {
    throw new Fault('duplicate_not_eligible', {})
  }
  requireActiveOrganization(facts)
  return issued.notAfter
}

/** Null: it ends with the certificate that counts. */
function validityOf(
  engine: Engine,
  wish: ValidityWish | null,
  facts: FollowUpFacts,
  { profile }: FollowUpIssuer,
  validUntil: number,
): ValidityWish | null {
  return wish === null ? null : followUpValidity(engine, wish, { facts, profile, validUntil })
}

/**
 * The names as they were asked for, in normal form. Which shapes the product takes was judged when the order was
 * placed; a duplicate may begin with any of its names.
 */
function writtenNames(
  engine: Engine,
  { product, primary: { content } }: FollowUpFacts,
  { commonName, dnsNames, organizationUnits }: FollowUpWish,
  { profile, issuer }: FollowUpIssuer,
): OrderedNames {
  const written = {
    commonName: commonName ?? content.commonName,
    dnsNames: dnsNames ?? content.dnsNames,
    emails: content.emails,
    organizationUnits: organizationUnits ?? content.organizationUnits,
  }
  return orderedNames(engine, written, { product: ofAnyShape(product), profile, issuer })
}

function ofAnyShape(product: Product): Product {
  const { names } = product
  if (names.of !== 'hosts') return product
  const maximum = Math.max(names.maximum, 2)
  return { ...product, names: { of: 'hosts', shape: 'flex', wildcards: true, maximum } }
}

/**
 * Holds the names of a duplicate against those of its order.
 * @returns all of them: with the free twin, which nobody has to ask for
 * @throws Fault, or Faults when several names are wrong: duplicate_common_name, duplicate_name_foreign,
 *   duplicate_name_missing
 */
function duplicateNames({ primary, product }: FollowUpFacts, asked: OrderedNames): OrderedNames {
  const { content } = primary
  if (product.names.of !== 'hosts') {
    if (asked.commonName === content.commonName) return asked
    throw new Fault('duplicate_common_name', { name: asked.commonName })
  }
  const own = new Set(content.dnsNames)
  const wildcards = content.dnsNames.filter(isWildcard).map(baseOf)
  const added = asked.dnsNames.filter((name) => !own.has(name))
  const listed = new Set(asked.dnsNames)
  const step = new Step()
  step.check(() => refuseAny('duplicate_common_name', own.has(asked.commonName) ? [] : [asked.commonName]))
  step.check(() =>
    refuseAny(
      'duplicate_name_foreign',
      added.filter(
        (name) => name !== asked.commonName && (isWildcard(name) || !isBelowSuffix(name, wildcards)),
      ),
    ),
  )
  step.check(() =>
    refuseAny(
      'duplicate_name_missing',
      content.dnsNames.filter((name) => !listed.has(name) && !isFree(name, content)),
    ),
  )
  step.end()
  const others = content.dnsNames.filter((name) => name !== asked.commonName)
  return { ...asked, dnsNames: [asked.commonName, ...others, ...added] }
}

/** @throws Fault about the first of the names */
function refuseAny(
  code: 'duplicate_common_name' | 'duplicate_name_foreign' | 'duplicate_name_missing',
  [name]: readonly string[],
): void {
  if (name !== undefined) throw new Fault(code, { name })
}

/** The `www` pair of the common name: whoever ordered one of the two was given the other. */
function isFree(name: string, { commonName }: Pick<OrderContent, 'commonName'>): boolean {
  return name === wwwTwin(commonName)
}
