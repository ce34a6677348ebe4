import type { CollectionDefinition } from '../store/collection.ts'
import { nextFollowUp } from './next-follow-up.ts'
import type { Order, OrderCertificate, OrderRequest } from './order.ts'
import { readOrder, readOrderCertificate, readOrderRequest } from './order-documents.ts'

/** The columns of orders: what their lists filter by and sort by. */
export const orderColumns = {
  container_id: 'integer',
  user_id: 'integer',
  organization_id: 'integer',
  product: 'text',
  status: 'text',
  common_name: 'text',
  serial_number: 'text',
  thumbprint: 'text',
  certificate_id: 'integer',
  valid_till: 'instant',
  order_valid_till: 'instant',
  validity_years: 'integer',
  is_renewed: 'flag',
  no_renewal_notices: 'flag',
  alternative_order_id: 'text',
  updated_at: 'instant',
  created_at: 'instant',
  due_at: 'instant',
  follow_up_at: 'instant',
} as const
export type OrderColumn = keyof typeof orderColumns

export const orders = {
  name: 'certificate_order',
  columns: orderColumns,
  unique: [['account_id', 'alternative_order_id']],
  counted: ['status', 'container_id', 'product'],
  termColumns: ['common_name'],
  scattered: ['serial_number', 'thumbprint'],
  values: (order) => ({
    container_id: order.containerId,
    user_id: order.userId,
    organization_id: order.organizationId,
    product: order.product,
    status: order.status,
    common_name: order.lead.commonName.toLowerCase(),
    serial_number: order.lead.serialNumber,
    thumbprint: order.lead.thumbprint,
    certificate_id: order.certificateId,
    valid_till: order.lead.notAfter,
    order_valid_till: order.validUntil,
    validity_years: 'years' in order.validity ? order.validity.years : null,
    is_renewed: order.renewedByOrderId === null ? 0 : 1,
    no_renewal_notices: order.disableRenewalNotifications ? 1 : 0,
    alternative_order_id: order.alternativeOrderId,
    updated_at: order.updatedAt,
    created_at: order.createdAt,
    due_at: order.dueAt,
    follow_up_at: nextFollowUp(order)?.at ?? null,
  }),
  terms: ({ lead, additionalEmails, customFields }) => [
    ...new Set([lead.commonName, ...lead.dnsNames, ...lead.emails, ...additionalEmails].map(lowerCase)),
    ...customFields.map(({ fieldId }) => customFieldTerm(fieldId)),
  ],
  parse: readOrder,
} as const satisfies CollectionDefinition<Order, OrderColumn>

/** The word by which the orders that fill a custom field are found. No name and no address has its first character. */
export function customFieldTerm(fieldId: number): string {
  return `\u001f${fieldId}`
}

export const orderCertificateColumns = {
  order_id: 'integer',
  kind: 'text',
  status: 'text',
  serial_number: 'text',
  issued_certificate_id: 'integer',
  updated_at: 'instant',
} as const
export type OrderCertificateColumn = keyof typeof orderCertificateColumns

export const orderCertificates = {
  name: 'order_certificate',
  columns: orderCertificateColumns,
  values: (certificate) => ({
    order_id: certificate.orderId,
    kind: certificate.kind,
    status: certificate.status,
    serial_number: certificate.issued?.serialNumber ?? null,
    issued_certificate_id: certificate.issued?.certificateId ?? null,
    updated_at: certificate.updatedAt,
  }),
  parse: readOrderCertificate,
} as const satisfies CollectionDefinition<OrderCertificate, OrderCertificateColumn>

export const orderRequestColumns = {
  container_id: 'integer',
  order_id: 'integer',
  requester_id: 'integer',
  type: 'text',
  status: 'text',
  created_at: 'instant',
} as const
export type OrderRequestColumn = keyof typeof orderRequestColumns

export const orderRequests = {
  name: 'order_request',
  columns: orderRequestColumns,
  counted: ['status'],
  values: (request) => ({
    container_id: request.containerId,
    order_id: request.orderId,
    requester_id: request.requesterId,
    type: request.type,
    status: request.status,
    created_at: request.createdAt,
  }),
  parse: readOrderRequest,
} as const satisfies CollectionDefinition<OrderRequest, OrderRequestColumn>

const lowerCase = (text: string) => text.toLowerCase()
