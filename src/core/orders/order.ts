import type { AccountId, AuthorityId, CertificateId, Instant } from '../brand.ts'
import type { OrderControl } from '../domains/order-control-record.ts'
import type { ContactPerson } from '../organizations/organization.ts'
import type { SignatureHash } from '../products/product.ts'
import type { MailGeneration, MailUsage } from '../profiles/certcentral/smime.ts'

/** What is stored. That an issued order is over, its end says; nobody has to write it down then. */
export const orderStatuses = [
  'needs_approval',
  'pending',
  'processing',
  'reissue_pending',
  'waiting_pickup',
  'needs_csr',
  'issued',
  'rejected',
  'canceled',
  'revoked',
] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** How long something is wished to last; one form. `date` is `YYYY-MM-DD`, the last UTC day. */
export type ValidityWish = { readonly years: number } | { readonly days: number } | { readonly date: string }

/** What an order wants certified. Names in normal form; the common name is one of them where hosts are named. */
export interface OrderContent {
  readonly commonName: string
  readonly dnsNames: readonly string[]
  readonly emails: readonly string[]
  readonly csr: string | null
  readonly signatureHash: SignatureHash
  readonly serverPlatformId: number
  readonly organizationUnits: readonly string[]
  /** Null: the product's default. */
  readonly authorityId: AuthorityId | null
  readonly validity: ValidityWish | null
  /** Longest lifetime that the limits of the container leave; null: the product's. */
  readonly mostDays: number | null
  readonly profileOption: string | null
  /** What orders for people and mailboxes choose; null for all others. */
  readonly mail: MailContent | null
}

/** What becomes the common name of a certificate for mail. */
export const commonNameIndicators = [
  'given_name_surname',
  'pseudonym',
  'email_address',
  'organization_name',
] as const

export interface MailContent {
  /** Null: as the product has it. */
  readonly indicator: (typeof commonNameIndicators)[number] | null
  readonly individual: {
    readonly firstName: string
    readonly lastName: string
    readonly pseudonym: string
  } | null
  readonly usage: MailUsage | null
  readonly generation: MailGeneration | null
  /** Attributes the subject has beside its common name. */
  readonly includes: {
    readonly email: boolean
    readonly pseudonym: boolean
    readonly givenNameSurname: boolean
  }
}

/** What lists show, sort and search of the certificate that counts; absent facts are null until it is issued. */
export interface OrderLead {
  readonly commonName: string
  readonly dnsNames: readonly string[]
  readonly emails: readonly string[]
  readonly signatureHash: SignatureHash
  /** What was wished for the certificate; null: as long as may be. */
  readonly validity: ValidityWish | null
  /** Upper-case hex. */
  readonly serialNumber: string | null
  /** SHA-1 of the DER, upper-case hex. */
  readonly thumbprint: string | null
  readonly notBefore: Instant | null
  readonly notAfter: Instant | null
}

export const controlScopes = ['base_domain', 'fqdn'] as const
export const provisioningMethods = ['none', 'ship_token', 'client_app', 'email'] as const

export interface ShippingAddress {
  readonly name: string
  readonly address: string
  readonly address2: string
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly country: string
  readonly method: string
}

