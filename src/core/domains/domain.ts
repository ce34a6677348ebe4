import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { Language } from '../faults.ts'
import { type ValidationType, validationTypes } from '../organizations/organization.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

export const validationMethods = ['email', 'dns-txt-token', 'dns-cname-token', 'http-token'] as const
export type ValidationMethod = (typeof validationMethods)[number]

/** What a proof can rest on. `operator`: the word of the installation's operator, who looked by himself. */
export const evidenceMethods = [...validationMethods, 'operator'] as const
export type EvidenceMethod = (typeof evidenceMethods)[number]

/** A random value that proves control where it is found. Made anew only after `expiresAt`. */
export interface RandomValue {
  readonly value: string
  readonly expiresAt: Instant
}

/** Proof of control over exactly one name, kept as it was found. */
export interface ControlEvidence {
  readonly name: string
  readonly method: EvidenceMethod
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

export const lockStatuses = ['disabled', 'pending', 'enabled'] as const

/** A domain that only orders of its account may name, as its CAA records say with the account's token. */
export interface DomainLock {
  readonly status: (typeof lockStatuses)[number]
  readonly token: string
}

/** Mails that ask for approval of a domain, wished for and not made yet. */
export interface ApprovalWish {
  /** Lower case; none: all that may approve. */
  readonly emails: readonly string[]
  readonly language: Language
  readonly at: Instant
}

/** An order up to which, in order of creation and then of id, something was done. */
export interface OrderPosition {
  readonly createdAt: Instant
  readonly id: number
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
  /** Unused, or null, while the method is e-mail, whose links carry values of their own. */
  readonly randomValue: RandomValue | null
  /** The latest proof; null while there is none. Its age decides, by the rules of the day. */
  readonly evidence: ControlEvidence | null
  readonly locking: DomainLock | null
  /** Null: nobody is to be asked by mail who was not. */
  readonly approvalWish: ApprovalWish | null
  /** The last order that its proof set going; null: none is left that it could. */
  readonly wokenTo: OrderPosition | null
  /** When the background looks at it next; null: it does not. */
  readonly dueAt: Instant | null
  /** When it was last asked to be validated. */
  readonly submittedAt: Instant
  readonly createdAt: Instant
}

/** Reads a random value out of a stored document. */
export function readRandomValue(read: DocumentReader): RandomValue {
  return { value: read.text('value'), expiresAt: read.integer('expiresAt') }
}

/** Reads a proof out of a stored document. */
export function readEvidence(read: DocumentReader): ControlEvidence {
  return {
    name: read.text('name'),
    method: read.member('method', evidenceMethods),
    value: read.text('value'),
    at: read.integer('at'),
    addresses: read.texts('addresses'),
    perspectives: read.texts('perspectives'),
  }
}

const columns = {
  container_id: 'integer',
  organization_id: 'integer',
  name: 'text',
  locked_name: 'text',
  is_active: 'flag',
  has_ov: 'flag',
  has_ev: 'flag',
  method: 'text',
  proven_at: 'instant',
  due_at: 'instant',
} as const
export type DomainColumn = keyof typeof columns

const isFor = (domain: Domain, type: ValidationType) =>
  domain.validations.some((validation) => validation.type === type) ? 1 : 0

export const domains = {
  name: 'domain',
  columns,
  unique: [['account_id', 'name', 'organization_id']],
  termColumns: ['name'],
  values: (domain) => ({
    container_id: domain.containerId,
    organization_id: domain.organizationId,
    name: domain.name,
    locked_name: domain.locking?.status === 'enabled' ? domain.name : null,
    is_active: domain.isActive ? 1 : 0,
    has_ov: isFor(domain, 'ov'),
    has_ev: isFor(domain, 'ev'),
    method: domain.method,
    proven_at: domain.evidence?.at ?? null,
    due_at: domain.dueAt,
  }),
  terms: ({ name }) => [name],
  parse(document) {
    const read = new DocumentReader(document, 'domain')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      organizationId: read.integer('organizationId'),
      name: read.text('name'),
      isActive: read.flag('isActive'),
      validations: read.list('validations', (validation) => ({
        type: validation.member('type', validationTypes),
        createdAt: validation.integer('createdAt'),
      })),
      method: read.member('method', validationMethods),
      randomValue: read.objectOrNull('randomValue', readRandomValue),
      evidence: read.objectOrNull('evidence', readEvidence),
      locking: read.objectOrNull('locking', (locking) => ({
        status: locking.member('status', lockStatuses),
        token: locking.text('token'),
      })),
      approvalWish: read.objectOrNull('approvalWish', (wish) => ({
        emails: wish.texts('emails'),
        language: wish.member('language', ['en', 'ja']),
        at: wish.integer('at'),
      })),
      wokenTo: read.objectOrNull('wokenTo', (order) => ({
        createdAt: order.integer('createdAt'),
        id: order.integer('id'),
      })),
      dueAt: read.integerOrNull('dueAt'),
      submittedAt: read.integer('submittedAt'),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Domain, DomainColumn>
