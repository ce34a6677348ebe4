import type { Instant } from '../brand.ts'
import { authorizeNames, type NamesAuthority } from '../domains/authorize-names.ts'
import { checkEmailDomains, checkOrderDomains } from '../domains/check-order-domains.ts'
import { Fault } from '../faults.ts'
import { type AccountPolicy, loadPolicy } from '../identity/account-policy.ts'
import { customFieldsOf } from '../identity/change-custom-fields.ts'
import { type Container, containers } from '../identity/container.ts'
import type { CustomField } from '../identity/custom-field.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import { isOrganizationReady } from '../organizations/organization-readiness.ts'
import { productOf } from '../products/catalogue.ts'
import type { Product } from '../products/product.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { findOrder, type OrderSeeker } from './find-order.ts'
import type { Order, OrderCertificate, OrderContent } from './order.ts'
import { orderCertificates } from './orders.ts'

/** An issued order, with what another certificate of it is judged by. */
export interface FollowUpFacts {
  readonly order: Order
  /** The certificate that counts. */
  readonly primary: OrderCertificate
  readonly product: Product
  readonly policy: AccountPolicy
  readonly container: Container
  /** Null where the product names none. */
  readonly organization: Organization | null
  readonly isOrganizationReady: boolean
  readonly customFields: readonly CustomField[]
}

/** @throws Fault object_unknown */
export function* loadFollowUpFacts(
  view: View,
  by: OrderSeeker,
  reference: string,
  now: Instant,
): Program<FollowUpFacts> {
  const accountId = by.account.id
  const order = yield* findOrder(view, by, reference)
  const primary = yield* view.collection(orderCertificates).byId(accountId, order.certificateId)
  const container = yield* view.collection(containers).byId(accountId, order.containerId)
  if (primary === undefined || container === undefined) {
    throw new Error(`order ${order.id} lacks its certificate or its container`)
  }
  const product = productOf(order.product)
  const organization =
    order.organizationId === null
      ? null
      : ((yield* view.collection(organizations).byId(accountId, order.organizationId)) ?? null)
  return {
    order,
    primary,
    product,
    policy: yield* loadPolicy(view, accountId),
    container,
    organization,
    isOrganizationReady:
      product.organization === null ||
      (organization !== null && isOrganizationReady(organization, product, now)),
    customFields: yield* customFieldsOf(view, accountId),
  }
}

/** Whether an order's time is over. */
export function hasEnded({ validUntil }: Pick<Order, 'validUntil'>, now: Instant): boolean {
  return validUntil !== null && now > validUntil
}

/** @throws Fault organization_inactive */
export function requireActiveOrganization({ organization }: Pick<FollowUpFacts, 'organization'>): void {
  if (organization !== null && !organization.isActive) throw new Fault('organization_inactive', {})
}

/**
 * Whether the account may order these names, and which of them have no proof of control yet.
 * @throws Fault domain_disabled, domain_not_allowed, domain_protected, email_domain_not_validated
 */
export function* judgeDomains(
  view: View,
  { order, product, policy, container }: FollowUpFacts,
  { dnsNames, emails }: Pick<OrderContent, 'dnsNames' | 'emails'>,
  now: Instant,
): Program<NamesAuthority> {
  const { accountId, organizationId, methods } = order
  const strictness = product.issuer === 'account' ? 'private-tls' : 'public-tls'
  if (dnsNames.length > 0) {
    yield* checkOrderDomains(view, { accountId, container, policy, names: dnsNames, strictness, now })
  }
  if (emails.length > 0) yield* checkEmailDomains(view, { accountId, organizationId, emails, now })
  const evidence = methods?.evidence ?? []
  return yield* authorizeNames(view, { accountId, names: dnsNames, strictness, evidence, now })
}
