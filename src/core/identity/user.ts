import type { ApiKeyRole } from '../accounts/account.ts'
import type { AccountId, Instant } from '../brand.ts'

/** A person, or a program that acts like one (`isApiOnly`). Owns API keys; its role bounds what they may do. */
export interface User {
  readonly id: number
  readonly accountId: AccountId
  readonly containerId: number
  /** Unique in the installation, lower case. */
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly jobTitle: string
  readonly telephone: string
  readonly role: ApiKeyRole
  readonly status: 'active' | 'inactive' | 'pending'
  readonly isApiOnly: boolean
  /** Containers besides `containerId` that the user sees, with what is below them. */
  readonly containerAssignments: readonly number[]
  readonly createdAt: Instant
  readonly lastLoginAt: Instant | null
}
