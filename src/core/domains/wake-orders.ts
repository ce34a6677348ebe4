import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Order } from '../orders/order.ts'
import { waitingCertificatesOf } from '../orders/order-changes/order-certificates.ts'
import { type OrderColumn, orders } from '../orders/orders.ts'
import type { Condition } from '../store/collection.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { covers } from '../validation/methods.ts'
import { type ControlEvidence, type Domain, domains, type OrderPosition } from './domain.ts'

/**
 * Orders that are read at a time, of either kind: what a step looks at, and its transaction holds, is twice that at
 * most.
 */
const ORDERS_A_PAGE = 100

/** Where waking begins. */
export const beforeAllOrders: OrderPosition = { createdAt: 0, id: 0 }

type Owner = Pick<Domain, 'accountId' | 'id'>
type Read = Pick<View, 'collection'>

/** Some orders that wait, and how far they reach; null: to the last one. */
interface Stretch {
  readonly domain: Domain
  readonly ids: readonly number[]
  readonly wokenTo: OrderPosition | null
}

/**
 * Has the background look at once at orders that may have waited for a domain's proof: a bounded number of them in one
 * transaction, in order of their creation, from where the last step ended. Where it ended is kept with the domain, so
 * that the background goes on when nobody else does; steps at the same time do no harm.
 *
 * @returns the orders that were woken; undefined when none is left
 */
export async function wakeSomeOrders(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  owner: Owner,
): Promise<readonly number[] | undefined> {
  const stretch = await store.read((view) => nextStretch(view, owner))
  if (stretch === undefined) return undefined
  return store.write((transaction) => wake(transaction, stretch, clock.now()))
}

function* nextStretch(view: Read, { accountId, id }: Owner): Program<Stretch | undefined> {
  const domain = yield* view.collection(domains).byId(accountId, id)
  if (domain === undefined || !isWaking(domain) || domain.evidence === null) return undefined
  const { evidence, wokenTo } = domain
  const after = wokenTo ?? beforeAllOrders
  const open = { column: 'status', is: 'any-of', values: unissued } as const
  const reissued = { column: 'status', is: 'any-of', values: ['reissue_pending'] } as const
  // The names that a reissue adds are not the order's yet, so nothing finds them but a look.
  const pages = [
    yield* ordersAfter(view, accountId, after, [open, { is: 'term-contains', text: evidence.name }]),
    yield* ordersAfter(view, accountId, after, [reissued]),
  ]
  const reached = pages.flatMap(({ reaches }) => reaches ?? []).sort(byPosition)[0] ?? null
  const ids: number[] = []
  for (const order of pages.flatMap((page) => page.found)) {
    if (reached !== null && byPosition(order, reached) > 0) continue
    if (yield* waitsFor(view, order, evidence)) ids.push(order.id)
  }
  return { domain, ids, wokenTo: reached }
}

/** Whether orders are left that a domain's proof may set going. */
export function isWaking({ isActive, evidence, wokenTo }: Domain): boolean {
  return isActive && evidence !== null && wokenTo !== null
}

/** States in which an order that was never issued may wait for the proof of a name. */
const unissued = ['pending', 'processing', 'waiting_pickup', 'needs_csr'] as const

/** Some of those after a position, and the last of them; null: there are no more. */
interface OrdersAfter {
  readonly found: readonly Order[]
  readonly reaches: OrderPosition | null
}

function* ordersAfter(
  view: Read,
  accountId: AccountId,
  after: OrderPosition,
  where: readonly Condition<OrderColumn>[],
): Program<OrdersAfter> {
  const from = { column: 'created_at', is: 'between', from: after.createdAt } as const
  // Orders of one millisecond stand before the position, too: more of them than a page holds are passed over.
  for (let offset = 0; ; offset += ORDERS_A_PAGE) {
    const { items } = yield* view.collection(orders).list({
      accountId,
      where: [...where, from],
      sort: [{ column: 'created_at', descending: false }],
      offset,
      limit: ORDERS_A_PAGE,
    })
    const found = items.filter((order) => byPosition(order, after) > 0)
    const last = found.at(-1)
    if (items.length < ORDERS_A_PAGE) return { found, reaches: null }
    if (last !== undefined) return { found, reaches: { createdAt: last.createdAt, id: last.id } }
  }
}

function byPosition(one: OrderPosition, other: OrderPosition): number {
  return one.createdAt - other.createdAt || one.id - other.id
}

function* waitsFor(view: Read, order: Order, proof: ControlEvidence): Program<boolean> {
  if (order.methods === null) return false
  const waiting = order.status === 'reissue_pending' ? yield* waitingCertificatesOf(view, order) : []
  const names = [order.lead, ...waiting.map(({ content }) => content)].flatMap(({ dnsNames }) => dnsNames)
  return names.some((name) => covers(proof, name))
}

/** Orders are held before domains and in order of id, see `addOrderProofs`. */
function* wake(
  transaction: Transaction,
  { domain, ids, wokenTo }: Stretch,
  at: Instant,
): Program<readonly number[]> {
  const { accountId } = domain
  const woken: number[] = []
  const rows = transaction.collection(orders)
  for (const id of [...ids].sort((one, other) => one - other)) {
    const order = yield* rows.hold(accountId, id)
    if (order === undefined || !waiting.has(order.status)) continue
    yield* rows.replace({ ...order, dueAt: at })
    woken.push(id)
  }
  const held = yield* transaction.collection(domains).hold(accountId, domain.id)
  // A newer proof begins anew, and another step may have come first.
  if (held === undefined || !isSame(held, domain)) return woken
  yield* transaction.collection(domains).replace({ ...held, wokenTo })
  return woken
}

const waiting: ReadonlySet<Order['status']> = new Set([...unissued, 'reissue_pending'])

function isSame(one: Domain, other: Domain): boolean {
  const [first, second] = [one.wokenTo, other.wokenTo]
  if (first === null || second === null || one.evidence === null || other.evidence === null) return false
  return (
    byPosition(first, second) === 0 &&
    one.evidence.at === other.evidence.at &&
    one.evidence.method === other.evidence.method
  )
}
