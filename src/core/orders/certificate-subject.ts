import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { oids } from '../../pki/oids.ts'
import type { IssueRequest } from '../certificates/issue-request.ts'
import type { Organization } from '../organizations/organization.ts'
import type { AttributeRequest } from '../policy/names/subject.ts'
import type { Product } from '../products/product.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import type { MailContent, OrderContent } from './order.ts'

type Names = Exclude<IssueRequest['names'], 'from-request'>

/** Parameters that the names of an order come in, as the ordering API spells them. */
export const parameters = {
  commonName: 'certificate.common_name',
  dnsName: (place: number) => `certificate.dns_names.${place}`,
  email: (place: number) => `certificate.emails.${place}`,
  organizationUnit: (place: number) => `certificate.organization_units.${place}`,
  individual: 'certificate.individual',
  organization: 'organization.id',
} as const

/** The alternative names of an order's certificate: hosts and addresses, or mailboxes. */
export function alternativeNamesOf(product: Pick<Product, 'names'>, content: OrderContent): Names {
  switch (product.names.of) {
    case 'hosts':
      return content.dnsNames.map((value, place) => ({
        type: parseIpAddress(value) === undefined ? 'dns' : 'ip',
        value,
        parameter: value === content.commonName ? parameters.commonName : parameters.dnsName(place),
      }))
    case 'emails':
      return content.emails.map((value, place) => ({
        type: 'email',
        value,
        parameter: parameters.email(place),
      }))
    case 'nothing':
      return []
  }
}

/** What the subject of an order's certificate is made of. */
export interface SubjectFacts {
  readonly product: Pick<Product, 'subject' | 'validation'>
  readonly profile: Pick<LeafProfile, 'subjectAttributes'>
  readonly content: OrderContent
  /** Null where the product names none. */
  readonly organization: Organization | null
}

/**
 * The subject: what the profile has a place for, of the order and of its organization's record. Nothing of it is taken
 * from the CSR.
 */
export function subjectOf(facts: SubjectFacts): readonly AttributeRequest[] {
  const { profile, organization } = facts
  return [
    ...(organization === null ? [] : organizationAttributes(facts.product, organization)),
    ...unitAttributes(facts.content),
    ...personAttributes(facts),
    { type: oids.commonName, value: commonNameOf(facts), parameter: parameters.commonName },
  ].filter(({ type, value }) => value !== '' && profile.subjectAttributes.includes(type))
}

function organizationAttributes(
  { validation }: Pick<Product, 'validation'>,
  organization: Organization,
): readonly AttributeRequest[] {
  const country = organization.country.toUpperCase()
  const isExtended = validation === 'ev' || validation === 'ev_cs'
  return [
    [oids.countryName, country],
    [oids.stateOrProvinceName, organization.state],
    [oids.localityName, organization.city],
    [oids.organizationName, isExtended ? assumedNameOf(organization) : organization.name],
    // EV Guidelines section 7.1.4.2: the organization in its register.
    [oids.businessCategory, 'Private Organization'],
    [oids.jurisdictionCountryName, country],
    [oids.serialNumber, registrationOf(organization)],
    // S/MIME BR section 7.1.4.2.2: register, country, number.
    [oids.organizationIdentifier, `NTR${country}-${registrationOf(organization)}`],
  ].map(([type = '', value = '']) => ({ type, value, parameter: parameters.organization }))
}

/** EV Guidelines section 7.1.4.2.1: the assumed name first, the registered one in parentheses. */
function assumedNameOf({ name, assumedName }: Organization): string {
  return assumedName === '' ? name : `${assumedName} (${name})`
}

/** An installation whose operator vouches for organizations is the register that numbers them. */
function registrationOf({ id }: Organization): string {
  return String(id)
}

function unitAttributes({ organizationUnits }: OrderContent): readonly AttributeRequest[] {
  return organizationUnits.map((value, place) => ({
    type: oids.organizationalUnitName,
    value,
    parameter: parameters.organizationUnit(place),
  }))
}

/** S/MIME BR sections 7.1.4.2.3 to 7.1.4.2.5. */
function personAttributes({ product, content }: SubjectFacts): readonly AttributeRequest[] {
  const { mail, emails } = content
  const [email = ''] = mail?.includes.email === true ? emails : []
  const person = product.subject === 'person' ? personOf(content) : nobody
  return [
    [oids.emailAddress, email],
    [oids.givenName, person.firstName],
    [oids.surname, person.lastName],
    [oids.pseudonym, person.pseudonym],
  ].map(([type = '', value = '']) => ({ type, value, parameter: parameters.individual }))
}

type Person = NonNullable<MailContent['individual']>

const nobody: Person = { firstName: '', lastName: '', pseudonym: '' }

/**
 * Whom the certificate is about. A pseudonym stands in the place of a name and never beside it (S/MIME BR section
 * 7.1.4.2.2): it takes that place where the order wants it there and not the name, or has no name.
 */
function personOf(content: OrderContent): Person {
  const { individual, includes } = content.mail ?? { individual: null, includes: null }
  const pseudonym = individual?.pseudonym ?? ''
  const name = nameOf(content)
  const isNamed = name.firstName !== '' || name.lastName !== ''
  const prefersPseudonym = includes?.pseudonym === true && !includes.givenNameSurname
  return pseudonym !== '' && (prefersPseudonym || !isNamed) ? { ...nobody, pseudonym } : name
}

/** The name as the order says, else read from the common name, family name last. */
function nameOf({ mail, commonName }: OrderContent): Person {
  if (mail !== null && mail.individual !== null) return { ...mail.individual, pseudonym: '' }
  if (commonName === '' || commonName.includes('@')) return nobody
  const words = commonName.trim().split(/\s+/)
  return { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1) ?? '', pseudonym: '' }
}

/** The common name as the order wrote it, or what its indicator stands for. */
function commonNameOf({ product, content, organization }: SubjectFacts): string {
  const [email = ''] = content.emails
  const { firstName, lastName } = nameOf(content)
  switch (content.mail?.indicator) {
    case 'given_name_surname':
      return `${firstName} ${lastName}`.trim() || content.commonName
    case 'pseudonym':
      return content.mail.individual?.pseudonym || content.commonName
    case 'email_address':
      return email
    case 'organization_name':
      return organization?.name ?? content.commonName
    default:
      break
  }
  switch (product.subject) {
    case 'mailbox':
      return email
    case 'organization':
    case 'code':
    case 'document':
      return organization?.name ?? content.commonName
    default:
      return content.commonName
  }
}