/** A wish for certificates: the first one, its reissues and its duplicates. */
export interface Order {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  readonly userId: number
  /** Public id of the key that placed it, or the order that it follows by itself; null: by an operator. */
  readonly apiKeyId: string | null
  readonly product: string
  readonly status: OrderStatus
  readonly organizationId: number | null
  /** Id of the order certificate that counts. */
  readonly certificateId: number
  readonly lead: OrderLead
  readonly duplicatesCount: number
  readonly reissuesCount: number
  readonly validity: ValidityWish
  readonly validFrom: Instant | null
  /** The end of what was bought; certificates may end earlier. */
  readonly validUntil: Instant | null
  /** How control over its names is proven; null where nothing has to be. */
  readonly methods: OrderControl | null
  /** Whether approval by mail is asked for each host name itself or for the domain above it; null: unsaid. */
  readonly controlScope: (typeof controlScopes)[number] | null
  readonly organizationContact: ContactPerson | null
  readonly technicalContact: ContactPerson | null
  readonly verifiedContacts: readonly ContactPerson[]
  /** Mailboxes whose holders confirmed them for this order, lower case. */
  readonly confirmedEmails: readonly { readonly address: string; readonly at: Instant }[]
  readonly comments: string
  readonly autoRenew: number
  readonly autoReissue: number
  readonly renewalOfOrderId: number | null
  /** 0: it was renewed elsewhere. */
  readonly renewedByOrderId: number | null
  /** What was left of the renewed order, by which this one lasts longer. */
  readonly renewalBonusMs: number
  readonly disableRenewalNotifications: boolean
  readonly renewedThumbprint: string
  readonly customRenewalMessage: string
  readonly disableIssuanceEmail: boolean
  /** How many of `additionalEmails` were told of an order certificate, or cannot be; null: nobody of any. */
  readonly issuanceMails: { readonly certificateId: number; readonly told: number } | null
  /** Where the key of a signing certificate is made; `none`: wherever the CSR comes from. */
  readonly provisioning: (typeof provisioningMethods)[number]
  /** Where a token is sent. */
  readonly shipTo: ShippingAddress | null
  readonly additionalEmails: readonly string[]
  readonly locale: string
  readonly paymentMethod: string
  /** In cents of the account's currency. */
  readonly price: number
  readonly disableCt: boolean
  readonly customFields: readonly { readonly fieldId: number; readonly value: string }[]
  readonly notes: readonly { readonly id: number; readonly text: string; readonly at: Instant }[]
  readonly userAssignments: readonly number[]
  /** The caller's own id, unique in the account: the same one never makes a second order. */
  readonly alternativeOrderId: string | null
  /** When the background looks at it next, to see whether it can be issued; null: it waits for nobody but people. */
  readonly dueAt: Instant | null
  readonly createdAt: Instant
  /** When its status, or the certificate that counts, last changed. */
  readonly updatedAt: Instant
}

export const orderCertificateKinds = ['original', 'reissue', 'duplicate'] as const
export const orderCertificateStatuses = ['pending', 'issued', 'revoked', 'rejected'] as const

/** A certificate of an order, from the wish on. */
export interface OrderCertificate {
  readonly id: number
  readonly accountId: AccountId
  readonly orderId: number
  readonly kind: (typeof orderCertificateKinds)[number]
  readonly status: (typeof orderCertificateStatuses)[number]
  /** Counts the certificates of an order: 1, 2 … */
  readonly sequence: number
  readonly content: OrderContent
  /** The engine's certificate, from its issuance on. */
  readonly issued: {
    readonly certificateId: CertificateId
    readonly authorityId: AuthorityId
    /** Upper-case hex. */
    readonly serialNumber: string
    /** SHA-1 of the DER, upper-case hex. */
    readonly thumbprint: string
    readonly notBefore: Instant
    readonly notAfter: Instant
    readonly at: Instant
  } | null
  /** Attempt that is issuing it now: whoever set it owns the work until `until`. */
  readonly claim: { readonly attempt: string; readonly until: Instant } | null
  readonly archived: boolean
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export const requestTypes = ['new_request', 'reissue', 'duplicate', 'revoke'] as const
export const requestStatuses = ['submitted', 'pending', 'approved', 'rejected'] as const

/** What waits for an approver, or was decided. */
export interface OrderRequest {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  readonly orderId: number
  /** The order certificate it is about. */
  readonly certificateId: number
  readonly type: (typeof requestTypes)[number]
  readonly status: (typeof requestStatuses)[number]
  /** Of a revoke request: of the whole order, and why. */
  readonly revocation: { readonly wholeOrder: boolean; readonly reason: number } | null
  readonly requesterId: number
  readonly reviewerId: number | null
  readonly processorId: number | null
  readonly comments: string
  readonly processorComment: string
  readonly createdAt: Instant
  readonly processedAt: Instant | null
}
