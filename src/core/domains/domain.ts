import type { AccountId, Instant } from '../brand.ts'
import type { ValidationType } from '../organizations/organization.ts'

export type ValidationMethod = 'email' | 'dns-txt-token' | 'dns-cname-token' | 'http-token'

/** A random value that proves control where it is found. Made anew only after `expiresAt`. */
export interface RandomValue {
  readonly value: string
  readonly expiresAt: Instant
}

/** Proof of control over exactly one name, kept as it was found. */
export interface ControlEvidence {
  readonly name: string
  readonly method: ValidationMethod
  readonly value: string
  readonly at: Instant
  /** Addresses that were asked, or the mail address that answered. */
  readonly addresses: readonly string[]
  /** Names of the network perspectives that found it; for mail, none. */
  readonly perspectives: readonly string[]
}

export interface DomainValidation {
  readonly type: ValidationType
  readonly createdAt: Instant
}

/** A domain of an account: its control is proven once and used again until it is too old. */
export interface Domain {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  readonly organizationId: number
  /** Normal form, without a wildcard. */
  readonly name: string
  readonly isActive: boolean
  readonly validations: readonly DomainValidation[]
  readonly method: ValidationMethod
  readonly randomValue: RandomValue | null
  /** The latest proof; null while there is none. Its age decides, by the rules of the day. */
  readonly evidence: ControlEvidence | null
  readonly locking: { readonly status: 'disabled' | 'pending' | 'enabled'; readonly token: string } | null
  readonly createdAt: Instant
}
