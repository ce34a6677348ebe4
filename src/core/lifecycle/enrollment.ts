import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { type SeatType, seatTypes } from './seat-types.ts'

export const enrollmentStatuses = [
  'created',
  'pending',
  'pending_second_approval',
  'in_progress',
  'expired',
  'approved',
  'rejected',
  'locked',
  'redeemed',
] as const
export type EnrollmentStatus = (typeof enrollmentStatuses)[number]

/** A promise that a seat may have a certificate of a profile: by a code, or once somebody approves. */
export interface Enrollment {
  readonly id: number
  readonly accountId: AccountId
  readonly profileId: number
  readonly seatId: string
  readonly seatType: SeatType
  readonly email: string
  readonly status: EnrollmentStatus
  /** Keyed digest of the code, see `codeDigest`; null where none is needed. */
  readonly codeDigest: string | null
  /** The code sealed under the master key, because whoever manages enrollments reads it again. */
  readonly codeSealed: string | null
  readonly badAttempts: number
  /** What its certificate is to say, as JSON text of the attributes that were sent; null: nothing was said. */
  readonly attributes: string | null
  /** What waits for approval, as JSON text of the request; null for one with a code. */
  readonly request: string | null
  /** Id of the inventory certificate that the request renews. */
  readonly renews: number | null
  /** How long its certificate is to last, when whoever approved it said so. */
  readonly lifetimeDays: number | null
  /** Id of the inventory certificate that came of it. */
  readonly inventoryId: number | null
  /** The attempt that issues its certificate, and until when nobody else does; null: none. */
  readonly claim: { readonly attempt: string; readonly until: Instant } | null
  readonly message: string
  readonly expiresAt: Instant
  readonly createdAt: Instant
}

const columns = {
  profile_id: 'integer',
  seat_id: 'text',
  status: 'text',
  code_digest: 'text',
  inventory_id: 'integer',
} as const

export const enrollments = {
  name: 'enrollment',
  columns,
  values: (enrollment) => ({
    profile_id: enrollment.profileId,
    seat_id: enrollment.seatId,
    status: enrollment.status,
    code_digest: enrollment.codeDigest,
    inventory_id: enrollment.inventoryId,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'enrollment')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      profileId: read.integer('profileId'),
      seatId: read.text('seatId'),
      seatType: read.member('seatType', seatTypes),
      email: read.text('email'),
      status: read.member('status', enrollmentStatuses),
      codeDigest: read.textOrNull('codeDigest'),
      codeSealed: read.textOrNull('codeSealed'),
      badAttempts: read.integer('badAttempts'),
      attributes: read.textOrNull('attributes'),
      request: read.textOrNull('request'),
      renews: read.integerOrNull('renews'),
      lifetimeDays: read.integerOrNull('lifetimeDays'),
      inventoryId: read.integerOrNull('inventoryId'),
      claim: read.objectOrNull('claim', (claim) => ({
        attempt: claim.text('attempt'),
        until: claim.integer('until'),
      })),
      message: read.text('message'),
      expiresAt: read.integer('expiresAt'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Enrollment, keyof typeof columns>
