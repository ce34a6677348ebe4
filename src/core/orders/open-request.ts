import type { Instant } from '../brand.ts'
import type { AccountPolicy } from '../identity/account-policy.ts'
import { permits } from '../identity/permissions.ts'
import type { Principal } from '../identity/principal.ts'
import type { Organization } from '../organizations/organization.ts'
import type { Product } from '../products/product.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { Order, OrderRequest } from './order.ts'
import { orderRequests } from './orders.ts'

/** A person who may be among those who speak for an organization. */
type Speaker = Pick<Principal['user'], 'id' | 'email'>

/**
 * Whether somebody may speak for the organization of a certificate with extended validation: one of the people who
 * were verified with it (EV Guidelines section 3.2.2.8). Where nobody was, or nothing extended is validated, everybody may
 * who has the right to approve.
 */
export function isVerifiedSpeaker(
  { id, email }: Speaker,
  { validation }: Pick<Product, 'validation'>,
  organization: Pick<Organization, 'validations'> | null,
): boolean {
  if (validation !== 'ev' && validation !== 'ev_cs') return true
  const verified = (organization?.validations ?? [])
    .filter(({ type }) => type === validation)
    .flatMap(({ verifiedUsers }) => verifiedUsers)
  if (verified.length === 0) return true
  return verified.some((person) => person.userId === id || person.email.toLowerCase() === email.toLowerCase())
}

/** What a request is about, and who asks. */
export interface RequestWish {
  readonly principal: Principal
  readonly policy: Pick<AccountPolicy, 'approvals'>
  readonly product: Pick<Product, 'validation'>
  readonly organization: Pick<Organization, 'validations'> | null
  readonly type: OrderRequest['type']
  readonly revocation?: OrderRequest['revocation']
  readonly skipApproval: boolean
  readonly comments: string
  readonly processorComment?: string
  readonly at: Instant
}

export type NewRequest = Omit<OrderRequest, 'id' | 'orderId' | 'certificateId' | 'containerId'>

/**
 * A request as it begins: approved when the account asks nobody, or when whoever may approve skips it; else it waits
 * for an approver, or for the reviewer before him. A wish to skip of somebody who may not approve changes nothing.
 */
export function newRequest(wish: RequestWish): NewRequest {
  const { principal, policy, product, organization, at } = wish
  const skips =
    wish.skipApproval &&
    permits(principal.rights, 'requests', 'approve') &&
    isVerifiedSpeaker(principal.user, product, organization)
  const isApproved = skips || policy.approvals === 'none'
  return {
    accountId: principal.account.id,
    type: wish.type,
    status: isApproved ? 'approved' : policy.approvals === 'two' ? 'submitted' : 'pending',
    revocation: wish.revocation ?? null,
    requesterId: principal.user.id,
    reviewerId: null,
    processorId: skips ? principal.user.id : null,
    comments: wish.comments,
    processorComment: wish.processorComment ?? '',
    createdAt: at,
    processedAt: isApproved ? at : null,
  }
}

/** A request as it is stored. */
export function requestOf(
  request: NewRequest,
  id: number,
  { id: orderId, containerId }: Pick<Order, 'id' | 'containerId'>,
  certificateId: number,
): OrderRequest {
  return { ...request, id, orderId, containerId, certificateId }
}

/** Stores a request about a certificate of an order. */
export function* openRequest(
  transaction: Transaction,
  request: NewRequest,
  order: Pick<Order, 'id' | 'containerId'>,
  certificateId: number,
): Program<OrderRequest> {
  const requests = transaction.collection(orderRequests)
  const stored = requestOf(request, yield* requests.nextId(), order, certificateId)
  yield* requests.insert(stored)
  return stored
}
