import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { containerConditions } from '../identity/scope.ts'
import type { CollectionDefinition, CollectionItem, Condition } from '../store/collection.ts'
import { type OrderSeeker, seesOrder } from './find-order.ts'
import type { Order, OrderCertificate, OrderStatus } from './order.ts'
import { type OrderColumn, orderCertificates, orders } from './orders.ts'

/** What a certificate of an order has come to. */
export interface StatusRow {
  readonly orderId: number
  readonly certificateId: number
  readonly status: OrderStatus | 'expired'
}

type Parts = Pick<Engine, 'clock' | 'store'>

const A_PAGE = 1000

/**
 * The certificates of orders in sight whose status changed within a time, both ends inclusive, each once with the
 * status it has now: because its order went on, because it was issued, revoked or rejected, or because its order
 * ended meanwhile. In order of order and certificate.
 */
export async function statusChanges(
  engine: Parts,
  seeker: OrderSeeker,
  from: Instant,
  to: Instant,
): Promise<readonly StatusRow[]> {
  const rows = new Map<number, StatusRow>()
  const until = Math.min(to, engine.clock.now())
  const account = seeker.account.id
  const inSight = orderConditions(seeker)
  const primaries = (found: readonly Order[]) => addPrimaries(engine, account, found, rows)
  await pages(
    engine,
    orders,
    account,
    'updated_at',
    inSight,
    from,
    until,
    (order) => order.updatedAt,
    primaries,
  )
  // An order that ends is not written to: its end lies in the time.
  await pages(
    engine,
    orders,
    account,
    'order_valid_till',
    [...inSight, { column: 'status', is: 'any-of', values: ['issued', 'reissue_pending'] }],
    from,
    // It is valid until its last instant has passed.
    until - 1,
    (order) => order.validUntil ?? 0,
    primaries,
  )
  await pages(
    engine,
    orderCertificates,
    account,
    'updated_at',
    [],
    from,
    until,
    (certificate) => certificate.updatedAt,
    (found) => addCertificates(engine, seeker, found, rows),
  )
  return [...rows.values()].toSorted(
    (one, other) => one.orderId - other.orderId || one.certificateId - other.certificateId,
  )
}

/** The same of the order that has this id of the caller's own, whenever it changed; none when there is no such order. */
export async function statusOfAlternative(
  engine: Parts,
  seeker: OrderSeeker,
  alternativeOrderId: string,
): Promise<readonly StatusRow[]> {
  const account = seeker.account.id
  const found = await engine.store.read((view) =>
    view.collection(orders).withValue(account, 'alternative_order_id', alternativeOrderId, 1),
  )
  const rows = new Map<number, StatusRow>()
  await addPrimaries(
    engine,
    account,
    found.filter((order) => seesOrder(seeker, order)),
    rows,
  )
  return [...rows.values()]
}

/**
 * Goes through what lies in a time page by page: each begins where the last one ended, and skips what it had of that
 * same instant.
 */
async function pages<Item extends CollectionItem, Column extends string>(
  { store }: Parts,
  definition: CollectionDefinition<Item, Column>,
  accountId: AccountId,
  column: NoInfer<Column>,
  where: readonly Condition<NoInfer<Column>>[],
  from: Instant,
  to: Instant,
  timeOf: (item: Item) => Instant,
  take: (items: readonly Item[]) => Promise<void>,
): Promise<void> {
  let start = from
  let skipped = 0
  while (start <= to) {
    const { items } = await store.read((view) =>
      view.collection(definition).list({
        accountId,
        where: [...where, { column, is: 'between', from: start, to }],
        sort: [{ column, descending: false }],
        offset: skipped,
        limit: A_PAGE,
      }),
    )
    await take(items)
    const last = items.at(-1)
    if (last === undefined || items.length < A_PAGE) return
    const end = timeOf(last)
    const ofThatInstant = items.filter((item) => timeOf(item) === end).length
    skipped = end === start ? skipped + ofThatInstant : ofThatInstant
    start = end
  }
}

function orderConditions({ scope }: OrderSeeker): readonly Condition<OrderColumn>[] {
  return [
    ...containerConditions(scope, 'container_id' as const),
    ...(scope.ownerId === null
      ? []
      : [{ column: 'user_id', is: 'any-of', values: [scope.ownerId] } as const]),
  ]
}

async function addPrimaries(
  { store, clock }: Parts,
  account: AccountId,
  found: readonly Order[],
  rows: Map<number, StatusRow>,
): Promise<void> {
  const ids = found.map(({ certificateId }) => certificateId)
  const certificates = await store.read((view) => view.collection(orderCertificates).byIds(account, ids))
  const byId = new Map(certificates.map((certificate) => [certificate.id, certificate]))
  for (const order of found) {
    const certificate = byId.get(order.certificateId)
    if (certificate !== undefined) add(rows, order, certificate, clock.now())
  }
}

async function addCertificates(
  { store, clock }: Parts,
  seeker: OrderSeeker,
  found: readonly OrderCertificate[],
  rows: Map<number, StatusRow>,
): Promise<void> {
  const ids = [...new Set(found.map(({ orderId }) => orderId))]
  const owners = await store.read((view) => view.collection(orders).byIds(seeker.account.id, ids))
  const byId = new Map(owners.map((order) => [order.id, order]))
  for (const certificate of found) {
    const order = byId.get(certificate.orderId)
    if (order !== undefined && seesOrder(seeker, order)) add(rows, order, certificate, clock.now())
  }
}

function add(rows: Map<number, StatusRow>, order: Order, certificate: OrderCertificate, now: Instant): void {
  const status = statusOf(order, certificate, now)
  rows.set(certificate.id, { orderId: order.id, certificateId: certificate.id, status })
}

/** In the words of orders: callers know no others. */
function statusOf(order: Order, certificate: OrderCertificate, now: Instant): StatusRow['status'] {
  const { status, issued, kind } = certificate
  const isPrimary = order.certificateId === certificate.id
  if (isPrimary && status !== 'revoked') {
    const isLive = order.status === 'issued' || order.status === 'reissue_pending'
    return isLive && order.validUntil !== null && now > order.validUntil ? 'expired' : order.status
  }
  if (status === 'issued') return issued !== null && now > issued.notAfter ? 'expired' : 'issued'
  return status === 'pending' && kind === 'reissue' ? 'reissue_pending' : status
}
