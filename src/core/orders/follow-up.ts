import type { Caller } from '../audit/caller.ts'
import type { AuthorityRecord } from '../authorities/authority.ts'
import { type ChainCertificate, issuedChain } from '../authorities/issued-chain.ts'
import type { NamesAuthority } from '../domains/authorize-names.ts'
import { checkOrderCaa } from '../domains/check-order-caa.ts'
import { nextOrderLook } from '../domains/look-times.ts'
import { afterOrderPlaced } from '../domains/order-control.ts'
import { type OrderDomain, orderDomains, submitOrderDomains } from '../domains/submit-order-domains.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { FollowUpFacts } from './follow-up-facts.ts'
import { type IssuanceFacts, signOrderCertificate, tellIssuance } from './issue-order-certificate.ts'
import { type NewRequest, newRequest, openRequest } from './open-request.ts'
import { unconfirmedEmails } from './open-status.ts'
import type { Order, OrderCertificate, OrderContent, OrderRequest } from './order.ts'
import { latestCertificate, requireRoom } from './order-changes/order-certificates.ts'
import { orderCertificates, orders } from './orders.ts'
import { withIssued } from './record-issuance.ts'

/** Another certificate of an issued order, every wish about it judged. */
export interface FollowUp {
  readonly facts: FollowUpFacts
  readonly kind: 'reissue' | 'duplicate'
  readonly content: OrderContent
  readonly authority: AuthorityRecord
  readonly names: NamesAuthority
  /** What changes with it of the order as it is then. */
  readonly changes: (order: Order) => Partial<Order>
  readonly request: NewRequest
}

/** What became of it. */
export interface FollowUpOutcome {
  readonly order: Order
  readonly certificate: OrderCertificate
  readonly request: OrderRequest
  /** Leaf, intermediates and root when it was issued at once. */
  readonly chain: readonly ChainCertificate[] | undefined
  /** Names and mailboxes without proof. */
  readonly missing: readonly string[]
  /** The domains behind them. */
  readonly domains: readonly OrderDomain[]
}

/** Longer than one issuance takes; after a crash the order can be reissued when it has passed. */
const CLAIM_MS = 60_000

/**
 * Issues the certificate at once where nobody has to be asked and everything is proven; else stores the wish, which
 * then waits with its request.
 *
 * @throws Fault reissue_pending when another reissue came first; duplicate_not_eligible when the order ended
 *   meanwhile, or has too many; state_refused where it has too many reissues; caa_forbids, caa_absent; what issuance refuses
 */
export async function carryOutFollowUp(
  engine: Engine,
  followUp: FollowUp,
  binding: OnceBinding,
  caller: Caller,
): Promise<FollowUpOutcome> {
  const { facts, content, names, request } = followUp
  const missing = [...names.missing, ...unconfirmedEmails(facts.product, facts.order, content)]
  const isReady = facts.isOrganizationReady && missing.length === 0 && content.csr !== null
  return request.status === 'approved' && isReady
    ? issueAtOnce(engine, followUp, binding, caller)
    : await leaveWaiting(engine, followUp, missing, binding, caller)
}

async function issueAtOnce(
  engine: Engine,
  followUp: FollowUp,
  binding: OnceBinding,
  caller: Caller,
): Promise<FollowUpOutcome> {
  const { facts, kind, content, authority, names } = followUp
  const { order, primary, product, policy, organization } = facts
  if (authority.strictness === 'public-tls' && product.names.of === 'hosts') {
    await checkOrderCaa(engine, {
      account: { id: order.accountId },
      policy,
      names: content.dnsNames,
      method: (name) => names.basis.find((each) => each.name === name)?.evidence.method,
      now: engine.clock.now(),
      orderId: order.id,
      caller,
    })
  }
  const holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  const lease = `order-reissue:${order.id}`
  const endsWithPrimary = kind === 'duplicate' && content.validity === null && primary.issued !== null
  let request: OrderRequest | undefined
  try {
    const { certificate, issued, ...after } = await signOrderCertificate(
      engine,
      {
        order,
        certificate: certificateOf(followUp, 0, 0, engine.clock.now()),
        product,
        authority,
        organization,
        ...(endsWithPrimary && { notAfter: primary.issued.notAfter }),
        ...(kind === 'reissue' && primary.issued !== null && { supersedes: primary.issued.certificateId }),
      },
      caller,
      {
        *whileReserving(transaction) {
          yield* requireRoom(transaction, engine, order, kind)
          if (kind === 'duplicate') return
          const now = engine.clock.now()
          // In this order: whoever gets the lease after its last holder gave it back sees what that one committed.
          const free = yield* transaction.runtime.takeLease(lease, holder, now, now + CLAIM_MS)
          if (!free) throw new Fault('reissue_pending', {})
          yield* holdForFollowUp(transaction, followUp)
        },
        *store(transaction, result) {
          const stored = yield* recordIssued(engine, transaction, followUp, result, binding, caller)
          request = stored.request
          return stored
        },
      },
    )
    if (request === undefined) throw new TypeError('a certificate was recorded without its request')
    const leaf = { subjectCommonName: content.commonName, der: issued.certificateDer }
    const chain = await issuedChain(engine, leaf, issued.authority)
    return { order: after.order, certificate, request, chain, missing: [], domains: [] }
  } finally {
    if (kind === 'reissue') await releaseLease(engine, lease, holder)
  }
}

