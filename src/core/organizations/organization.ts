import type { AccountId, Instant } from '../brand.ts'

export type ValidationType = 'ov' | 'ev' | 'cs' | 'ev_cs' | 'ds' | 'smime' | 'grid' | 'private_ssl'

export interface ContactPerson {
  readonly userId: number | null
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly telephone: string
  readonly telephoneExtension: string
  readonly jobTitle: string
}

/** What an organization is validated for. `validatedUntil` is null until it is. */
export interface OrganizationValidation {
  readonly type: ValidationType
  readonly createdAt: Instant
  readonly status: 'pending' | 'active' | 'expired'
  readonly validatedUntil: Instant | null
  readonly verifiedUsers: readonly ContactPerson[]
}

export interface Organization {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  readonly name: string
  readonly assumedName: string
  readonly isActive: boolean
  readonly address: string
  readonly address2: string
  readonly zip: string
  readonly city: string
  readonly state: string
  /** ISO 3166-1 alpha-2, lower case as the API shows it. */
  readonly country: string
  readonly telephone: string
  readonly contact: ContactPerson | null
  readonly validations: readonly OrganizationValidation[]
  readonly createdAt: Instant
}
