import type { ApiKeyRecord } from '../accounts/account.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import type { AuthorityId } from '../brand.ts'
import { receiptIdOf } from '../finance/charge-order.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { type Container, containers } from '../identity/container.ts'
import { type CustomField, customFields } from '../identity/custom-field.ts'
import { type User, users } from '../identity/user.ts'
import { type Organization, organizations } from '../organizations/organization.ts'
import { productOf } from '../products/catalogue.ts'
import { issuersOf, knownIssuers } from '../products/order-authority.ts'
import type { AuthorityPolicy } from '../products/own-issuers.ts'
import type { Product } from '../products/product.ts'
import type { CollectionDefinition, CollectionItem } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { Order, OrderCertificate, OrderRequest } from './order.ts'
import { orderCertificates, orderRequests } from './orders.ts'

/** An order with all that is shown with it. What it names and is gone is undefined. */
export interface OrderDetails {
  readonly order: Order
  /** The certificate that counts, or the one that was asked for. */
  readonly certificate: OrderCertificate
  readonly product: Product
  readonly container: Container | undefined
  readonly organization: Organization | undefined
  /** Who placed it. */
  readonly user: User | undefined
  /** The key it was placed with. */
  readonly apiKey: ApiKeyRecord | undefined
  /** The latest ones, oldest first. */
  readonly requests: readonly OrderRequest[]
  /** Who asked for, reviewed and decided on the requests, by id. */
  readonly people: ReadonlyMap<number, User>
  /** The CA that issued the certificate, that was chosen for it, or that is going to issue it as things are. */
  readonly authority: AuthorityRecord | undefined
  /** Of the order's price. */
  readonly currency: string
  /** Receipt of what the order drew; undefined where it cost nothing. */
  readonly receiptId: number | undefined
  /** Custom fields that the order fills, by id. */
  readonly customFields: ReadonlyMap<number, CustomField>
}

/** Requests of one order that are shown: the latest ones. */
const MOST_REQUESTS = 1000

/**
 * Reads everything about an order.
 * @param certificateId the order certificate that is shown; default: the one that counts
 * @throws Error when the order has no such certificate
 */
export function* loadOrderDetails(
  view: View,
  order: Order,
  certificateId: number = order.certificateId,
): Program<OrderDetails> {
  const { accountId } = order
  const certificate = yield* loadCertificate(view, order, certificateId)
  const policy = yield* loadPolicy(view, accountId)
  const requests = yield* latestRequests(view, order)
  const people = yield* itemsById(view, users, order, requests.flatMap(peopleOf).concat(order.userId))
  return {
    order,
    certificate,
    product: productOf(order.product),
    container: yield* view.collection(containers).byId(accountId, order.containerId),
    organization:
      order.organizationId === null
        ? undefined
        : yield* view.collection(organizations).byId(accountId, order.organizationId),
    user: people.get(order.userId),
    apiKey: order.apiKeyId === null ? undefined : yield* view.accounts.apiKey(order.apiKeyId),
    requests,
    people,
    authority: yield* authorityOf(view, policy, order, certificate),
    currency: policy.currency,
    receiptId: yield* receiptIdOf(view, order),
    customFields: yield* itemsById(
      view,
      customFields,
      order,
      order.customFields.map(({ fieldId }) => fieldId),
    ),
  }
}

function* latestRequests(view: View, { accountId, id }: Order): Program<readonly OrderRequest[]> {
  const requests = view.collection(orderRequests)
  const first = yield* requests.withValue(accountId, 'order_id', id, MOST_REQUESTS)
  if (first.length < MOST_REQUESTS) return first
  const { items } = yield* requests.list({
    accountId,
    where: [{ column: 'order_id', is: 'any-of', values: [id] }],
    sort: [{ column: 'id', descending: true }],
    offset: 0,
    limit: MOST_REQUESTS,
  })
  return items.toReversed()
}

/**
 * A certificate of an order; default: the one that counts.
 * @throws Error when the order has no such certificate
 */
export function* loadCertificate(
  view: Pick<View, 'collection'>,
  { id, accountId, certificateId: primary }: Pick<Order, 'id' | 'accountId' | 'certificateId'>,
  certificateId: number = primary,
): Program<OrderCertificate> {
  const certificate = yield* view.collection(orderCertificates).byId(accountId, certificateId)
  if (certificate === undefined || certificate.orderId !== id) {
    throw new Error(`order ${id} has no certificate ${certificateId}`)
  }
  return certificate
}

/** An order as lists show it. */
export interface OrderSummary {
  readonly order: Order
  readonly product: Product
  readonly container: Container | undefined
  readonly organization: Organization | undefined
}

/** Reads what lists show beside orders: each container and organization once. At most 1000 orders. */
export function* loadOrderSummaries(view: View, found: readonly Order[]): Program<readonly OrderSummary[]> {
  const [first] = found
  if (first === undefined) return []
  const around = yield* itemsById(
    view,
    containers,
    first,
    found.map(({ containerId }) => containerId),
  )
  const owners = yield* itemsById(
    view,
    organizations,
    first,
    found.flatMap(({ organizationId }) => organizationId ?? []),
  )
  return found.map((order) => ({
    order,
    product: productOf(order.product),
    container: around.get(order.containerId),
    organization: order.organizationId === null ? undefined : owners.get(order.organizationId),
  }))
}

/** Items of the account an order belongs to, by id. */
function* itemsById<Item extends CollectionItem, Column extends string>(
  view: View,
  definition: CollectionDefinition<Item, Column>,
  { accountId }: Order,
  ids: readonly number[],
): Program<ReadonlyMap<number, Item>> {
  const wanted = [...new Set(ids)]
  const found = wanted.length === 0 ? [] : yield* view.collection(definition).byIds(accountId, wanted)
  return new Map(found.map((item) => [item.id, item]))
}

function peopleOf({ requesterId, reviewerId, processorId }: OrderRequest): readonly number[] {
  return [requesterId, reviewerId, processorId].filter((id) => id !== null)
}

function* authorityOf(
  view: View,
  policy: AuthorityPolicy,
  { product }: Pick<Order, 'product'>,
  { issued, content }: OrderCertificate,
): Program<AuthorityRecord | undefined> {
  const id: AuthorityId | null = issued?.authorityId ?? content.authorityId
  if (id !== null) return yield* view.authorities.byId(id)
  return issuersOf(yield* knownIssuers(view, policy), productOf(product))[0]
}
