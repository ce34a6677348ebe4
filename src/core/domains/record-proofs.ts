import type { Caller } from '../audit/caller.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import type { Order } from '../orders/order.ts'
import { orders } from '../orders/orders.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { tellWebhooks } from '../webhooks/tell-webhooks.ts'
import { type ControlEvidence, type Domain, domains } from './domain.ts'
import { beforeAllOrders } from './wake-orders.ts'

/** States in which an order may wait for the proof of a name. */
export const waitingStatuses = [
  'needs_approval',
  'pending',
  'processing',
  'reissue_pending',
  'waiting_pickup',
  'needs_csr',
  'issued',
] as const satisfies readonly Order['status'][]

/** Whether an answer may still make a certificate of the order possible. */
export function isWaiting({ status }: Pick<Order, 'status'>): boolean {
  return waitingStatuses.some((waiting) => waiting === status)
}

/** Whether proofs still mean something to an order. */
export function takesProofs(order: Pick<Order, 'status' | 'methods'>): boolean {
  return order.methods !== null && isWaiting(order)
}

/**
 * Adds proofs to an order, each in the place of an older one of its name and method, and to active domains of the
 * account with the very name. Orders are held before domains, and either in order of id, here and everywhere: two
 * transactions never wait for each other.
 */
export function* addOrderProofs(
  transaction: Transaction,
  engine: Pick<Engine, 'random'>,
  { accountId, id }: Pick<Order, 'accountId' | 'id'>,
  proofs: readonly ControlEvidence[],
): Program<void> {
  const order = yield* transaction.collection(orders).hold(accountId, id)
  if (order === undefined || order.methods === null || !takesProofs(order) || proofs.length === 0) return
  const isSame = (one: ControlEvidence, other: ControlEvidence) =>
    one.name === other.name && one.method === other.method
  const fresh = proofs.filter((proof, index) => proofs.findIndex((other) => isSame(proof, other)) === index)
  const kept = order.methods.evidence.filter((old) => !fresh.some((proof) => isSame(old, proof)))
  const methods = { ...order.methods, evidence: [...kept, ...fresh] }
  yield* transaction.collection(orders).replace({ ...order, methods })
  const proven: { readonly domain: Domain; readonly proof: ControlEvidence }[] = []
  for (const proof of fresh) {
    const alike = yield* transaction.collection(domains).withValue(accountId, 'name', proof.name, 100)
    proven.push(...alike.filter(({ isActive }) => isActive).map((domain) => ({ domain, proof })))
  }
  proven.sort((one, other) => one.domain.id - other.domain.id)
  for (const { domain, proof } of proven) yield* setDomainProof(transaction, engine, domain, proof)
}

/**
 * Makes a proof the domain's latest, unless there is a newer one, and tells the account's webhook. The orders that waited
 * for it are set going after that, see `wakeSomeOrders`, by the background at the latest.
 */
export function* setDomainProof(
  transaction: Transaction,
  engine: Pick<Engine, 'random'>,
  { accountId, id }: Pick<Domain, 'accountId' | 'id'>,
  evidence: ControlEvidence,
): Program<void> {
  const domain = yield* transaction.collection(domains).hold(accountId, id)
  if (domain === undefined || (domain.evidence !== null && domain.evidence.at > evidence.at)) return
  const changes = { evidence, approvalWish: null, wokenTo: beforeAllOrders, dueAt: evidence.at }
  yield* transaction.collection(domains).replace({ ...domain, ...changes })
  const telling = { accountId, event: 'domain_validated', at: evidence.at, domainId: id } as const
  yield* tellWebhooks(transaction, engine, telling)
}

/** Tells the audit log of one check of control. */
export function tellCheck(
  transaction: Transaction,
  at: Instant,
  caller: Caller,
  {
    accountId,
    object,
    method,
    value,
    found,
  }: {
    readonly accountId: AccountId
    readonly object: string
    readonly method: string
    readonly value: string
    readonly found: string
  },
): void {
  transaction.record({
    action: 'control.checked',
    at,
    actor: caller.actor,
    accountId,
    object,
    requestId: caller.requestId,
    detail: { method, value, found },
  })
}
