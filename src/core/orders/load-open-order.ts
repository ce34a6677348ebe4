import { loadAccount, requireActive } from '../accounts/load-account.ts'
import type { AccountId, Instant } from '../brand.ts'
import { authorizeNames, type NamesAuthority } from '../domains/authorize-names.ts'
import type { EvidenceMethod } from '../domains/domain.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type AccountPolicy, loadPolicy } from '../identity/account-policy.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import { isOrganizationReady } from '../organizations/organization-readiness.ts'
import { productOf } from '../products/catalogue.ts'
import type { Product } from '../products/product.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { unconfirmedEmails } from './open-status.ts'
import type { Order, OrderCertificate, OrderRequest } from './order.ts'
import { orderCertificates, orderRequests, orders } from './orders.ts'

/** Certificates and requests of one order that are looked at. */
const MOST_ROWS = 1_000

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
  const rows = yield* view.collection(orderCertificates).withValue(accountId, 'order_id', orderId, MOST_ROWS)
  const requests = yield* view.collection(orderRequests).withValue(accountId, 'order_id', orderId, MOST_ROWS)
  const primary = rows.find(({ id }) => id === order.certificateId)
  if (primary === undefined) throw new Error(`order ${orderId} has no certificate ${order.certificateId}`)
  const waiting: WaitingCertificate[] = []
  for (const certificate of rows) {
    if (certificate.status !== 'pending' || !isApproved(certificate, requests)) continue
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
  return { order, primary, product, policy, organization: organization ?? null, waiting }
}

/** Nobody has to be asked, or nobody is asked any more. */
function isApproved({ id }: OrderCertificate, requests: readonly OrderRequest[]): boolean {
  return requests.every(
    ({ certificateId, type, status }) => certificateId !== id || type === 'revoke' || status === 'approved',
  )
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
