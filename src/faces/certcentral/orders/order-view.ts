import type { Instant } from '../../../core/brand.ts'
import type { Engine } from '../../../core/engine.ts'
import type { OrderDetails, OrderSummary } from '../../../core/orders/load-order-details.ts'
import type { Order, OrderCertificate, OrderRequest, ShippingAddress } from '../../../core/orders/order.ts'
import type { Product } from '../../../core/products/product.ts'
import { aliasTarget } from '../alias-target.ts'
import { orderCertificateView, validityMembers, validityView } from '../certificates/certificate-view.ts'
import { containerSummary } from '../containers/container-view.ts'
import { dayMs } from '../filter-bounds.ts'
import { orderedProduct, productSummary } from '../products/product-view.ts'
import { dateTime, dayOrAbsent, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'
import { userSummary } from '../users/user-view.ts'
import { contactView, orderedOrganization, personView } from './people.ts'

/** The status of an order as callers see it: what was bought ends by itself. */
export function orderStatus(
  { status, validUntil }: Pick<Order, 'status' | 'validUntil'>,
  now: Instant,
): string {
  return status === 'issued' && validUntil !== null && validUntil < now ? 'expired' : status
}

/** Does one certificate after the other serve the order? */
function isMultiYearPlan({ lead, validUntil, validity }: Order, product: Product): boolean {
  if (lead.notAfter !== null && validUntil !== null) return validUntil - lead.notAfter > dayMs
  return 'years' in validity && validity.years * 365 > product.maximumLifetimeDays
}

/** Amounts are kept in the hundredth part of the currency. */
const price = (cents: number): number => cents / 100

/** An order in a list. */
export function orderListView(
  { order, product, container, organization }: OrderSummary,
  now: Instant,
): Members {
  const { lead, validity } = order
  return {
    id: order.id,
    certificate: {
      id: order.certificateId,
      serial_number: lead.serialNumber ?? undefined,
      thumbprint: lead.thumbprint ?? undefined,
      common_name: lead.commonName,
      dns_names: lead.dnsNames,
      emails: lead.emails.length > 0 ? lead.emails : undefined,
      ...(lead.notBefore === null || lead.notAfter === null
        ? {}
        : validityMembers({ notBefore: lead.notBefore, notAfter: lead.notAfter }, now)),
      cert_validity: lead.validity === null ? undefined : validityView(lead.validity),
      signature_hash: lead.signatureHash,
    },
    status: orderStatus(order, now),
    is_renewed: order.renewedByOrderId !== null,
    date_created: dateTime(order.createdAt),
    organization: organization === undefined ? undefined : { id: organization.id, name: organization.name },
    validity_years: 'years' in validity ? validity.years : undefined,
    validity_days: 'days' in validity ? validity.days : undefined,
    custom_expiration_date: 'date' in validity ? validity.date : undefined,
    order_validity: validityView(validity),
    order_valid_till: dayOrAbsent(order.validUntil),
    disable_renewal_notifications: order.disableRenewalNotifications,
    container: container === undefined ? undefined : containerSummary(container),
    product: productSummary(product),
    duplicates_count: order.duplicatesCount,
    has_duplicates: order.duplicatesCount > 0,
    reissues_count: order.reissuesCount,
    has_reissues: order.reissuesCount > 0,
    price: price(order.price),
    product_name_id: order.product,
    number_of_sans: lead.dnsNames.length,
    is_multi_year_plan: isMultiYearPlan(order, product) ? '1' : undefined,
    alternative_order_id: order.alternativeOrderId ?? undefined,
  }
}

/** What a request shows of its order in a list of requests. */
export function orderSummaryView({ order, product, container, organization }: OrderSummary): Members {
  return {
    id: order.id,
    certificate: { id: order.certificateId, common_name: order.lead.commonName },
    organization: organization === undefined ? undefined : { id: organization.id, name: organization.name },
    container: container === undefined ? undefined : { id: container.id, name: container.name },
    product: productSummary(product),
  }
}

/** An order with everything that is known of it. Until it is issued, what a certificate has is left out. */
export function orderInfoView(engine: Pick<Engine, 'outside'>, details: OrderDetails, now: Instant): Members {
  const { order, certificate, product, organization, user, requests } = details
  const listed = orderListView(details, now)
  return {
    ...listed,
    certificate: {
      ...orderCertificateView(certificate, order, details.authority, now),
      receipt_id: details.receiptId,
      status: certificateStatus(certificate),
    },
    is_renewal: order.renewalOfOrderId !== null,
    renewed_order_id: order.renewalOfOrderId ?? 0,
    renewal_of_order_id: order.renewalOfOrderId ?? undefined,
    organization: organization === undefined ? undefined : orderedOrganization(organization),
    order_valid_from: dayOrAbsent(order.validFrom),
    product: orderedProduct(product),
    ...contacts(details),
    user: user === undefined ? { id: order.userId } : userSummary(user),
    user_assignments: order.userAssignments.map((id) => personView(id, details.people)),
    requests: requests.map(requestView),
    has_pending_request: requests.some(isOpen),
    ...approval(details),
    cs_provisioning_method: order.provisioning,
    ship_info: order.shipTo === null ? undefined : shippingView(order.shipTo),
    ...renewalNotices(order),
    allow_duplicates: product.duplicates,
    payment_method: order.paymentMethod,
    disable_ct: order.disableCt,
    ...controlMembers(engine, order),
    notes:
      order.notes.length === 0
        ? undefined
        : order.notes.map(({ id, text, at }) => ({ id, text, date: dateTime(at) })),
    custom_fields: customFieldViews(details),
    additional_emails: order.additionalEmails.length > 0 ? order.additionalEmails : undefined,
    custom_renewal_message: textOrAbsent(order.customRenewalMessage),
    comments: textOrAbsent(order.comments),
    locale: order.locale,
    auto_renew: order.autoRenew,
    auto_reissue: order.autoReissue,
    is_out_of_contract: false,
    is_guest_access_enabled: false,
    receipt_id: details.receiptId,
    currency: details.currency,
    api_key:
      details.apiKey === undefined
        ? undefined
        : { name: textOrAbsent(details.apiKey.name), key_type: 'api_key' },
  }
}

/** How control over the names is proven. */
function controlMembers(engine: Pick<Engine, 'outside'>, { methods }: Order): Members {
  if (methods === null) return {}
  const { method, randomValue } = methods
  if (randomValue === null) return { dcv_method: method }
  return { dcv_method: method, dcv_random_value: randomValue.value, ...aliasTarget(engine, method) }
}

/** Clients take a certificate without status for one that is good, and is the order's first. */
function certificateStatus({ kind, status, issued }: OrderCertificate): string | undefined {
  if (issued === null) return undefined
  return status === 'revoked' || kind === 'reissue' ? status : undefined
}

/** The technical contact is the organization's where the order names none. */
function contacts({ order, organization }: OrderDetails): Members {
  const first = order.organizationContact ?? organization?.contact ?? undefined
  const technical = order.technicalContact ?? first
  return {
    organization_contact: first && contactView(first),
    technical_contact: technical && contactView(technical),
    verified_contacts:
      order.verifiedContacts.length > 0 ? order.verifiedContacts.map(contactView) : undefined,
  }
}

function approval({ product, requests, people }: OrderDetails): Members {
  const first = requests.find(({ type }) => type === 'new_request')
  const isApproved = first?.status === 'approved'
  return {
    order_approval_complete: product.validation === 'ev' ? isApproved : undefined,
    approver: isApproved && first.processorId !== null ? personView(first.processorId, people) : undefined,
  }
}

/** Where a token goes, as the order wrote it: whoever sends tokens reads it here. */
function shippingView({
  name,
  address,
  address2,
  city,
  state,
  zip,
  country,
  method,
}: ShippingAddress): Members {
  return {
    ...{ name, addr1: address, addr2: textOrAbsent(address2) },
    ...{ city, state: textOrAbsent(state), zip, country, method },
  }
}

/** Days before the end, and after it, at which holders are told. */
function renewalNotices({ disableRenewalNotifications }: Order): Members {
  const sent = !disableRenewalNotifications
  return {
    send_minus_90: sent,
    send_minus_60: sent,
    send_minus_30: sent,
    send_minus_7: sent,
    send_minus_3: sent,
    send_plus_7: sent,
  }
}

function requestView({ id, createdAt, type, status, comments }: OrderRequest): Members {
  return { id, date: dateTime(createdAt), type, status, comments: textOrAbsent(comments) }
}

export function isOpen({ status }: Pick<OrderRequest, 'status'>): boolean {
  return status === 'pending' || status === 'submitted'
}

function customFieldViews({ order, customFields }: OrderDetails): readonly Members[] | undefined {
  if (order.customFields.length === 0) return undefined
  return order.customFields.map(({ fieldId, value }) => ({
    metadata_id: fieldId,
    label: customFields.get(fieldId)?.label,
    value,
  }))
}
