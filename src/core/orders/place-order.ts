import { readCertificationRequest } from '../../pki/csr.ts'
import type { Caller } from '../audit/caller.ts'
import { proveByAuthKey } from '../auth-keys/prove-by-auth-key.ts'
import { issuedChain } from '../authorities/issued-chain.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { AccountId, Instant } from '../brand.ts'
import { authorizeNames, type NamesAuthority } from '../domains/authorize-names.ts'
import { checkOrderCaa } from '../domains/check-order-caa.ts'
import type { ControlEvidence } from '../domains/domain.ts'
import { afterOrderPlaced, newOrderControl } from '../domains/order-control.ts'
import type { OrderControl } from '../domains/order-control-record.ts'
import { orderDomains, submitOrderDomains } from '../domains/submit-order-domains.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { OrderDraft } from './draft-order.ts'
import { seesOrder } from './find-order.ts'
import { type IssuanceFacts, signOrderCertificate, tellIssuance } from './issue-order-certificate.ts'
import { newOrder } from './new-order.ts'
import { unconfirmedEmails } from './open-status.ts'
import type { Order } from './order.ts'
import type { OrderWish } from './order-wish.ts'
import { orders } from './orders.ts'
import { type PlacedOrder, recallOrder } from './recall-order.ts'
import { withIssued } from './record-issuance.ts'
import {
  ConfigurationChanged,
  isPresent,
  presentDraft,
  rememberedDraft,
  requirePresent,
} from './remembered-draft.ts'
import { AlternativeIdTaken, type NewOrder, type StoredOrder, storeOrder } from './store-order.ts'

export interface PlacingOptions extends PublicHierarchyOptions {
  /** Ties the order to a request that may come again. */
  readonly binding: OnceBinding
}

/**
 * Places an order. When everything is ready (approval skipped or not asked for, organization validated, names proven,
 * CAA permitting), the certificate is issued within the call and recorded together with the order. Everything else is
 * stored and goes on as it becomes ready. An alternative id that the account has used gives the order that has it.
 *
 * @throws Fault, or Faults when one step of the checks finds several; nothing is stored then
 */
export async function placeOrder(
  engine: Engine,
  principal: Principal,
  wish: OrderWish,
  options: PlacingOptions,
  caller: Caller,
): Promise<PlacedOrder> {
  try {
    return await placeBy(rememberedDraft, engine, principal, wish, options, caller)
  } catch (error) {
    if (!(error instanceof ConfigurationChanged)) throw error
    return placeBy(presentDraft, engine, principal, wish, options, caller)
  }
}

/** @throws ConfigurationChanged before anything was signed or stored */
async function placeBy(
  draftOrder: typeof rememberedDraft,
  engine: Engine,
  principal: Principal,
  wish: OrderWish,
  options: PlacingOptions,
  caller: Caller,
): Promise<PlacedOrder> {
  const accountId = principal.account.id
  const first = await orderOfAlternativeId(engine, principal, wish)
  if (first !== undefined) return recallOrder(engine, principal, first.id, caller)
  const now = engine.clock.now()
  const draft = await draftOrder(engine, principal, wish, now, options)
  const { control, names } = await controlOf(engine, accountId, wish, draft, now)
  const made = newOrder(principal, wish, draft, control, now)
  const unconfirmed = unconfirmedEmails(draft.product, made.order, draft.content)
  const missing = [...names.missing, ...unconfirmed]
  const isReady =
    made.request.status === 'approved' &&
    draft.content.csr !== null &&
    draft.isOrganizationReady &&
    missing.length === 0
  if (isReady) await askCaa(engine, accountId, draft, names, caller)
  // Whoever may come at the same time, with the same id or for the last of the funds, has to find the order before
  // anything is signed.
  const isStoredFirst = wish.alternativeOrderId !== null || drawsOnLimit(draft)
  if (isReady && !isStoredFirst) return issueAtOnce(engine, draft, made, options, caller)
  const stored = await storeUnlessTaken(engine, made, { draft, missing: names.missing }, options, caller)
  if (stored === undefined) return placeOrder(engine, principal, wish, options, caller)
  if (isReady) return recallOrder(engine, principal, stored.order.id, caller)
  if (made.request.status === 'approved') await afterOrderPlaced(engine, stored.order)
  return { ...stored, chain: undefined, missing }
}

/** Whether there may be too little money for it once others that are placed meanwhile are paid. */
function drawsOnLimit({ price, policy }: OrderDraft): boolean {
  return price > 0 && policy.creditLimit !== null
}

