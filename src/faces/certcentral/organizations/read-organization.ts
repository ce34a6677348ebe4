import type { OrganizationChanges } from '../../../core/organizations/change-organization.ts'
import type { OrganizationRequest } from '../../../core/organizations/create-organization.ts'
import { validationTypes } from '../../../core/organizations/organization.ts'
import type { OrganizationFields } from '../../../core/organizations/organization-rules.ts'
import type { PersonRequest } from '../../../core/organizations/people.ts'
import type { ValidationRequest } from '../../../core/organizations/submit-validation.ts'
import type { Reader } from '../reader.ts'

/** Longer than any limit of a field, so that each is refused by its own code. */
const anyLength = { longest: 1_000 } as const

/** What an organization is submitted with. */
export function readOrganization(body: Reader): OrganizationRequest {
  const containerId = body.idOf('container') ?? body.id('container_id')
  const contact = body.object('organization_contact')
  return {
    name: body.requiredText('name', anyLength),
    assumedName: body.text('assumed_name', anyLength) ?? '',
    address: body.requiredText('address', anyLength),
    address2: body.text('address2', anyLength) ?? '',
    zip: body.requiredText('zip', anyLength),
    city: body.requiredText('city', anyLength),
    state: body.requiredText('state', anyLength),
    country: body.requiredText('country', anyLength).toLowerCase(),
    telephone: body.requiredText('telephone', anyLength),
    contact: readPerson(contact, 'user_id'),
    validations: body.has('validations') ? readValidations(body) : [],
    ...(containerId !== undefined && { containerId }),
  }
}

const fields = {
  name: 'name',
  assumed_name: 'assumedName',
  address: 'address',
  address2: 'address2',
  zip: 'zip',
  city: 'city',
  state: 'state',
  telephone: 'telephone',
} as const satisfies Record<string, keyof OrganizationFields>

/** What `PUT /organization/{id}` changes; what is absent stays. */
export function readOrganizationChanges(body: Reader): OrganizationChanges {
  const country = body.text('country', anyLength)?.toLowerCase()
  return {
    ...Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        const text = body.text(name, anyLength)
        return text === undefined ? [] : [[field, text]]
      }),
    ),
    ...(country !== undefined && { country }),
    ...(body.has('organization_contact') && {
      contact: readPerson(body.object('organization_contact'), 'user_id'),
    }),
  }
}

/** `validations`, which has to have one at least. */
export function readValidations(body: Reader): readonly ValidationRequest[] {
  const validations = body.objects('validations')
  if (validations.length === 0) body.requireUnlessWrong('validations', [])
  return validations.map((validation) => ({
    type: validation.requiredChoice('type', validationTypes),
    verifiedUsers: validation.objects('verified_users').map((person) => readPerson(person, 'id')),
  }))
}

/**
 * A user of the account, or a person by what is known of him.
 * @param user member that has the user's id
 */
export function readPerson(person: Reader, user: string): PersonRequest {
  const userId = person.id(user)
  if (userId !== undefined) return { userId }
  return {
    firstName: person.requiredText('first_name', { longest: 128 }),
    lastName: person.requiredText('last_name', { longest: 128 }),
    email: person.requiredEmail('email'),
    jobTitle: person.text('job_title', { longest: 64 }) ?? '',
    telephone: person.text('telephone', { longest: 32 }) ?? '',
    telephoneExtension: person.text('telephone_extension', { longest: 16 }) ?? '',
  }
}
