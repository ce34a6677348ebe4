import { loadAccount, requireActive } from '../accounts/load-account.ts'
import type { Caller } from '../audit/caller.ts'
import { caCertId } from '../authorities/ca-cert-id.ts'
import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { AccountId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { containersInSight } from '../identity/scope.ts'
import { users } from '../identity/user.ts'
import { unbound } from '../limits/once.ts'
import type { ContactPerson } from '../organizations/organization.ts'
import type { PersonRequest } from '../organizations/people.ts'
import { productOf } from '../products/catalogue.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { nextFollowUp } from './next-follow-up.ts'
import type { Order, OrderCertificate, ValidityWish } from './order.ts'
import type { CertificateWish, OrderWish } from './order-wish.ts'
import { orderCertificates, orders } from './orders.ts'
import { placeOrder } from './place-order.ts'
import type { PlacedOrder } from './recall-order.ts'

const dayMs = 86_400_000

/**
 * Places the order that follows one that asked for it, for the person who placed that one and by his rights: what he
 * may not approve himself waits for an approver. What it says is what the former order says.
 *
 * @returns undefined when it is not due, or not any more
 * @throws Fault access_denied for a person or account that may not order any more; what `placeOrder` raises
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
  const { principal, wish } = found
  return placeOrder(engine, principal, wish, { ...options, binding: unbound }, caller)
}

interface Renewal {
  readonly principal: Principal
  readonly wish: OrderWish
}

function* loadRenewal(
  view: View,
  { clock, sealer }: Pick<Engine, 'clock' | 'sealer'>,
  accountId: AccountId,
  orderId: number,
): Program<Renewal | undefined> {
  const order = yield* view.collection(orders).byId(accountId, orderId)
  const next = order === undefined ? null : nextFollowUp(order)
  if (order === undefined || next?.kind !== 'renewal' || clock.now() < next.at) return undefined
  const certificate = yield* view.collection(orderCertificates).byId(accountId, order.certificateId)
  if (certificate === undefined) return undefined
  const { authorityId } = certificate.content
  const authority = authorityId === null ? undefined : yield* view.authorities.byId(authorityId)
  const caName = authority === undefined ? null : caCertId(authority)
  return {
    principal: yield* orderingPrincipal(view, { sealer }, order),
    wish: renewalOf(order, certificate, caName, clock.now()),
  }
}

/** Who placed an order, with what he may do today. @throws Fault access_denied */
function* orderingPrincipal(
  view: View,
  { sealer }: Pick<Engine, 'sealer'>,
  order: Order,
): Program<Principal> {
  const account = yield* loadAccount(view, sealer, order.accountId)
  requireActive(account)
  const user = yield* view.collection(users).byId(account.id, order.userId)
  const key = order.apiKeyId === null ? undefined : yield* view.accounts.apiKey(order.apiKeyId)
  if (user?.status !== 'active' || key === undefined) throw new Fault('access_denied', { object: 'user' })
  const containerIds = yield* containersInSight(view, account.id, [
    user.containerId,
    ...user.containerAssignments,
  ])
  return {
    account,
    user,
    key,
    rights: { roles: [user.role], restriction: null, seesWholeAccount: containerIds === null },
    scope: { containerIds, ownerId: null },
  }
}

function renewalOf(
  order: Order,
  certificate: OrderCertificate,
  caName: string | null,
  now: Instant,
): OrderWish {
  const { methods } = order
  return {
    product: productOf(order.product),
    containerId: order.containerId,
    organizationId: order.organizationId,
    certificate: certificateWish(certificate, caName),
    validity: sameLength(order, now),
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
    skipApproval: true,
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