function* recordIssued(
  engine: Engine,
  transaction: Transaction,
  followUp: FollowUp,
  { issued, period, at }: IssuanceFacts,
  binding: OnceBinding,
  caller: Caller,
): Program<{
  readonly order: Order
  readonly certificate: OrderCertificate
  readonly request: OrderRequest
}> {
  const held = yield* holdForFollowUp(transaction, followUp)
  const waiting = yield* newCertificate(transaction, followUp, at)
  const order = { ...held, ...followUp.changes(held) }
  const stored = withIssued({ order, certificate: waiting }, issued, period, at)
  yield* transaction.collection(orderCertificates).insert(stored.certificate)
  yield* transaction.collection(orders).replace(stored.order)
  const request = yield* openRequest(transaction, followUp.request, order, waiting.id)
  yield* binding.bind(transaction, { requestId: request.id })
  yield* tellIssuance(transaction, engine, stored, at, true)
  tell(transaction, followUp, request, caller)
  return { ...stored, request }
}

/** Stores the wish; what it waits for is looked at by the background, or by whoever approves. */
async function leaveWaiting(
  engine: Engine,
  followUp: FollowUp,
  missing: readonly string[],
  binding: OnceBinding,
  caller: Caller,
): Promise<FollowUpOutcome> {
  const { facts, kind, names, changes, request: asked } = followUp
  const outcome = await engine.store.write(function* (transaction) {
    const held = yield* holdForFollowUp(transaction, followUp)
    yield* requireRoom(transaction, engine, held, kind)
    const at = engine.clock.now()
    const certificate = yield* newCertificate(transaction, followUp, at)
    const changed: Order = {
      ...held,
      ...changes(held),
      ...(kind === 'reissue' && { status: 'reissue_pending', updatedAt: at }),
    }
    const isAwaited = asked.status === 'approved' || missing.length > 0
    const dueAt = isAwaited ? nextOrderLook({ ...changed, updatedAt: at }, at) : held.dueAt
    const order: Order = { ...changed, dueAt }
    yield* transaction.collection(orderCertificates).insert(certificate)
    yield* transaction.collection(orders).replace(order)
    const request = yield* openRequest(transaction, followUp.request, order, certificate.id)
    yield* binding.bind(transaction, { requestId: request.id })
    tell(transaction, followUp, request, caller)
    const wanted = { names: names.missing, type: facts.product.organization }
    yield* submitOrderDomains(transaction, order, wanted, at, caller)
    const domains = yield* orderDomains(transaction, order, names.missing)
    return { order, certificate, request, chain: undefined, missing, domains }
  })
  if (outcome.request.status === 'approved') await afterOrderPlaced(engine, outcome.order)
  return outcome
}

/** The order as it is now, if it still is what the wish was judged by. */
function* holdForFollowUp(transaction: Transaction, { facts, kind }: FollowUp): Program<Order> {
  const { accountId, id, certificateId } = facts.order
  const held = yield* transaction.collection(orders).hold(accountId, id)
  const isSame = held?.status === 'issued' && held.certificateId === certificateId
  if (held !== undefined && (isSame || (kind === 'duplicate' && held.status === 'issued'))) return held
  throw kind === 'reissue' ? new Fault('reissue_pending', {}) : new Fault('duplicate_not_eligible', {})
}

function* newCertificate(
  transaction: Transaction,
  followUp: FollowUp,
  at: number,
): Program<OrderCertificate> {
  const latest = yield* latestCertificate(transaction, followUp.facts.order)
  const id = yield* transaction.collection(orderCertificates).nextId()
  return certificateOf(followUp, id, (latest?.sequence ?? 0) + 1, at)
}

function certificateOf(
  { facts, kind, content }: FollowUp,
  id: number,
  sequence: number,
  at: number,
): OrderCertificate {
  return {
    id,
    accountId: facts.order.accountId,
    orderId: facts.order.id,
    kind,
    status: 'pending',
    sequence,
    content,
    issued: null,
    claim: null,
    archived: false,
    createdAt: at,
    updatedAt: at,
  }
}

function tell(
  transaction: Transaction,
  { facts, kind, content }: FollowUp,
  request: OrderRequest,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action: 'request.opened',
    at: request.createdAt,
    actor,
    accountId: request.accountId,
    object: `request:${request.id}`,
    requestId,
    detail: {
      type: kind,
      status: request.status,
      order: facts.order.id,
      certificate: request.certificateId,
      name: content.commonName,
    },
  })
}

/** The request for another certificate of an order. */
export function followUpRequest(
  { product, policy, organization }: FollowUpFacts,
  type: 'reissue' | 'duplicate',
  principal: Principal,
  { skipApproval, comments }: { readonly skipApproval: boolean; readonly comments: string },
  at: number,
): NewRequest {
  return newRequest({ principal, policy, product, organization, type, skipApproval, comments, at })
}

/** A lease that cannot be given back ends by itself; it must not hide what became of the reissue. */
async function releaseLease(engine: Engine, lease: string, holder: string): Promise<void> {
  try {
    await engine.store.write((transaction) => transaction.runtime.releaseLease(lease, holder))
  } catch (cause) {
    engine.log.warn({ lease, cause }, 'a lease could not be given back and ends by itself')
  }
}
