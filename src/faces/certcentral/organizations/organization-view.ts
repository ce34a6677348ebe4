import type { Instant } from '../../../core/brand.ts'
import type { Container } from '../../../core/identity/container.ts'
import type {
  ContactPerson,
  Organization,
  OrganizationValidation,
  ValidationType,
} from '../../../core/organizations/organization.ts'
import { endOfValidation, statusOf } from '../../../core/organizations/validation-reuse.ts'
import { dateTime, dateTimeOrAbsent, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'

/** What validations are called. */
export const validationTexts: Readonly<
  Record<ValidationType, { readonly name: string; readonly description: string }>
> = {
  ov: { name: 'OV', description: 'Normal Organization Validation' },
  ev: { name: 'EV', description: 'Extended Organization Validation (EV)' },
  cs: { name: 'CS', description: 'Code Signing Organization Validation' },
  ev_cs: { name: 'EV CS', description: 'Code Signing Organization Extended Validation (EV CS)' },
  ds: { name: 'DS', description: 'Document Signing Validation' },
  smime: { name: 'SMIME', description: 'SMIME Organization Validation' },
  grid: { name: 'Grid', description: 'Grid Organization Validation' },
  private_ssl: { name: 'Private SSL', description: 'Private SSL Organization Validation' },
}

/** How an organization is called where it trades under another name, too. */
export function displayNameOf({ name, assumedName }: Pick<Organization, 'name' | 'assumedName'>): string {
  return assumedName === '' ? name : `${name} (${assumedName})`
}

export interface OrganizationViewOptions {
  readonly now: Instant
  /** By id. */
  readonly containers: ReadonlyMap<number, Container>
  readonly includeValidation: boolean
}

/** An organization in a list. */
export function organizationView(
  organization: Organization,
  { now, containers, includeValidation }: OrganizationViewOptions,
): Members {
  const container = containers.get(organization.containerId)
  const approvers = evApprovers(organization)
  return {
    id: organization.id,
    status: organization.isActive ? 'active' : 'inactive',
    name: organization.name,
    assumed_name: textOrAbsent(organization.assumedName),
    display_name: displayNameOf(organization),
    is_active: organization.isActive,
    address: organization.address,
    address2: textOrAbsent(organization.address2),
    zip: organization.zip,
    city: organization.city,
    state: organization.state,
    country: organization.country,
    telephone: organization.telephone,
    date_created: dateTime(organization.createdAt),
    container: container === undefined ? undefined : homeView(container),
    validations: includeValidation
      ? organization.validations.map((validation) => validationView(validation, now))
      : undefined,
    ev_approvers: approvers.length === 0 ? undefined : approvers,
  }
}

/** An organization by itself, with its people. */
export function organizationInfo(organization: Organization, options: OrganizationViewOptions): Members {
  return {
    ...organizationView(organization, options),
    organization_contact: organization.contact === null ? undefined : personView(organization.contact),
    contacts: contactViews(organization),
  }
}

/** The one it was submitted with first. */
export function contactViews({ contact, contacts }: Organization): readonly Members[] {
  return [
    ...(contact === null ? [] : [{ contact_type: 'organization_contact', ...personView(contact) }]),
    ...contacts.map((each) => ({ contact_type: each.type, ...personView(each) })),
  ]
}

/**
 * The people of an organization: all of them, and the first of the two types that an order has one of each. What is
 * absent as a technical contact is the organization's, as on orders.
 */
export function contactsView(organization: Organization): Members {
  const { contact, contacts } = organization
  const technical = contacts.find(({ type }) => type === 'technical_contact') ?? contact
  return {
    organization_contacts: contactViews(organization),
    organization_contact: contact === null ? undefined : namedPersonView(contact),
    technical_contact: technical === null ? undefined : namedPersonView(technical),
  }
}

export function validationView(validation: OrganizationValidation, now: Instant): Members {
  const { type, createdAt } = validation
  return {
    type,
    ...validationTexts[type],
    date_created: dateTime(createdAt),
    validated_until: dateTimeOrAbsent(endOfValidation(validation, now)),
    status: statusOf(validation, now),
    verified_users: verifiedUsersView(validation),
  }
}

/** Undefined where nobody is verified with the organization. */
export function verifiedUsersView(
  validation: Pick<OrganizationValidation, 'verifiedUsers'> | undefined,
): readonly Members[] | undefined {
  const people = validation?.verifiedUsers ?? []
  return people.length === 0 ? undefined : people.map(personView)
}

/** Users who may approve EV orders. */
export function evApprovers({ validations }: Organization): readonly Members[] {
  return validations
    .filter(({ type }) => type === 'ev')
    .flatMap(({ verifiedUsers }) => verifiedUsers)
    .flatMap(({ userId, firstName, lastName }) =>
      userId === null ? [] : [{ id: userId, first_name: firstName, last_name: lastName }],
    )
}

function personView(person: ContactPerson): Members {
  return {
    id: person.userId ?? undefined,
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
    telephone: textOrAbsent(person.telephone),
    telephone_extension: textOrAbsent(person.telephoneExtension),
    job_title: textOrAbsent(person.jobTitle),
  }
}

function namedPersonView(person: ContactPerson): Members {
  return { ...personView(person), name: `${person.firstName} ${person.lastName}`.trim() }
}

function homeView({ id, parentId, name, isActive }: Container): Members {
  return { id, parent_id: parentId ?? 0, name, is_active: isActive }
}
