import { type AccountId, accountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'

export const approvalSteps = ['none', 'one', 'two'] as const
export const paymentMethods = ['balance', 'profile', 'card', 'wire_transfer'] as const
export type PaymentMethod = (typeof paymentMethods)[number]

/**
 * How an account orders: what it switched on, and what its operator granted it. One for each account, under the
 * account's own id.
 */
export interface AccountPolicy {
  readonly id: number
  readonly accountId: AccountId
  readonly rootContainerId: number
  /** How many people have to approve a request: nobody, one, or a reviewer and then an approver. */
  readonly approvals: (typeof approvalSteps)[number]
  /** Whether certificates of public strictness are logged; off: nothing may be said of CT on an order. */
  readonly certificateTransparency: boolean
  /** Whether CT may be chosen for each order. */
  readonly ctChoicePerOrder: boolean
  readonly privateCa: boolean
  /** Whether an order of a private product may leave its CA out; off: the operator cleared the default. */
  readonly privateCaDefault: boolean
  readonly domainLocking: boolean
  /** Whether a name is certified only when a CAA record names us. */
  readonly caaRequired: boolean
  readonly paymentMethods: readonly PaymentMethod[]
  /** Currency of all amounts, ISO 4217. */
  readonly currency: string
  /** How far orders may take the balance below nothing, in cents; null: without limit. */
  readonly creditLimit: number | null
  /** What a year of a product costs, in cents; what is not listed costs nothing. */
  readonly prices: readonly { readonly product: string; readonly centsPerYear: number }[]
  /** Product identifiers that may not be ordered. */
  readonly disabledProducts: readonly string[]
  /** Domains that nobody may order, with what is below them, in normal form. */
  readonly protectedNames: readonly string[]
  /** Revoking an order's only certificate revokes the order. */
  readonly revokesOrderWithItsCertificate: boolean
  /** Whether an order may name the day on which its certificate ends. */
  readonly customExpirationDates: boolean
  /** Whether the account may make accounts below it. */
  readonly subaccounts: boolean
  readonly primaryOrganizationId: number | null
  readonly representativeName: string
  readonly representativePhone: string
  readonly representativeEmail: string
  readonly defaultCountry: string
}

const columns = { root_container_id: 'integer' } as const

export const accountPolicies = {
  name: 'account_policy',
  columns,
  isConfiguration: true,
  values: (policy) => ({ root_container_id: policy.rootContainerId }),
  parse(document) {
    const read = new DocumentReader(document, 'account policy')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      rootContainerId: read.integer('rootContainerId'),
      approvals: read.member('approvals', approvalSteps),
      certificateTransparency: read.flag('certificateTransparency'),
      ctChoicePerOrder: read.flag('ctChoicePerOrder'),
      privateCa: read.flag('privateCa'),
      privateCaDefault: read.flag('privateCaDefault'),
      domainLocking: read.flag('domainLocking'),
      caaRequired: read.flag('caaRequired'),
      paymentMethods: read.members('paymentMethods', paymentMethods),
      currency: read.text('currency'),
      creditLimit: read.integerOrNull('creditLimit'),
      prices: read.list('prices', (price) => ({
        product: price.text('product'),
        centsPerYear: price.integer('centsPerYear'),
      })),
      disabledProducts: read.texts('disabledProducts'),
      protectedNames: read.texts('protectedNames'),
      revokesOrderWithItsCertificate: read.flag('revokesOrderWithItsCertificate'),
      customExpirationDates: read.flag('customExpirationDates'),
      subaccounts: read.flag('subaccounts'),
      primaryOrganizationId: read.integerOrNull('primaryOrganizationId'),
      representativeName: read.text('representativeName'),
      representativePhone: read.text('representativePhone'),
      representativeEmail: read.text('representativeEmail'),
      defaultCountry: read.text('defaultCountry'),
    }
  },
} as const satisfies CollectionDefinition<AccountPolicy, keyof typeof columns>

/** What a new account may do. */
export function defaultPolicy(account: AccountId, rootContainerId: number): AccountPolicy {
  return {
    id: account,
    accountId: account,
    rootContainerId,
    approvals: 'one',
    certificateTransparency: true,
    ctChoicePerOrder: true,
    privateCa: true,
    privateCaDefault: true,
    domainLocking: true,
    caaRequired: false,
    paymentMethods: ['balance'],
    currency: 'USD',
    creditLimit: null,
    prices: [],
    disabledProducts: [],
    protectedNames: [],
    revokesOrderWithItsCertificate: false,
    customExpirationDates: true,
    subaccounts: false,
    primaryOrganizationId: null,
    representativeName: '',
    representativePhone: '',
    representativeEmail: '',
    defaultCountry: 'us',
  }
}

/** @throws Fault account_unavailable for an account without tenant, see `ensureTenant` */
export function* loadPolicy(view: Pick<View, 'collection'>, account: AccountId): Program<AccountPolicy> {
  const policy = yield* view.collection(accountPolicies).byId(account, account)
  if (policy === undefined) throw new Fault('account_unavailable', {})
  return policy
}
