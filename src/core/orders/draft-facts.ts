import type { Instant } from '../brand.ts'
import { hasDomains } from '../domains/store-domain.ts'
import { Fault } from '../faults.ts'
import { Step } from '../faults-together.ts'
import { type AccountPolicy, loadPolicy } from '../identity/account-policy.ts'
import { type Container, containers } from '../identity/container.ts'
import { type CustomField, customFields } from '../identity/custom-field.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Organization } from '../organizations/organization.ts'
import { organizationFor } from '../organizations/organization-readiness.ts'
import { type PersonRequest, peopleOf } from '../organizations/people.ts'
import type { Product } from '../products/product.ts'
import { productLimitsFor } from '../products/product-limits.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { hasWebhook } from '../webhooks/tell-webhooks.ts'
import { seesOrder } from './find-order.ts'
import type { Order } from './order.ts'
import type { OrderWish } from './order-wish.ts'
import { orders } from './orders.ts'

/** Custom fields of one account that are looked at. */
const MOST_FIELDS = 1_000

/** What the store knows of everything that an order names. */
export interface DraftFacts {
  readonly policy: AccountPolicy
  readonly container: Container
  readonly organization: Organization | null
  readonly isOrganizationReady: boolean
  /** With the limits of the container and of the buyer's role. */
  readonly product: Product
  readonly renewed: Order | null
  readonly fields: readonly CustomField[]
  readonly contacts: Contacts
  /** Whether somebody listens for what becomes of the account's orders. */
  readonly hasWebhook: boolean
  /** Whether the account has any domain. */
  readonly hasDomains: boolean
}

/** The people of an order, users with what is known of them now. */
export type Contacts = Pick<Order, 'organizationContact' | 'technicalContact' | 'verifiedContacts'>

/**
 * Reads what an order names, and judges what is out of sight, ended or not on offer.
 * @throws Fault, or Faults of one step: parameter_invalid for what does not exist; then renewal_not_eligible,
 *   renewed_already; then product_not_allowed, organization_inactive
 */
export function* loadDraftFacts(
  view: View,
  principal: Principal,
  wish: OrderWish,
  now: Instant,
): Program<DraftFacts> {
  const { account, user, rights } = principal
  const policy = yield* loadPolicy(view, account.id)
  const references = new Step()
  const containerId = wish.containerId ?? user.containerId
  const container = yield* view.collection(containers).byId(account.id, containerId)
  references.check(() => {
    if (container?.isActive !== true || !seesContainer(principal.scope, containerId)) {
      throw new Fault('parameter_invalid', { parameter: 'container.id', reason: 'unknown or inactive' })
    }
  })
  const rules = new Step()
  const named = yield* attempt(rules, references, () => organizationOf(view, principal, wish, now))
  const renewed = yield* attempt(references, references, () => renewedOrder(view, principal, wish))
  const contacts = yield* attempt(references, references, () => contactsOf(view, principal, wish))
  references.end()
  if (renewed != null) requireRenewable(renewed)
  const buyer = { accountId: account.id, containerId, role: rights.roles[0] ?? user.role }
  const product = yield* attempt(rules, references, () => allowedProduct(view, policy, buyer, wish.product))
  rules.end()
  if (container === undefined || named === undefined || product === undefined || contacts === undefined) {
    throw new TypeError('a check that failed raised nothing')
  }
  return {
    policy,
    container,
    ...named,
    product,
    renewed: renewed ?? null,
    fields: yield* fieldsOf(view, principal, wish),
    contacts,
    hasWebhook: yield* hasWebhook(view, account.id),
    hasDomains: yield* hasDomains(view, account.id),
  }
}

/** Runs a program whose faults belong to a step: those about parameters to `references`, others to `rules`. */
function* attempt<Result>(
  rules: Step,
  references: Step,
  run: () => Program<Result>,
): Program<Result | undefined> {
  try {
    return yield* run()
  } catch (error) {
    const isReference = error instanceof Fault && error.code === 'parameter_invalid'
    const step = isReference ? references : rules
    step.check(() => {
      throw error
    })
    return undefined
  }
}

type Named = Pick<DraftFacts, 'organization' | 'isOrganizationReady'>

function* organizationOf(
  view: View,
  principal: Principal,
  { organizationId, product }: OrderWish,
  now: Instant,
): Program<Named> {
  if (organizationId === null) {
    return { organization: null, isOrganizationReady: product.organization === null }
  }
  const named = yield* organizationFor(view, { principal, organizationId, product, now })
  return { organization: named.organization, isOrganizationReady: named.ready }
}

function* renewedOrder(
  view: View,
  principal: Principal,
  { renewalOfOrderId }: OrderWish,
): Program<Order | null> {
  if (renewalOfOrderId === null) return null
  const order = yield* view.collection(orders).byId(principal.account.id, renewalOfOrderId)
  if (order !== undefined && seesOrder(principal, order)) return order
  throw new Fault('parameter_invalid', { parameter: 'renewal_of_order_id', reason: 'unknown order' })
}

/** @throws Fault renewal_not_eligible, renewed_already */
function requireRenewable({ status, renewedByOrderId }: Order): void {
  if (renewedByOrderId !== null) throw new Fault('renewed_already', {})
  if (status !== 'issued') throw new Fault('renewal_not_eligible', {})
}

function* allowedProduct(
  view: View,
  { disabledProducts }: AccountPolicy,
  buyer: Parameters<typeof productLimitsFor>[1],
  product: Product,
): Program<Product> {
  if (disabledProducts.includes(product.nameId)) {
    throw new Fault('product_not_allowed', { product: product.nameId })
  }
  return yield* productLimitsFor(view, buyer, product)
}

function* contactsOf(view: View, principal: Principal, { contacts }: OrderWish): Program<Contacts> {
  const one = function* (person: PersonRequest | null, parameter: string) {
    const [found] = person === null ? [] : yield* peopleOf(view, principal, [person], parameter)
    return found ?? null
  }
  return {
    organizationContact: yield* one(contacts.organization, 'organization_contact.user_id'),
    technicalContact: yield* one(contacts.technical, 'technical_contact.user_id'),
    verifiedContacts: yield* peopleOf(view, principal, contacts.verified, 'organization.contacts'),
  }
}

/** The fields that may be required, and those that the order fills. */
function* fieldsOf(
  view: View,
  { account }: Principal,
  { customFields: values }: OrderWish,
): Program<readonly CustomField[]> {
  const found = view.collection(customFields)
  const active = yield* found.withValue(account.id, 'is_active', 1, MOST_FIELDS)
  const others = values
    .map(({ fieldId }) => fieldId)
    .filter((id) => !active.some((field) => field.id === id))
    .slice(0, MOST_FIELDS)
  return others.length === 0 ? active : [...active, ...(yield* found.byIds(account.id, others))]
}
