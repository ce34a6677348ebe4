import { accountId, authorityId, certificateId } from '../brand.ts'
import { readOrderControl } from '../domains/order-control-record.ts'
import { readContact } from '../organizations/organization.ts'
import { signatureHashes } from '../products/product.ts'
import { mailGenerations, mailUsages } from '../profiles/certcentral/smime.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { nextFollowUp } from './next-follow-up.ts'
import {
  commonNameIndicators,
  controlScopes,
  type MailContent,
  type Order,
  type OrderCertificate,
  type OrderContent,
  type OrderRequest,
  orderCertificateKinds,
  orderCertificateStatuses,
  orderStatuses,
  provisioningMethods,
  requestStatuses,
  requestTypes,
  type ValidityWish,
} from './order.ts'

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
  parse(document) {
    const read = new DocumentReader(document, 'order')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      userId: read.integer('userId'),
      apiKeyId: read.textOrNull('apiKeyId'),
      product: read.text('product'),
      status: read.member('status', orderStatuses),
      organizationId: read.integerOrNull('organizationId'),
      certificateId: read.integer('certificateId'),
      lead: read.object('lead', (lead) => ({
        commonName: lead.text('commonName'),
        dnsNames: lead.texts('dnsNames'),
        emails: lead.texts('emails'),
        signatureHash: lead.member('signatureHash', signatureHashes),
        validity: lead.objectOrNull('validity', readWish),
        serialNumber: lead.textOrNull('serialNumber'),
        thumbprint: lead.textOrNull('thumbprint'),
        notBefore: lead.integerOrNull('notBefore'),
        notAfter: lead.integerOrNull('notAfter'),
      })),
      duplicatesCount: read.integer('duplicatesCount'),
      reissuesCount: read.integer('reissuesCount'),
      validity: read.object('validity', readWish),
      validFrom: read.integerOrNull('validFrom'),
      validUntil: read.integerOrNull('validUntil'),
      methods: read.objectOrNull('methods', readOrderControl),
      controlScope: read.memberOrNull('controlScope', controlScopes),
      organizationContact: read.objectOrNull('organizationContact', readContact),
      technicalContact: read.objectOrNull('technicalContact', readContact),
      verifiedContacts: read.list('verifiedContacts', readContact),
      confirmedEmails: read.list('confirmedEmails', (email) => ({
        address: email.text('address'),
        at: email.integer('at'),
      })),
      comments: read.text('comments'),
      autoRenew: read.integer('autoRenew'),
      autoReissue: read.integer('autoReissue'),
      renewalOfOrderId: read.integerOrNull('renewalOfOrderId'),
      renewedByOrderId: read.integerOrNull('renewedByOrderId'),
      renewalBonusMs: read.integer('renewalBonusMs'),
      disableRenewalNotifications: read.flag('disableRenewalNotifications'),
      renewedThumbprint: read.text('renewedThumbprint'),
      customRenewalMessage: read.text('customRenewalMessage'),
      disableIssuanceEmail: read.flag('disableIssuanceEmail'),
      provisioning: read.member('provisioning', provisioningMethods),
      shipTo: read.objectOrNull('shipTo', (place) => ({
        name: place.text('name'),
        address: place.text('address'),
        address2: place.text('address2'),
        city: place.text('city'),
        state: place.text('state'),
        zip: place.text('zip'),
        country: place.text('country'),
        method: place.text('method'),
      })),
      additionalEmails: read.texts('additionalEmails'),
      locale: read.text('locale'),
      paymentMethod: read.text('paymentMethod'),
      price: read.integer('price'),
      disableCt: read.flag('disableCt'),
      customFields: read.list('customFields', (field) => ({
        fieldId: field.integer('fieldId'),
        value: field.text('value'),
      })),
      notes: read.list('notes', (note) => ({
        id: note.integer('id'),
        text: note.text('text'),
        at: note.integer('at'),
      })),
      userAssignments: read.integers('userAssignments'),
      alternativeOrderId: read.textOrNull('alternativeOrderId'),
      dueAt: read.integerOrNull('dueAt'),
      createdAt: read.integer('createdAt'),
      updatedAt: read.integer('updatedAt'),
    }
  },
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
  parse(document) {
    const read = new DocumentReader(document, 'order certificate')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      orderId: read.integer('orderId'),
      kind: read.member('kind', orderCertificateKinds),
      status: read.member('status', orderCertificateStatuses),
      sequence: read.integer('sequence'),
      content: read.object('content', readContent),
      issued: read.objectOrNull('issued', (issued) => ({
        certificateId: certificateId(issued.integer('certificateId')),
        authorityId: authorityId(issued.integer('authorityId')),
        serialNumber: issued.text('serialNumber'),
        thumbprint: issued.text('thumbprint'),
        notBefore: issued.integer('notBefore'),
        notAfter: issued.integer('notAfter'),
        at: issued.integer('at'),
      })),
      claim: read.objectOrNull('claim', (claim) => ({
        attempt: claim.text('attempt'),
        until: claim.integer('until'),
      })),
      archived: read.flag('archived'),
      createdAt: read.integer('createdAt'),
      updatedAt: read.integer('updatedAt'),
    }
  },
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
  parse(document) {
    const read = new DocumentReader(document, 'order request')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      orderId: read.integer('orderId'),
      certificateId: read.integer('certificateId'),
      type: read.member('type', requestTypes),
      status: read.member('status', requestStatuses),
      revocation: read.objectOrNull('revocation', (revocation) => ({
        wholeOrder: revocation.flag('wholeOrder'),
        reason: revocation.integer('reason'),
      })),
      requesterId: read.integer('requesterId'),
      reviewerId: read.integerOrNull('reviewerId'),
      processorId: read.integerOrNull('processorId'),
      comments: read.text('comments'),
      processorComment: read.text('processorComment'),
      createdAt: read.integer('createdAt'),
      processedAt: read.integerOrNull('processedAt'),
    }
  },
} as const satisfies CollectionDefinition<OrderRequest, OrderRequestColumn>

function readContent(read: DocumentReader): OrderContent {
  const authority = read.integerOrNull('authorityId')
  return {
    commonName: read.text('commonName'),
    dnsNames: read.texts('dnsNames'),
    emails: read.texts('emails'),
    csr: read.textOrNull('csr'),
    signatureHash: read.member('signatureHash', signatureHashes),
    serverPlatformId: read.integer('serverPlatformId'),
    organizationUnits: read.texts('organizationUnits'),
    authorityId: authority === null ? null : authorityId(authority),
    validity: read.objectOrNull('validity', readWish),
    mostDays: read.integerOrNull('mostDays'),
    profileOption: read.textOrNull('profileOption'),
    mail: read.objectOrNull('mail', readMail),
  }
}

function readMail(read: DocumentReader): MailContent {
  return {
    indicator: read.memberOrNull('indicator', commonNameIndicators),
    individual: read.objectOrNull('individual', (person) => ({
      firstName: person.text('firstName'),
      lastName: person.text('lastName'),
      pseudonym: person.text('pseudonym'),
    })),
    usage: read.memberOrNull('usage', mailUsages),
    generation: read.memberOrNull('generation', mailGenerations),
    includes: read.object('includes', (includes) => ({
      email: includes.flag('email'),
      pseudonym: includes.flag('pseudonym'),
      givenNameSurname: includes.flag('givenNameSurname'),
    })),
  }
}

function readWish(read: DocumentReader): ValidityWish {
  if (read.has('years')) return { years: read.integer('years') }
  if (read.has('days')) return { days: read.integer('days') }
  return { date: read.text('date') }
}

const lowerCase = (text: string) => text.toLowerCase()
