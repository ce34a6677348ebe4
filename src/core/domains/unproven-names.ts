import type { Instant } from '../brand.ts'
import type { Order, OrderCertificate } from '../orders/order.ts'
import { approvedCertificatesOf, waitingCertificatesOf } from '../orders/order-changes/order-certificates.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { authorizeNames, type NamesAuthority } from './authorize-names.ts'

/** The names that an order waits to have certified, and which of them are proven. */
export interface NamesOfOrder extends NamesAuthority {
  readonly names: readonly string[]
}

/**
 * The names of the certificates that the order waits for, else of the one it has. An order without control to prove has
 * all its names proven.
 */
export function* unprovenNames(
  view: Pick<View, 'collection'>,
  order: Pick<Order, 'id' | 'accountId' | 'lead' | 'methods'>,
  now: Instant,
): Program<NamesOfOrder> {
  const { accountId, methods } = order
  const names = yield* pendingNames(view, order)
  if (methods === null) return { names, missing: [], basis: [] }
  const { evidence } = methods
  const wish = { accountId, names, strictness: 'public-tls', evidence, now } as const
  return { names, ...(yield* authorizeNames(view, wish)) }
}

/** What an order waits for that no approver of the account has to decide on. */
export interface ApprovedNames {
  /** Whether there is anything. */
  readonly isApproved: boolean
  /** Its names without proof. */
  readonly missing: readonly string[]
}

export function* approvedNames(
  view: Pick<View, 'collection'>,
  order: Pick<Order, 'id' | 'accountId' | 'methods'>,
  now: Instant,
): Program<ApprovedNames> {
  const { accountId, methods } = order
  const approved = yield* approvedCertificatesOf(view, order)
  if (methods === null) return { isApproved: approved.length > 0, missing: [] }
  const wish = { accountId, strictness: 'public-tls', evidence: methods.evidence, now } as const
  const { missing } = yield* authorizeNames(view, { ...wish, names: namesOf(approved) })
  return { isApproved: approved.length > 0, missing }
}

function* pendingNames(
  view: Pick<View, 'collection'>,
  order: Pick<Order, 'id' | 'accountId' | 'lead'>,
): Program<readonly string[]> {
  const waiting = yield* waitingCertificatesOf(view, order)
  return waiting.length === 0 ? order.lead.dnsNames : namesOf(waiting)
}

function namesOf(certificates: readonly OrderCertificate[]): readonly string[] {
  return [...new Set(certificates.flatMap(({ content }) => content.dnsNames))]
}
