import type { AttributeRequest } from '../../../core/policy/names/subject.ts'
import { lifecycleOids } from '../../../core/profiles/lifecycle.ts'
import { oids } from '../../../pki/oids.ts'
import type { Reader } from '../reader.ts'

interface SubjectMember {
  readonly type: string
  /** Longest value, in characters. */
  readonly longest: number
  readonly isList?: true
}

type Table = Readonly<Record<string, SubjectMember>>

/** Members of `attributes.subject` that are one text each. */
const textMembers = {
  common_name: { type: oids.commonName, longest: 64 },
  organization_name: { type: oids.organizationName, longest: 64 },
  serial_number: { type: oids.serialNumber, longest: 64 },
  pseudonym: { type: oids.pseudonym, longest: 128 },
  user_identifier: { type: oids.userId, longest: 128 },
  locality: { type: oids.localityName, longest: 128 },
  state: { type: oids.stateOrProvinceName, longest: 128 },
  postal_code: { type: oids.postalCode, longest: 16 },
  country: { type: oids.countryName, longest: 2 },
  email: { type: oids.emailAddress, longest: 255 },
  organization_identifier: { type: oids.organizationIdentifier, longest: 64 },
  dn_qualifier: { type: oids.dnQualifier, longest: 64 },
} as const satisfies Table

/** The members that are lists. */
const listMembers = {
  organization_units: { type: oids.organizationalUnitName, longest: 64, isList: true },
  title: { type: oids.title, longest: 64, isList: true },
  given_name: { type: oids.givenName, longest: 16, isList: true },
  surname: { type: oids.surname, longest: 40, isList: true },
  unstructured_address: { type: lifecycleOids.unstructuredAddress, longest: 180, isList: true },
  unstructured_name: { type: lifecycleOids.unstructuredName, longest: 255, isList: true },
  street_address: { type: oids.streetAddress, longest: 128, isList: true },
  description: { type: lifecycleOids.description, longest: 255, isList: true },
  domain_component: { type: oids.domainComponent, longest: 63, isList: true },
} as const satisfies Table

/** What a certificate can carry. */
const members: Table = { ...textMembers, ...listMembers }

/** A BIT STRING of whose contents nobody tells anything (X.520 clause 6.2.7). */
const notServed = ['unique_identifier'] as const

/** An attribute of one member; undefined for a member that is none. */
export function subjectAttribute(name: string, value: string): AttributeRequest | undefined {
  const member = Object.hasOwn(members, name) ? members[name] : undefined
  return member === undefined
    ? undefined
    : { type: member.type, value, parameter: `attributes.subject.${name}` }
}

/** Types that a profile can ask for. */
export const subjectMemberNames: readonly string[] = Object.keys(members)

/** Subject attributes as they were written; a list may be one text, and a text a list of one. */
export function readSubject(subject: Reader): readonly AttributeRequest[] {
  for (const name of notServed) if (subject.has(name)) subject.complain('member_not_served', name)
  return Object.entries(members).flatMap(([name, { type, longest, isList }]) =>
    readTexts(subject, name, longest, isList === true ? undefined : 1).map(([parameter, value]) => ({
      type,
      value,
      parameter,
    })),
  )
}

/** Texts of a member with the names under which they are complained of. */
export function readTexts(
  reader: Reader,
  name: string,
  longest: number,
  most: number | undefined,
): readonly (readonly [parameter: string, value: string])[] {
  if (!reader.has(name)) return []
  if (!reader.isList(name)) {
    const value = reader.text(name, { longest })
    return value === undefined ? [] : [[reader.name(name), value]]
  }
  const values = reader.texts(name, { longest })
  if (most !== undefined && values.length > most) reader.complain('member_invalid', name)
  return values.map((value, place) => [reader.name(`${name}.${place}`), value])
}

type Texts = { readonly [Name in keyof typeof textMembers]?: string }
type Lists = { readonly [Name in keyof typeof listMembers]?: readonly string[] }

/** The subject of a certificate as members; types that have no member are left out. */
export function subjectView(subject: readonly { readonly type: string; readonly value: string }[]) {
  const valuesOf = ({ type: wanted }: SubjectMember): readonly string[] =>
    subject.filter(({ type }) => type === wanted).map(({ value }) => value)
  const texts: Texts = Object.fromEntries(
    Object.entries(textMembers).flatMap(([name, member]) =>
      valuesOf(member)
        .slice(0, 1)
        .map((value) => [name, value] as const),
    ),
  )
  const lists: Lists = Object.fromEntries(
    Object.entries(listMembers).flatMap(([name, member]) => {
      const values = valuesOf(member)
      return values.length === 0 ? [] : [[name, values] as const]
    }),
  )
  return { ...texts, ...lists }
}
