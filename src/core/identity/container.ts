import type { AccountId, Instant } from '../brand.ts'

/** A division of an account: what its users see, and what may be ordered in it. The root has no parent. */
export interface Container {
  readonly id: number
  readonly accountId: AccountId
  readonly parentId: number | null
  /** Opaque lower-case names for links. */
  readonly publicId: string
  readonly ekey: string
  readonly name: string
  readonly description: string
  readonly templateId: number
  readonly isActive: boolean
  /** Empty: every name may be ordered. Otherwise these domains and what is below them. */
  readonly allowedDomainNames: readonly string[]
  readonly createdAt: Instant
}
