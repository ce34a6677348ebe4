import { type AccountId, authorityId, certificateId } from '../../src/core/brand.ts'
import type { Order, OrderCertificate, OrderStatus } from '../../src/core/orders/order.ts'

/** Whose orders are made up. */
export interface Orderer {
  readonly accountId: AccountId
  readonly userId: number
  readonly containerIds: readonly number[]
  readonly organizationIds: readonly number[]
  /** Ids begin after these. */
  readonly lastOrder: number
  readonly lastCertificate: number
}

const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000
const VALID_DAYS = 199
/** Shares of a hundred. */
const STATUSES: readonly (readonly [OrderStatus, number])[] = [
  ['issued', 80],
  ['pending', 4],
  ['needs_approval', 3],
  ['revoked', 6],
  ['canceled', 4],
  ['rejected', 3],
]
const PRODUCTS = ['private_ssl_plus', 'ssl_basic', 'ssl_dv_rapidssl', 'ssl_ev_basic'] as const

/** Orders a minute apart, the last one now, each with its certificate. What they name was never signed. */
export function* storedOrders(
  { accountId, userId, containerIds, organizationIds, lastOrder, lastCertificate }: Orderer,
  count: number,
  now: number,
): Generator<{ readonly order: Order; readonly certificate: OrderCertificate }> {
  for (let n = 1; n <= count; n++) {
    const [id, certificate] = [lastOrder + n, lastCertificate + n]
    const status = statusOf(n)
    const at = now - (count - n) * MINUTE_MS
    const isIssued = status === 'issued' || status === 'revoked'
    const commonName = commonNameOf(n)
    const order: Order = {
      id,
      accountId,
      containerId: containerIds[n % containerIds.length] ?? 0,
      userId,
      apiKeyId: null,
      product: PRODUCTS[n % PRODUCTS.length] ?? PRODUCTS[0],
      status,
      organizationId: organizationIds[n % organizationIds.length] ?? null,
      certificateId: certificate,
      lead: {
        commonName,
        dnsNames: [commonName, commonName.replace('www', 'api')],
        emails: [],
        signatureHash: 'sha256',
        validity: { days: VALID_DAYS },
        serialNumber: isIssued ? digitsOf(id).padStart(32, '0') : null,
        thumbprint: isIssued ? digitsOf(id).padStart(40, '0') : null,
        notBefore: isIssued ? at : null,
        notAfter: isIssued ? at + VALID_DAYS * DAY_MS : null,
      },
      duplicatesCount: 0,
      reissuesCount: 0,
      validity: { days: VALID_DAYS },
      validFrom: isIssued ? at : null,
      validUntil: isIssued ? at + VALID_DAYS * DAY_MS : null,
      methods: null,
      controlScope: null,
      organizationContact: null,
      technicalContact: null,
      verifiedContacts: [],
      confirmedEmails: [],
      issuanceMails: null,
      comments: '',
      autoRenew: 0,
      autoReissue: 0,
      renewalOfOrderId: null,
      renewedByOrderId: null,
      renewalBonusMs: 0,
      disableRenewalNotifications: false,
      renewedThumbprint: '',
      customRenewalMessage: '',
      disableIssuanceEmail: false,
      provisioning: 'none',
      shipTo: null,
      additionalEmails: [],
      locale: 'en',
      paymentMethod: 'balance',
      price: 0,
      disableCt: true,
      customFields: [],
      notes: [],
      userAssignments: [],
      alternativeOrderId: n % 100 === 0 ? `seeded-${id}` : null,
      dueAt: null,
      createdAt: at,
      updatedAt: at,
    }
    yield { order, certificate: certificateOf(order, certificate, commonName, isIssued) }
  }
}

function certificateOf(
  { id: orderId, accountId, status, validity, createdAt, validUntil }: Order,
  id: number,
  commonName: string,
  isIssued: boolean,
): OrderCertificate {
  const digits = digitsOf(orderId)
  return {
    id,
    accountId,
    orderId,
    kind: 'original',
    status: status === 'issued' || status === 'revoked' || status === 'rejected' ? status : 'pending',
    sequence: 1,
    content: {
      commonName,
      dnsNames: [commonName, commonName.replace('www', 'api')],
      emails: [],
      csr: null,
      signatureHash: 'sha256',
      serverPlatformId: 2,
      organizationUnits: [],
      authorityId: null,
      validity,
      mostDays: null,
      profileOption: null,
      mail: null,
    },
    issued: isIssued
      ? {
          certificateId: certificateId(id),
          authorityId: authorityId(1),
          serialNumber: digits.padStart(32, '0'),
          thumbprint: digits.padStart(40, '0'),
          notBefore: createdAt,
          notAfter: validUntil ?? createdAt,
          at: createdAt,
        }
      : null,
    claim: null,
    archived: false,
    createdAt,
    updatedAt: createdAt,
  }
}

/** Of the order that was made up as the n-th, from 1. */
export function commonNameOf(n: number): string {
  return `www${n}.shop${n % 997}.bench.example`
}

/** Distinct for every order below 2^21, and spread. */
function digitsOf(orderId: number): string {
  return (orderId * 2_654_435_761).toString(16).toUpperCase()
}

function statusOf(n: number): OrderStatus {
  let share = (n * 37) % 100
  for (const [status, part] of STATUSES) {
    if (share < part) return status
    share -= part
  }
  return 'issued'
}
