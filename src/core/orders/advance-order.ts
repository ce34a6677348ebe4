import type { Caller } from '../audit/caller.ts'
import { type ChainCertificate, issuedChain } from '../authorities/issued-chain.ts'
import type { AccountId } from '../brand.ts'
import { checkOrderCaa } from '../domains/check-order-caa.ts'
import { checkEmailDomains, checkOrderDomains } from '../domains/check-order-domains.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { orderAuthority } from '../products/order-authority.ts'
import {
  IssuanceTaken,
  isBeingIssued,
  issueOrderCertificate,
  type OrderIssued,
} from './issue-order-certificate.ts'
import { loadOpenOrder, type OpenOrder, type WaitingCertificate } from './load-open-order.ts'
import type { Order, OrderCertificate, OrderContent } from './order.ts'

/** How far an order has come. */
export interface OrderProgress {
  readonly order: Order
  /** The certificate that was issued last by this call, or that waits, or that counts. */
  readonly certificate: OrderCertificate
  /** Leaf, intermediates and root, when the certificate was issued by this call. */
  readonly chain: readonly ChainCertificate[] | undefined
  /** Names and mailboxes of waiting certificates that have no proof. */
  readonly missing: readonly string[]
}

/** States in which an order's certificates may be issued; an issued order may have duplicates that wait. */
const open: ReadonlySet<Order['status']> = new Set<Order['status']>([
  'pending',
  'processing',
  'reissue_pending',
  'waiting_pickup',
  'needs_csr',
  'issued',
])

/**
 * Issues what of an order can be issued now: approved, with a CSR, its organization validated, its names proven, CAA
 * permitting. Whatever is not ready stays as it is. Any number of calls at once issue each certificate once.
 *
 * @throws Fault domain_disabled, domain_not_allowed, domain_protected, email_domain_not_validated, caa_forbids,
 *   caa_absent, and what issuance refuses: the order stays as it was. object_unknown, access_denied
 */
export async function advanceOrder(
  engine: Engine,
  accountId: AccountId,
  orderId: number,
  caller: Caller,
): Promise<OrderProgress> {
  const found = await load(engine, accountId, orderId)
  let last: OrderIssued | undefined
  for (const waiting of open.has(found.order.status) ? found.waiting : []) {
    if (isReady(engine, waiting)) last = (await issueWaiting(engine, found, waiting, caller)) ?? last
  }
  if (last === undefined) return progressOf(found)
  const { order, certificate, issued } = last
  const leaf = { subjectCommonName: certificate.content.commonName, der: issued.certificateDer }
  const after = await load(engine, accountId, orderId)
  return {
    order,
    certificate,
    chain: await issuedChain(engine, leaf, issued.authority),
    missing: progressOf(after).missing,
  }
}

async function load(engine: Engine, accountId: AccountId, orderId: number): Promise<OpenOrder> {
  const now = engine.clock.now()
  return engine.store.read((view) => loadOpenOrder(view, engine, accountId, orderId, now))
}

function isReady(
  { clock }: Pick<Engine, 'clock'>,
  { certificate, missing, isOrganizationReady }: WaitingCertificate,
): boolean {
  const isFree = !isBeingIssued(certificate, clock.now())
  return certificate.content.csr !== null && isFree && isOrganizationReady && missing.length === 0
}

/** Undefined when another attempt has it. */
async function issueWaiting(
  engine: Engine,
  open: OpenOrder,
  { certificate, methodOf }: WaitingCertificate,
  caller: Caller,
): Promise<OrderIssued | undefined> {
  const { order, primary, product, policy, organization } = open
  const { content, kind } = certificate
  await requireDomains(engine, open, content)
  const authority = await orderAuthority(engine, policy, product, content.authorityId, { pause: refuse })
  if (authority.strictness === 'public-tls' && product.names.of === 'hosts') {
    await checkOrderCaa(engine, {
      account: { id: order.accountId },
      policy,
      names: content.dnsNames,
      method: methodOf,
      now: engine.clock.now(),
      orderId: order.id,
      caller,
    })
  }
  const endsWithPrimary = kind === 'duplicate' && content.validity === null
  const notAfter = endsWithPrimary ? primary.issued?.notAfter : undefined
  const supersedes = kind === 'reissue' ? primary.issued?.certificateId : undefined
  try {
    return await issueOrderCertificate(
      engine,
      {
        order,
        certificate,
        product,
        authority,
        organization,
        ...(notAfter !== undefined && { notAfter }),
        ...(supersedes !== undefined && { supersedes }),
      },
      caller,
    )
  } catch (error) {
    if (error instanceof IssuanceTaken) return undefined
    throw error
  }
}

/**
 * What was allowed when it was asked for may not be any more: a domain was deactivated (case D12), or somebody locked it.
 * @throws Fault domain_disabled, domain_not_allowed, domain_protected, email_domain_not_validated
 */
async function requireDomains(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  { order, product, policy, container }: OpenOrder,
  { dnsNames, emails }: OrderContent,
): Promise<void> {
  const { accountId, organizationId } = order
  const strictness = product.issuer === 'account' ? 'private-tls' : 'public-tls'
  const common = { accountId, strictness, now: clock.now() } as const
  await store.read(function* (view) {
    if (dnsNames.length > 0) yield* checkOrderDomains(view, { ...common, container, policy, names: dnsNames })
    if (emails.length === 0 || product.organization === null || product.issuer === 'account') return
    yield* checkEmailDomains(view, { ...common, organizationId, emails })
  })
}

function progressOf({ order, primary, waiting }: OpenOrder): OrderProgress {
  return {
    order,
    certificate: waiting[0]?.certificate ?? primary,
    chain: undefined,
    missing: [...new Set(waiting.flatMap(({ missing }) => missing))],
  }
}

/** The public hierarchy was made when the order was placed; if another process still makes it, later is soon enough. */
function refuse(): Promise<never> {
  return Promise.reject(new Fault('store_busy', { retryAfterMs: 1_000 }))
}
