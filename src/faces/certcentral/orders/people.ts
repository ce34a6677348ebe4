import type { User } from '../../../core/identity/user.ts'
import type { ContactPerson, Organization } from '../../../core/organizations/organization.ts'
import { displayNameOf } from '../organizations/organization-view.ts'
import { textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'
import { userSummary } from '../users/user-view.ts'

/** A contact of an order. */
export function contactView(contact: ContactPerson): Members {
  return {
    first_name: contact.firstName,
    last_name: contact.lastName,
    email: contact.email,
    job_title: textOrAbsent(contact.jobTitle),
    telephone: textOrAbsent(contact.telephone),
    telephone_extension: textOrAbsent(contact.telephoneExtension),
  }
}

/** Somebody who is known by id and may be gone. */
export function personView(id: number, people: ReadonlyMap<number, User>): Members {
  const user = people.get(id)
  return user === undefined ? { id } : userSummary(user)
}

/** An organization as an order shows it. */
export function orderedOrganization(organization: Organization): Members {
  return {
    id: organization.id,
    name: organization.name,
    assumed_name: textOrAbsent(organization.assumedName),
    display_name: displayNameOf(organization),
    is_active: organization.isActive,
    city: organization.city,
    state: textOrAbsent(organization.state),
    country: organization.country,
    telephone: textOrAbsent(organization.telephone),
  }
}
