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

export const contactTypes = ['organization_contact', 'technical_contact', 'verified_contact'] as const

/** A person besides the one that an organization was submitted with. */
export interface OrganizationContact extends ContactPerson {
  readonly type: (typeof contactTypes)[number]
}

/**
 * What an organization is validated for. Stored as it was decided: that a validation is over, the clock says, see
 * `statusOf`. Both times are null until it is validated.
 */
export interface OrganizationValidation {
  readonly type: ValidationType
  /** When it was submitted. */
  readonly createdAt: Instant
  readonly status: 'pending' | 'active' | 'expired'
  readonly validatedAt: Instant | null
  /** The first instant at which it does not hold any more, unless rules of the day end it earlier. */
  readonly validatedUntil: Instant | null
  /** Who may speak for it; of `ev`, `cs` and `ev_cs`. */
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
  readonly contacts: readonly OrganizationContact[]
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

const columns = {
  container_id: 'integer',
  name: 'text',
  is_active: 'flag',
  // The first end of a validation that holds.
  ends_at: 'instant',
} as const
export type OrganizationColumn = keyof typeof columns

export const organizations = {
  name: 'organization',
  columns,
  isConfiguration: true,
  values: (organization) => ({
    container_id: organization.containerId,
    name: organization.name,
    is_active: organization.isActive ? 1 : 0,
    ends_at: firstEnd(organization.validations),
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
      contacts: read.list('contacts', (contact) => ({
        ...readContact(contact),
        type: contact.member('type', contactTypes),
      })),
      validations: read.list('validations', (validation) => ({
        type: validation.member('type', validationTypes),
        createdAt: validation.integer('createdAt'),
        status: validation.member('status', ['pending', 'active', 'expired']),
        validatedAt: validation.integerOrNull('validatedAt'),
        validatedUntil: validation.integerOrNull('validatedUntil'),
        verifiedUsers: validation.list('verifiedUsers', readContact),
      })),
      createdAt: read.integer('createdAt'),
    }
  },
} as const satisfies CollectionDefinition<Organization, OrganizationColumn>

function firstEnd(validations: readonly OrganizationValidation[]): Instant | null {
  const ends = validations.flatMap(({ status, validatedUntil }) =>
    status === 'active' && validatedUntil !== null ? [validatedUntil] : [],
  )
  return ends.length === 0 ? null : Math.min(...ends)
}
