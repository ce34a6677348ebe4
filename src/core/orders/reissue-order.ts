import type { Caller } from '../audit/caller.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { ValidationMethod } from '../domains/domain.ts'
import { type ApproverWish, chooseApprovers, newOrderControl } from '../domains/order-control.ts'
import type { OrderControl } from '../domains/order-control-record.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type CustomFieldValue, checkCustomFieldValues } from '../identity/custom-field-values.ts'
import type { Principal } from '../identity/principal.ts'
import type { OnceBinding } from '../limits/once.ts'
import { checkMethod } from '../products/names/check-method.ts'
import { wwwTwin } from '../products/names/www-twin.ts'
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
import type { Order, OrderContent } from './order.ts'
import { requireRoom } from './order-changes/order-certificates.ts'
import { checkCtChoice } from './order-changes/set-ct.ts'
import { type OrderedNames, orderedNames } from './order-names.ts'

/** A reissue as it was asked for. Null: as the order has it. */
export interface ReissueWish extends FollowUpWish {
  readonly disableCt: boolean | null
  readonly method: ValidationMethod | null
  readonly controlScope: Order['controlScope']
  readonly approvers: readonly ApproverWish[]
  readonly customFields: readonly CustomFieldValue[]
  readonly provisioning: Order['provisioning'] | null
  readonly shipTo: Order['shipTo']
  /** It stands beside the present certificate instead of taking its place. */
  readonly isStoredAsDuplicate: boolean
}

/**
 * Issues the next certificate of an order, with another key, other names, or both; it takes the place of the one that
 * counted, which stays valid until somebody revokes it. Of any number of calls at the same time one goes through.
 *
 * @throws Fault object_unknown; reissue_pending; state_refused for an order that is not issued, is over, or has as many
 *   reissues as it can have; duplicate_not_eligible for one more that is to be stored as a duplicate; in this
 *   order those about product and CA, names and domains, CSR, custom fields, CAA
 */
export async function reissueOrder(
  engine: Engine,
  by: Principal,
  reference: string,
  wish: ReissueWish,
  { binding, ...options }: PublicHierarchyOptions & { readonly binding: OnceBinding },
  caller: Caller,
): Promise<FollowUpOutcome> {
  const now = engine.clock.now()
  const kind = wish.isStoredAsDuplicate ? 'duplicate' : 'reissue'
  const facts = await engine.store.read(function* (view) {
    const found = yield* loadFollowUpFacts(view, by, reference, now)
    requireReissuable(found, now)
    yield* requireRoom(view, engine, found.order, kind)
    return found
  })
  const issuer = await judgeProduct(engine, facts, wish, options)
  const names = namesOf(engine, facts, wish, issuer)
  const authorized = await engine.store.read((view) => judgeDomains(view, facts, names, now))
  const provisioning = wish.provisioning ?? facts.order.provisioning
  const csr = orderCsr(facts.product, wish.csr, provisioning)
  await checkOrderCsr(engine, issuer.issuer, csr)
  checkFields(facts, wish.customFields)
  const content: OrderContent = {
    ...carriedContent(facts, wish, issuer),
    ...names,
    csr,
    validity: followUpValidity(engine, wish.validity, validityRules(facts, issuer)),
  }
  const followUp: FollowUp = {
    facts,
    kind,
    content,
    authority: issuer.authority,
    names: authorized,
    changes: changesOf(wish, await controlFor(engine, facts, wish, names.dnsNames, authorized.missing)),
    request: followUpRequest(facts, kind, by, wish, now),
  }
  return carryOutFollowUp(engine, followUp, binding, caller)
}

/** @throws Fault reissue_pending, state_refused, organization_inactive */
function requireReissuable(facts: FollowUpFacts, now: number): void {
  const { order } = facts
  if (order.status === 'reissue_pending') throw new Fault('reissue_pending', {})
  if (order.status !== 'issued' || hasEnded(order, now)) {
    const state = order.status === 'issued' ? 'expired' : order.status
    throw new Fault('state_refused', { object: 'order', state, parameter: 'status' })
  }
  requireActiveOrganization(facts)
}

