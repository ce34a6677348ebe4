import type { Instant } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { seesContainer } from '../identity/scope.ts'
import type { Product } from '../products/product.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { type Organization, organizations, type ValidationType } from './organization.ts'
import { statusOf } from './validation-reuse.ts'

/** An order's organization, and whether certificates may name it yet. */
export interface OrganizationForOrder {
  readonly organization: Organization
  /** False: it waits for its validation. */
  readonly ready: boolean
}

/** Which validations do for which: the stricter one says everything that the other does. */
const sufficient: Readonly<Partial<Record<ValidationType, ValidationType>>> = { ov: 'ev', cs: 'ev_cs' }

/**
 * The organization that an order names.
 * @throws Fault parameter_invalid (`organization.id`) for one that does not exist or is out of sight,
 *   organization_inactive
 */
export function* organizationFor(
  view: Pick<View, 'collection'>,
  {
    principal,
    organizationId,
    product,
    now,
  }: {
    readonly principal: Pick<Principal, 'account' | 'scope'>
    readonly organizationId: number
    readonly product: Pick<Product, 'organization' | 'issuer'>
    readonly now: Instant
  },
): Program<OrganizationForOrder> {
  const organization = yield* view.collection(organizations).byId(principal.account.id, organizationId)
  if (organization === undefined || !seesContainer(principal.scope, organization.containerId)) {
    throw new Fault('parameter_invalid', { parameter: 'organization.id', reason: 'unknown organization' })
  }
  if (!organization.isActive) throw new Fault('organization_inactive', {})
  return { organization, ready: isOrganizationReady(organization, product, now) }
}

/**
 * Whether certificates of a product may name the organization now. Below a CA of the account's own it may be named
 * once it is submitted; everywhere else its validation of the product's type has to hold.
 */
export function isOrganizationReady(
  { isActive, validations }: Pick<Organization, 'isActive' | 'validations'>,
  { organization: type, issuer }: Pick<Product, 'organization' | 'issuer'>,
  now: Instant,
): boolean {
  if (!isActive) return false
  if (type === null || issuer === 'account') return true
  return validations.some(
    (validation) =>
      (validation.type === type || validation.type === sufficient[type]) &&
      statusOf(validation, now) === 'active',
  )
}
