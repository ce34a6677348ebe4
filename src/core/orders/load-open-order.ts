import { loadAccount, requireActive } from '../accounts/load-account.ts'
import type { AccountId, Instant } from '../brand.ts'
import { authorizeNames, type NamesAuthority } from '../domains/authorize-names.ts'
import type { EvidenceMethod } from '../domains/domain.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type AccountPolicy, loadPolicy } from '../identity/account-policy.ts'
import { type Container, containers } from '../identity/container.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import { isOrganizationReady } from '../organizations/organization-readiness.ts'
import { productOf } from '../products/catalogue.ts'
import type { Product } from '../products/product.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { unconfirmedEmails } from './open-status.ts'
import type { Order, OrderCertificate } from './order.ts'
import { approvedCertificatesOf } from './order-changes/order-certificates.ts'
import { orderCertificates, orders } from './orders.ts'

/** A certificate that was asked for and approved, and what it waits for. */
export interface WaitingCertificate {
  readonly certificate: OrderCertificate
  /** Names and mailboxes without proof. */
  readonly missing: readonly string[]
  /** Whether its organization, if any, may be named. */
  readonly isOrganizationReady: boolean
  /** What the other names' proofs are. */
  readonly methodOf: (name: string) => EvidenceMethod | undefined
}

/** An order with what its next certificates need. */
export interface OpenOrder {
  readonly order: Order
  /** The one that counts. */
  readonly primary: OrderCertificate
  readonly product: Product
  readonly policy: AccountPolicy
  readonly container: Container
  readonly organization: Organization | null
  /** In the order in which they were asked for. */
  readonly waiting: readonly WaitingCertificate[]
}

/**
 * Reads an order and what its certificates wait for.
 * @throws Fault object_unknown, access_denied for an account that was disabled
 */
export function* loadOpenOrder(
  view: View,
  { sealer }: Pick<Engine, 'sealer'>,
  accountId: AccountId,
  orderId: number,
  now: Instant,
): Program<OpenOrder> {
  const order = yield* view.collection(orders).byId(accountId, orderId)
  if (order === undefined) throw new Fault('object_unknown', { object: 'order' })
  requireActive(yield* loadAccount(view, sealer, accountId))
  const policy = yield* loadPolicy(view, accountId)
  const product = productOf(order.product)
  const organization =
    order.organizationId === null
      ? undefined
      : yield* view.collection(organizations).byId(accountId, order.organizationId)
  const primary = yield* view.collection(orderCertificates).byId(accountId, order.certificateId)
  const container = yield* view.collection(containers).byId(accountId, order.containerId)
  if (primary === undefined || container === undefined) {
    throw new Error(`order ${orderId} lacks its certificate or its container`)
  }
  const waiting: WaitingCertificate[] = []
  for (const certificate of yield* approvedCertificatesOf(view, order)) {
    const names = yield* namesOf(view, product, order, certificate, now)
    waiting.push({
      certificate,
      missing: [...names.missing, ...unconfirmedEmails(product, order, certificate.content)],
      isOrganizationReady:
        product.organization === null ||
        (organization !== undefined && isOrganizationReady(organization, product, now)),
      methodOf: (name) => names.basis.find((each) => each.name === name)?.evidence.method,
    })
  }
  return { order, primary, product, policy, container, organization: organization ?? null, waiting }
}

function* namesOf(
  view: View,
  product: Product,
  order: Order,
  { content }: OrderCertificate,
  now: Instant,
): Program<NamesAuthority> {
  return yield* authorizeNames(view, {
    accountId: order.accountId,
    names: content.dnsNames,
    strictness: product.issuer === 'account' ? 'private-tls' : 'public-tls',
    evidence: order.methods?.evidence ?? [],
    now,
  })
}
