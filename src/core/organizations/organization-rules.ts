import { Fault } from '../faults.ts'
import { Step } from '../faults-together.ts'
import { isCountryCode } from '../policy/names/country-codes.ts'
import type { Organization } from './organization.ts'

/** What an organization is called and where it is: what certificates say of it. */
export type OrganizationFields = Pick<
  Organization,
  'name' | 'assumedName' | 'address' | 'address2' | 'zip' | 'city' | 'state' | 'country' | 'telephone'
>

/** RFC 5280 appendix A.1: ub-organization-name. */
const longestName = 64
/** Both names stand in one attribute, as `Assumed (Name)`: three characters go for that. */
const longestNames = longestName - 3
const longestAddressField = 64

const addressFields = ['address', 'address2', 'city', 'state'] as const

/**
 * Looks whether certificates can name an organization so. Text in Unicode form C without control characters; the
 * country in lower case.
 *
 * @throws Fault, or Faults when several things are wrong: organization_name_too_long, address_field_too_long,
 *   organization_invalid with all fields that are wrong
 */
export function checkOrganization(fields: OrganizationFields): void {
  const step = new Step()
  step.check(() => checkNameLength(fields))
  for (const parameter of addressFields) step.check(() => checkAddressField(parameter, fields[parameter]))
  step.check(() => checkValues(fields))
  step.end()
}

/** @throws Fault organization_name_too_long */
function checkNameLength({ name, assumedName }: OrganizationFields): void {
  const maximum = assumedName === '' ? longestName : longestNames
  if (lengthOf(name) + lengthOf(assumedName) > maximum) {
    throw new Fault('organization_name_too_long', { maximum })
  }
}

/** @throws Fault address_field_too_long */
function checkAddressField(parameter: (typeof addressFields)[number], value: string): void {
  if (lengthOf(value) > longestAddressField) {
    throw new Fault('address_field_too_long', { parameter, maximum: longestAddressField })
  }
}

/** @throws Fault organization_invalid */
function checkValues(fields: OrganizationFields): void {
  const wrong = Object.entries(rules).flatMap(([field, isRight]) => (isRight(fields) ? [] : [field]))
  if (wrong.length > 0) throw new Fault('organization_invalid', { fields: wrong })
}

/** An organization's fields, by what makes each of them usable. */
const rules: { readonly [Field in keyof OrganizationFields]: (fields: OrganizationFields) => boolean } = {
  name: ({ name }) => hasWord(name),
  assumedName: ({ assumedName }) => assumedName === '' || hasWord(assumedName),
  address: ({ address }) => hasWord(address),
  address2: ({ address2 }) => address2 === '' || hasWord(address2),
  zip: ({ zip }) => hasWord(zip) && lengthOf(zip) <= 40,
  city: ({ city }) => hasWord(city),
  state: ({ state }) => hasWord(state),
  country: ({ country }) => isCountryCode(country.toUpperCase()),
  telephone: ({ telephone }) => isTelephone(telephone),
}

/** Nothing but punctuation says nothing. */
const hasWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Digits in the ways people write them, with an extension. At most 32 characters. */
function isTelephone(text: string): boolean {
  return text.length <= 32 && /\d/.test(text) && /^[0-9 +()./;=#*,x-]+$/i.test(text.replace(/ext/gi, ''))
}

function lengthOf(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
