import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

export const validationTypes = ['ov', 'ev', 'cs', 'ev_cs', 'ds', 'smime', 'grid', 'private_ssl'] as const
export type ValidationType = (typeof validationTypes)[number]

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

/** Reads a person out of a stored document. */
export function readContact(read: DocumentReader): ContactPerson {
  return {
    userId: read.integerOrNull('userId'),
    firstName: read.text('firstName'),
    lastName: read.text('lastName'),
    email: read.text('email'),
    telephone: read.text('telephone'),
    telephoneExtension: read.text('telephoneExtension'),
    jobTitle: read.text('jobTitle'),
  }
}

const columns = { container_id: 'integer', name: 'text', is_active: 'flag' } as const

export const organizations = {
  name: 'organization',
  columns,
  values: (organization) => ({
    container_id: organization.containerId,
    name: organization.name,
    is_active: organization.isActive ? 1 : 0,
  }),
  parse(document) {
    const read = new DocumentReader(document, 'organization')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      containerId: read.integer('containerId'),
      name: read.text('name'),
      assumedName: read.text('assumedName'),
      isActive: read.flag('isActive'),
      address: read.text('address'),
      address2: read.text('address2'),
      zip: read.text('zip'),
      city: read.text('city'),
      state: read.text('state'),
      country: read.text('country'),
      telephone: read.text('telephone'),
      contact: read.objectOrNull('contact', readContact),
      validations: read.list('validations', (validation) => ({
        type: validation.member('type', validationTypes),
        createdAt: validation.integer('createdAt'),
        status: validation.member('status', ['pending', 'active', 'expired']),
        validatedUntil: validation.integerOrNull('validatedUntil'),
        verifiedUsers: validation.list('verifiedUsers', readContact),
      })),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Organization, keyof typeof columns>
