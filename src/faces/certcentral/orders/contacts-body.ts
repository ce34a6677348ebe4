import type { ContactsWish } from '../../../core/orders/order-wish.ts'
import type { PersonRequest } from '../../../core/organizations/people.ts'
import type { Reader } from '../reader.ts'

/**
 * The people of an order, in both places where callers name them: `organization.contacts` by their types, and
 * `organization_contact` and `technical_contact`. People without anything known of them are none.
 */
export function readContacts(body: Reader): ContactsWish {
  const listed = body.isObject('organization') ? body.object('organization').objects('contacts') : []
  const byType = (type: string) =>
    listed
      .filter((contact) => contact.text('contact_type')?.toLowerCase() === type)
      .flatMap((contact) => readContact(contact) ?? [])
  const single = (name: string): PersonRequest | undefined =>
    body.isObject(name) ? readContact(body.object(name)) : undefined
  return {
    organization: single('organization_contact') ?? byType('organization_contact')[0] ?? null,
    technical: single('technical_contact') ?? byType('technical_contact')[0] ?? null,
    verified: byType('verified_contact'),
  }
}

function readContact(person: Reader): PersonRequest | undefined {
  const userId = person.id('user_id')
  if (userId !== undefined) return { userId }
  const contact = {
    firstName: person.text('first_name', { longest: 128 }) ?? '',
    lastName: person.text('last_name', { longest: 128 }) ?? '',
    email: person.email('email') ?? '',
    jobTitle: person.text('job_title', { longest: 64 }) ?? '',
    telephone: person.text('telephone', { longest: 32 }) ?? '',
    telephoneExtension: person.text('telephone_extension', { longest: 16 }) ?? '',
  }
  return Object.values(contact).every((text) => text === '') ? undefined : contact
}
