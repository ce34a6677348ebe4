import type { SignatureAlgorithm } from '../../pki/algorithms.ts'
import type { NameConstraints } from '../../pki/extensions/name-constraints.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import type { NameInput } from '../../pki/names.ts'
import type { AccountId, AuthorityId, Instant } from '../brand.ts'
import type { AuthorityProfile } from '../profiles/profile.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { AuthorityGrants, AuthorityRecord, Strictness } from './authority.ts'

/** A wish for a CA of an account. */
export interface AuthorityRequest {
  readonly accountId: AccountId
  /** The CA above, of the same account; null makes a self-signed root. */
  readonly parentId: AuthorityId | null
  readonly profile: AuthorityProfile
  readonly role: AuthorityRecord['role']
  readonly origin: AuthorityRecord['origin']
  /** Short name in lists. */
  readonly name: string
  /** Subject attributes, any order: the profile orders them. */
  readonly subject: readonly NameInput[]
  readonly keyKind: KeyKind
  /** What the new CA signs with; absent: its key's usual algorithm. */
  readonly signatureAlgorithm?: SignatureAlgorithm
  readonly strictness: Strictness
  readonly grants: AuthorityGrants
  /** How many CRLs its certificates are spread over; absent: 1. */
  readonly crlShards?: number
  /** Id of the leaf profile it issues by default. */
  readonly leafProfile: string
  /** Whole days, both ends counted; absent: the profile's. Never beyond the CA above. */
  readonly lifetimeDays?: number
  /** The last instant, parts of a second cut off; wins over `lifetimeDays`. Never beyond that of the CA above. */
  readonly notAfter?: Instant
  readonly nameConstraints?: NameConstraints
  /** The account's address; kept with the CA. */
  readonly contactEmail: string
  /** The address also stands in the CA certificate's alternative names. */
  readonly writesContact?: boolean
  /** The CA whose name the new one carries on. */
  readonly succeedsId?: AuthorityId
  /** Runs in the transaction that reserves the CA and may refuse it. */
  readonly whileReserving?: (transaction: Transaction) => Program<void>
  /** Joins the transaction that makes its certificate count. */
  readonly whileRecording?: (transaction: Transaction, id: AuthorityId) => Program<void>
}
