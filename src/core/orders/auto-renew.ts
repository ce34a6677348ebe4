import { isApiKeyLive } from '../accounts/api-key.ts'
import { loadAccount } from '../accounts/load-account.ts'
import type { Caller } from '../audit/caller.ts'
import { caCertId } from '../authorities/ca-cert-id.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import { permits } from '../identity/permissions.ts'
import { type LiveUser, liveUser, type Principal, principalWith } from '../identity/principal.ts'
import { unbound } from '../limits/once.ts'
import type { ContactPerson } from '../organizations/organization.ts'
import type { PersonRequest } from '../organizations/people.ts'
import { productOf } from '../products/catalogue.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { hasEnded } from './follow-up-facts.ts'
import { nextFollowUp } from './next-follow-up.ts'
import type { Order, OrderCertificate, ValidityWish } from './order.ts'
import type { CertificateWish, OrderWish } from './order-wish.ts'
import { orderCertificates, orders } from './orders.ts'
import { placeOrder } from './place-order.ts'
import type { PlacedOrder } from './recall-order.ts'

const dayMs = 86_400_000

/** A renewal that nobody may have is told to the audit log once in this time, however often it is tried. */
const TOLD_MS = dayMs

/**
 * Places the order that follows one that asked for it, for the person who placed that one, and with no more rights than
 * that person and the key have today: what may not be approved with them waits for an approver. A key that was revoked
 * or is over still bounds the rights, and approves nothing any more. What the order says is what the former order says.
 *
 * @returns undefined when it is not due, or not any more
 * @throws Fault access_denied for a person, key or account that may not order any more, told to the audit log; what
 *   `placeOrder` raises
 */
export async function renewAutomatically(
  engine: Engine,
  accountId: AccountId,
  orderId: number,
  options: PublicHierarchyOptions,
  caller: Caller,
): Promise<PlacedOrder | undefined> {
  const found = await engine.store.read((view) => loadRenewal(view, engine, accountId, orderId))
  if (found === undefined) return undefined
  const { orderer, wish } = found
  if (orderer === undefined) {
    await tellNobodyMay(engine, accountId, orderId, caller)
    throw new Fault('access_denied', { object: 'user' })
  }
  return placeOrder(engine, orderer.principal, wish(orderer), { ...options, binding: unbound }, caller)
}

interface Orderer {
  readonly principal: Principal
  /** Whether the rights may also approve. */
  readonly isKeyLive: boolean
}

interface Renewal {
  /** Undefined: nobody who may order. */
  readonly orderer: Orderer | undefined
  readonly wish: (orderer: Orderer) => OrderWish
}

function* loadRenewal(
  view: View,
  parts: Pick<Engine, 'clock' | 'sealer'>,
  accountId: AccountId,
  orderId: number,
): Program<Renewal | undefined> {
  const now = parts.clock.now()
  const order = yield* view.collection(orders).byId(accountId, orderId)
  const next = order === undefined ? null : nextFollowUp(order)
  if (order === undefined || next?.kind !== 'renewal' || now < next.at || hasEnded(order, now))
    return undefined
  const certificate = yield* view.collection(orderCertificates).byId(accountId, order.certificateId)
  if (certificate === undefined) return undefined
  const { authorityId } = certificate.content
  const authority = authorityId === null ? undefined : yield* view.authorities.byId(authorityId)
  const caName = authority === undefined ? null : caCertId(authority)
  return {
    orderer: yield* ordererOf(view, parts, order, now),
    wish: ({ isKeyLive }) => renewalOf(order, certificate, { caName, skipApproval: isKeyLive }, now),
  }
}

/** Who placed an order, with what is left today of the rights by which that was done. */
function* ordererOf(
  view: View,
  { sealer }: Pick<Engine, 'sealer'>,
  order: Order,
  now: Instant,
): Program<Orderer | undefined> {
  const account = yield* loadAccount(view, sealer, order.accountId)
  const key = order.apiKeyId === null ? undefined : yield* view.accounts.apiKey(order.apiKeyId)
  const user = yield* userWhoMayAct(view, order, now)
  if (account.status !== 'active' || key === undefined || user === undefined) return undefined
  const principal = yield* principalWith(view, { account, key }, user)
  if (!permits(principal.rights, 'orders', 'manage')) return undefined
  return { principal, isKeyLive: isApiKeyLive(key, now) }
}