/** @throws Fault parameter_invalid for the id of an order out of sight */
async function orderOfAlternativeId(
  { store }: Engine,
  principal: Principal,
  { alternativeOrderId }: OrderWish,
): Promise<Order | undefined> {
  if (alternativeOrderId === null) return undefined
  const [order] = await store.read((view) =>
    view.collection(orders).withValue(principal.account.id, 'alternative_order_id', alternativeOrderId, 1),
  )
  if (order !== undefined && !seesOrder(principal, order)) {
    throw new Fault('parameter_invalid', {
      parameter: 'alternative_order_id',
      reason: 'another order has it',
    })
  }
  return order
}

interface Control {
  /** Null where no control has to be proven. */
  readonly control: OrderControl | null
  readonly names: NamesAuthority
}

async function controlOf(
  engine: Engine,
  accountId: AccountId,
  wish: OrderWish,
  { product, authority, content, approvers }: OrderDraft,
  now: Instant,
): Promise<Control> {
  if (product.names.of !== 'hosts' || product.issuer === 'account') {
    return { control: null, names: { missing: [], basis: [] } }
  }
  const method = wish.method ?? 'email'
  const evidence: readonly ControlEvidence[] =
    wish.useAuthKey && content.csr !== null
      ? await proveByAuthKey(engine, {
          accountId,
          csrDer: readCertificationRequest(content.csr),
          names: content.dnsNames,
          method,
          now,
        })
      : []
  const { strictness } = authority
  const asked = { accountId, names: content.dnsNames, strictness, evidence, now }
  return {
    control: newOrderControl(engine, method, { approvers, evidence }),
    names: await engine.store.read((view) => authorizeNames(view, asked)),
  }
}

/** @throws Fault caa_forbids, caa_absent */
async function askCaa(
  engine: Engine,
  accountId: AccountId,
  { authority, product, policy, content }: OrderDraft,
  { basis }: NamesAuthority,
  caller: Caller,
): Promise<void> {
  if (authority.strictness !== 'public-tls' || product.names.of !== 'hosts') return
  await checkOrderCaa(engine, {
    account: { id: accountId },
    policy,
    names: content.dnsNames,
    method: (name) => basis.find((each) => each.name === name)?.evidence.method,
    now: engine.clock.now(),
    caller,
  })
}

/** Signs first and stores the order with its certificate, so that an order that is refused leaves nothing. */
async function issueAtOnce(
  engine: Engine,
  draft: OrderDraft,
  made: NewOrder,
  { binding }: PlacingOptions,
  caller: Caller,
): Promise<PlacedOrder> {
  const { product, authority, organization, content, csrDer } = draft
  const { order, certificate, request, issued } = await signOrderCertificate(
    engine,
    {
      order: made.order,
      certificate: made.certificate,
      product,
      authority,
      organization,
      ...(csrDer !== null && { csrDer }),
    },
    caller,
    {
      whileReserving: (transaction) => requirePresent(transaction, engine, draft),
      store: (transaction, facts) =>
        storeIssued(transaction, engine, { draft, made, facts, binding }, caller),
    },
  )
  const leaf = { subjectCommonName: content.commonName, der: issued.certificateDer }
  return {
    order,
    certificate,
    request,
    chain: await issuedChain(engine, leaf, issued.authority),
    missing: [],
    domains: [],
  }
}

interface IssuedAtOnce {
  readonly binding: OnceBinding
  readonly draft: OrderDraft
  readonly made: NewOrder
  readonly facts: IssuanceFacts
}

/** @throws what `storeOrder` raises */
function* storeIssued(
  transaction: Transaction,
  engine: Engine,
  { draft, made, facts, binding }: IssuedAtOnce,
  caller: Caller,
): Program<StoredOrder> {
  const { order, certificate } = withIssued(made, facts.issued, facts.period, facts.at)
  const { request, policy } = made
  const stored = yield* storeOrder(transaction, { order, certificate, request, policy }, binding, caller)
  if (draft.hasWebhook || !isPresent(engine, draft)) {
    yield* tellIssuance(transaction, engine, stored, facts.at, true)
  }
  return stored
}

/** Undefined when another order got the alternative id meanwhile. */
async function storeUnlessTaken(
  engine: Engine,
  made: NewOrder,
  { draft, missing }: { readonly draft: OrderDraft; readonly missing: readonly string[] },
  { binding }: PlacingOptions,
  caller: Caller,
): Promise<Omit<PlacedOrder, 'chain' | 'missing'> | undefined> {
  try {
    return await engine.store.write(function* (transaction) {
      yield* requirePresent(transaction, engine, draft)
      const stored = yield* storeOrder(transaction, made, binding, caller)
      const { order } = stored
      const wanted = { names: missing, type: draft.product.organization }
      yield* submitOrderDomains(transaction, order, wanted, order.createdAt, caller)
      return { ...stored, domains: yield* orderDomains(transaction, order, missing) }
    })
  } catch (error) {
    if (error instanceof AlternativeIdTaken) return undefined
    throw error
  }
}
