import { accountId, authorityId, certificateId } from '../brand.ts'
import { readOrderControl } from '../domains/order-control-record.ts'
import { readContact } from '../organizations/organization.ts'
import { signatureHashes } from '../products/product.ts'
import { mailGenerations, mailUsages } from '../profiles/certcentral/smime.ts'
import { DocumentReader } from '../store/document.ts'
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

/** Reads an order out of a stored document. @throws Error when it is not sound */
export function readOrder(document: unknown): Order {
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
    issuanceMails: read.objectOrNull('issuanceMails', (mails) => ({
      certificateId: mails.integer('certificateId'),
      told: mails.integer('told'),
    })),
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
}

/** Reads an order certificate out of a stored document. @throws Error when it is not sound */
export function readOrderCertificate(document: unknown): OrderCertificate {
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
}

/** Reads an order request out of a stored document. @throws Error when it is not sound */
export function readOrderRequest(document: unknown): OrderRequest {
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
}

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
