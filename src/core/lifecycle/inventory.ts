import {
  type AccountId,
  type AuthorityId,
  accountId,
  authorityId,
  type CertificateId,
  certificateId,
  type Instant,
  type KeyId,
  keyId,
} from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'
import { type SeatType, seatTypes } from './seat-types.ts'

export const inventorySources = ['issued', 'imported'] as const
export const inventoryStatuses = ['issued', 'suspended', 'revoked'] as const
export type InventoryStatus = (typeof inventoryStatuses)[number]

/** What is known of a revocation or suspension. */
export interface InventoryRevocation {
  /** As the caller named it, such as `key_compromise`. */
  readonly reason: string
  readonly at: Instant
  readonly comment: string
}

/** A value that an account keeps with a certificate, one or several. */
export interface CustomAttribute {
  readonly id: string
  readonly values: readonly string[]
}

/**
 * A certificate of an account as those see it who manage it over its life: issued here or brought along, with
 * everything said about it. Whether it is valid is decided by the engine's status, which `status` follows.
 */
export interface InventoryCertificate {
  readonly id: number
  readonly accountId: AccountId
  readonly source: (typeof inventorySources)[number]
  /** The engine's certificate; null for an imported one. */
  readonly certificateId: CertificateId | null
  readonly authorityId: AuthorityId | null
  /** Base64 of the DER of an imported one; null for the engine's. */
  readonly importedDer: string | null
  /** The key that an imported one brought along; null for the engine's, whose record has it. */
  readonly keyId: KeyId | null
  readonly profileId: number | null
  readonly seatId: number | null
  readonly seatType: SeatType | null
  readonly businessUnitId: number | null
  readonly enrollmentId: number | null
  /** Upper-case hex, an even number of digits. */
  readonly serialNumber: string
  /** SHA-256 of the DER, upper-case hex. */
  readonly thumbprint: string
  readonly commonName: string
  readonly issuerName: string
  /** Upper-case hex of the key identifier of the issuer; empty when the certificate names none. */
  readonly authorityKeyIdentifier: string
  /** `2048`, `P-256`, as certificates are described to people. */
  readonly keySize: string
  readonly signatureAlgorithm: string
  readonly notBefore: Instant
  readonly notAfter: Instant
  readonly status: InventoryStatus
  readonly revocation: InventoryRevocation | null
  readonly tags: readonly string[]
  readonly notes: string
  readonly ownerIds: readonly number[]
  readonly customAttributes: readonly CustomAttribute[]
  /** Ids of users who approved that its key is recovered. */
  readonly recoveryApprovals: readonly number[]
  readonly createdAt: Instant
}

const columns = {
  certificate_id: 'integer',
  authority_id: 'integer',
  profile_id: 'integer',
  seat_id: 'integer',
  seat_type: 'text',
  business_unit_id: 'integer',
  enrollment_id: 'integer',
  serial_number: 'text',
  thumbprint: 'text',
  common_name: 'text',
  issuer_name: 'text',
  aki: 'text',
  status: 'text',
  not_before: 'instant',
  not_after: 'instant',
} as const

export const inventory = {
  name: 'inventory_certificate',
  columns,
  unique: [['account_id', 'thumbprint']],
  counted: ['status'],
  values: (item) => ({
    certificate_id: item.certificateId,
    authority_id: item.authorityId,
    profile_id: item.profileId,
    seat_id: item.seatId,
    seat_type: item.seatType,
    business_unit_id: item.businessUnitId,
    enrollment_id: item.enrollmentId,
    serial_number: item.serialNumber,
    thumbprint: item.thumbprint,
    common_name: item.commonName.toLowerCase(),
    issuer_name: item.issuerName.toLowerCase(),
    aki: item.authorityKeyIdentifier,
    status: item.status,
    not_before: item.notBefore,
    not_after: item.notAfter,
  }),
  terms: (item) => [
    ...new Set([
      ...item.tags.map(tagTerm),
      ...item.ownerIds.map(ownerTerm),
      ...item.customAttributes.flatMap(({ id, values }) => values.map((value) => attributeTerm(id, value))),
    ]),
  ],
  parse(document) {
    const read = new DocumentReader(document, 'inventory certificate')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      source: read.member('source', inventorySources),
      certificateId: optional(read.integerOrNull('certificateId'), certificateId),
      authorityId: optional(read.integerOrNull('authorityId'), authorityId),
      importedDer: read.textOrNull('importedDer'),
      keyId: optional(read.textOrNull('keyId'), keyId),
      profileId: read.integerOrNull('profileId'),
      seatId: read.integerOrNull('seatId'),
      seatType: read.memberOrNull('seatType', seatTypes),
      businessUnitId: read.integerOrNull('businessUnitId'),
      enrollmentId: read.integerOrNull('enrollmentId'),
      serialNumber: read.text('serialNumber'),
      thumbprint: read.text('thumbprint'),
      commonName: read.text('commonName'),
      issuerName: read.text('issuerName'),
      authorityKeyIdentifier: read.text('authorityKeyIdentifier'),
      keySize: read.text('keySize'),
      signatureAlgorithm: read.text('signatureAlgorithm'),
      notBefore: read.integer('notBefore'),
      notAfter: read.integer('notAfter'),
      status: read.member('status', inventoryStatuses),
      revocation: read.objectOrNull('revocation', (each) => ({
        reason: each.text('reason'),
        at: each.integer('at'),
        comment: each.text('comment'),
      })),
      tags: read.texts('tags'),
      notes: read.text('notes'),
      ownerIds: read.integers('ownerIds'),
      customAttributes: read.list('customAttributes', (each) => ({
        id: each.text('id'),
        values: each.texts('values'),
      })),
      recoveryApprovals: read.integers('recoveryApprovals'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<InventoryCertificate, keyof typeof columns>

const longestTerm = 253

export const tagTerm = (tag: string): string => `tag:${tag.toLowerCase()}`.slice(0, longestTerm)
export const ownerTerm = (id: number): string => `owner:${id}`
export const attributeTerm = (id: string, value: string): string =>
  `attribute:${id.toLowerCase()}=${value.toLowerCase()}`.slice(0, longestTerm)

function optional<From, To>(value: From | null, brand: (value: From) => To): To | null {
  return value === null ? null : brand(value)
}