async function judgeProduct(
  engine: Engine,
  facts: FollowUpFacts,
  wish: ReissueWish,
  options: PublicHierarchyOptions,
): Promise<FollowUpIssuer> {
  if (wish.disableCt !== null) checkCtChoice(facts.policy)
  if (wish.signatureHash !== null) checkSignatureHash(facts.product, wish.signatureHash)
  const issuer = await followUpIssuer(engine, facts, wish.caCertId, options)
  followUpValidity(engine, wish.validity, validityRules(facts, issuer))
  return issuer
}

function validityRules(facts: FollowUpFacts, { profile }: FollowUpIssuer) {
  return { facts, profile, validUntil: facts.order.validUntil ?? 0 }
}

/** Names that are left out stay, but for a common name that is given up; those of mailboxes always do. */
function namesOf(
  engine: Engine,
  { product, primary: { content } }: FollowUpFacts,
  { commonName, dnsNames, organizationUnits }: ReissueWish,
  { profile, issuer }: FollowUpIssuer,
): OrderedNames {
  return orderedNames(
    engine,
    {
      commonName: commonName ?? content.commonName,
      dnsNames: dnsNames ?? (commonName === null ? content.dnsNames : otherNames(content)),
      emails: content.emails,
      organizationUnits: organizationUnits ?? content.organizationUnits,
    },
    { product, profile, issuer },
  )
}

function otherNames({ commonName, dnsNames }: OrderContent): readonly string[] {
  return dnsNames.filter((name) => name !== commonName && name !== wwwTwin(commonName))
}

/** @throws Fault parameter_invalid, custom_field_invalid, custom_field_missing */
function checkFields({ customFields }: FollowUpFacts, values: readonly CustomFieldValue[]): void {
  if (values.length === 0) return
  const named = customFields.filter(({ id }) => values.some(({ fieldId }) => fieldId === id))
  checkCustomFieldValues(named, values)
}

/** What is asked for changes; all else stays as it is then, proofs that came meanwhile among it. */
function changesOf(
  { controlScope, customFields, disableCt, provisioning, shipTo }: ReissueWish,
  control: OrderControl | undefined,
): FollowUp['changes'] {
  return (order) => ({
    ...(control !== undefined && {
      methods: { ...control, evidence: order.methods?.evidence ?? control.evidence },
    }),
    ...(controlScope !== null && { controlScope }),
    ...(disableCt !== null && { disableCt }),
    ...(provisioning !== null && { provisioning }),
    ...(shipTo !== null && { shipTo }),
    customFields: [
      ...order.customFields.filter((kept) => !customFields.some(({ fieldId }) => fieldId === kept.fieldId)),
      ...customFields,
    ],
  })
}

/**
 * How the names without proof are to be proven.
 * @returns undefined: as before, because nothing else was asked for and the value lasts
 */
async function controlFor(
  engine: Engine,
  { order: { methods } }: FollowUpFacts,
  wish: ReissueWish,
  names: readonly string[],
  missing: readonly string[],
): Promise<OrderControl | undefined> {
  if (missing.length === 0) return undefined
  const method = wish.method ?? methods?.method ?? 'email'
  const wanted = missing.map((value) => ({ value, parameter: 'dcv_method' }))
  checkMethod(method, wanted, 'dcv_method')
  const approvers = await chooseApprovers(engine, names, wish.approvers)
  const lasts = (methods?.randomValue?.expiresAt ?? 0) > engine.clock.now()
  if (methods !== null && methods.method === method && (method === 'email' || lasts)) {
    return approvers.length === 0 ? undefined : { ...methods, approvers }
  }
  return newOrderControl(engine, method, { approvers, evidence: methods?.evidence ?? [] })
}