function* userWhoMayAct(
  view: View,
  { accountId, userId }: Order,
  now: Instant,
): Program<LiveUser | undefined> {
  try {
    return yield* liveUser(view, { id: accountId }, userId, now)
  } catch (error) {
    if (isFault(error, 'credential_unknown')) return undefined
    throw error
  }
}

/** For whoever wonders why nothing followed an order. */
async function tellNobodyMay(
  { clock, random, store }: Engine,
  accountId: AccountId,
  orderId: number,
  { actor, requestId }: Caller,
): Promise<void> {
  const holder = Buffer.from(random.bytes(16)).toString('hex')
  await store.write(function* (transaction) {
    const at = clock.now()
    const lease = `renewal-refused:${orderId}`
    if (!(yield* transaction.runtime.takeLease(lease, holder, at, at + TOLD_MS))) return
    transaction.record({
      action: 'order.renewal-refused',
      at,
      actor,
      accountId,
      object: `order:${orderId}`,
      requestId,
      detail: { reason: 'whoever placed it may not order any more' },
    })
  })
}

function renewalOf(
  order: Order,
  certificate: OrderCertificate,
  { caName, skipApproval }: { readonly caName: string | null; readonly skipApproval: boolean },
  now: Instant,
): OrderWish {
  const { methods } = order
  return {
    product: productOf(order.product),
    containerId: order.containerId,
    organizationId: order.organizationId,
    certificate: certificateWish(certificate, caName),
    validity: sameLength(order, now),
    validityParameter: 'order_validity',
    contacts: {
      organization: personRequest(order.organizationContact),
      technical: personRequest(order.technicalContact),
      verified: order.verifiedContacts.flatMap((contact) => personRequest(contact) ?? []),
    },
    remarks: {
      controlScope: order.controlScope,
      comments: order.comments,
      autoRenew: order.autoRenew,
      autoReissue: order.autoReissue,
      disableRenewalNotifications: order.disableRenewalNotifications,
      renewedThumbprint: order.renewedThumbprint,
      customRenewalMessage: order.customRenewalMessage,
      disableIssuanceEmail: order.disableIssuanceEmail,
      shipTo: order.shipTo,
      additionalEmails: order.additionalEmails,
      locale: order.locale,
      userAssignments: order.userAssignments,
    },
    provisioning: order.provisioning,
    renewalOfOrderId: order.id,
    skipApproval,
    processorComment: '',
    method: methods?.method ?? null,
    approvers: (methods?.approvers ?? []).map(({ name, domain, address }, place) => ({
      dnsName: name,
      emailDomain: domain,
      email: address,
      parameter: `dcv_emails.${place}`,
    })),
    useAuthKey: false,
    disableCt: null,
    paymentMethod: order.paymentMethod,
    customFields: order.customFields,
    alternativeOrderId: null,
  }
}

function certificateWish({ content }: OrderCertificate, caName: string | null): CertificateWish {
  const { validity } = content
  return {
    commonName: content.commonName,
    dnsNames: content.dnsNames,
    emails: content.emails,
    organizationUnits: content.organizationUnits,
    csr: content.csr,
    signatureHash: content.signatureHash,
    serverPlatformId: content.serverPlatformId,
    caCertId: caName,
    // A day that was chosen once is over when the next order begins.
    validity: validity !== null && 'date' in validity ? null : validity,
    profileOption: content.profileOption,
    mail: content.mail,
  }
}

/** As long as the order before, where that one ended on a day. */
function sameLength({ validity, validFrom, validUntil }: Order, now: Instant): ValidityWish {
  if (!('date' in validity)) return validity
  return { days: Math.max(1, Math.round(((validUntil ?? now) - (validFrom ?? now)) / dayMs)) }
}

function personRequest(contact: ContactPerson | null): PersonRequest | null {
  if (contact === null) return null
  return contact.userId === null ? contact : { userId: contact.userId }
}
