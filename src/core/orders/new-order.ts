import type { Instant } from '../brand.ts'
import { nextOrderLook } from '../domains/look-times.ts'
import type { OrderControl } from '../domains/order-control-record.ts'
import type { Principal } from '../identity/principal.ts'
import type { OrderDraft } from './draft-order.ts'
import { newRequest } from './open-request.ts'
import { openStatus } from './open-status.ts'
import type { Order } from './order.ts'
import { leadOf } from './order-lead.ts'
import type { OrderWish } from './order-wish.ts'
import type { NewOrder } from './store-order.ts'
import { orderPeriod } from './validity.ts'

/** Stands for the ids of rows, which they get when they are stored. */
const NO_ID = 0

/** The rows of an order that may be placed, as they are before its certificate is issued. */
export function newOrder(
  principal: Principal,
  wish: OrderWish,
  draft: OrderDraft,
  methods: OrderControl | null,
  at: Instant,
): NewOrder {
  const { policy, product, organization, content } = draft
  const request = newRequest({
    principal,
    policy,
    product,
    organization,
    type: 'new_request',
    skipApproval: wish.skipApproval,
    comments: wish.remarks.comments,
    processorComment: wish.processorComment,
    at,
  })
  const accountId = principal.account.id
  const { remarks } = wish
  const { contacts } = draft
  const isApproved = request.status === 'approved'
  const provisioning = wish.provisioning ?? (product.csr === 'not-taken' ? 'ship_token' : 'none')
  return {
    request,
    policy,
    certificate: {
      id: NO_ID,
      accountId,
      orderId: NO_ID,
      kind: 'original',
      status: 'pending',
      sequence: 1,
      content,
      issued: null,
      claim: null,
      archived: false,
      createdAt: at,
      updatedAt: at,
    },
    // Every member is named, also those that are known later: what is made from this order is one copy of its shape.
    order: {
      id: NO_ID,
      accountId,
      containerId: draft.container.id,
      userId: principal.user.id,
      apiKeyId: principal.key.publicId,
      product: product.nameId,
      status: isApproved ? openStatus({ provisioning }, product, content) : 'needs_approval',
      organizationId: organization?.id ?? null,
      certificateId: NO_ID,
      lead: leadOf({ content, issued: null }),
      duplicatesCount: 0,
      reissuesCount: 0,
      validity: wish.validity,
      validFrom: null,
      validUntil: null,
      methods,
      controlScope: remarks.controlScope,
      organizationContact: contacts.organizationContact,
      technicalContact: contacts.technicalContact,
      verifiedContacts: contacts.verifiedContacts,
      confirmedEmails: [],
      comments: remarks.comments,
      autoRenew: remarks.autoRenew,
      autoReissue: remarks.autoReissue,
      renewalOfOrderId: draft.renewed?.id ?? null,
      renewedByOrderId: null,
      renewalBonusMs: renewalBonus(wish, draft, at),
      disableRenewalNotifications: remarks.disableRenewalNotifications,
      renewedThumbprint: remarks.renewedThumbprint,
      customRenewalMessage: remarks.customRenewalMessage,
      disableIssuanceEmail: remarks.disableIssuanceEmail,
      issuanceMails: null,
      provisioning,
      shipTo: remarks.shipTo,
      additionalEmails: remarks.additionalEmails,
      locale: remarks.locale,
      paymentMethod: draft.paymentMethod,
      price: draft.price,
      disableCt: wish.disableCt ?? !(product.certificateTransparency && policy.certificateTransparency),
      customFields: wish.customFields,
      notes: [],
      userAssignments: remarks.userAssignments,
      alternativeOrderId: wish.alternativeOrderId,
      dueAt: isApproved ? nextOrderLook({ methods, updatedAt: at }, at) : null,
      createdAt: at,
      updatedAt: at,
    },
  }
}

/**
 * What is left of the renewed order is not lost: an order of whole years lasts longer by it, as far as the product's
 * longest order reaches.
 */
function renewalBonus(
  { validity }: OrderWish,
  { renewed, product, policy }: OrderDraft,
  now: Instant,
): Order['renewalBonusMs'] {
  if (renewed?.validUntil == null || !('years' in validity)) return 0
  const until = (years: number) =>
    orderPeriod({ years }, { product, policy, now, parameter: 'order_validity' }).validUntil
  const room = until(Math.max(...product.orderYears)) - until(validity.years)
  const left = Math.floor((renewed.validUntil - now) / 1_000) * 1_000
  return Math.max(0, Math.min(left, room))
}
