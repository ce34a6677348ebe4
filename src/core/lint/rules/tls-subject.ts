import * as tags from '../../../pki/der/tags.ts'
import { oids } from '../../../pki/oids.ts'
import { isCountryCode } from '../../policy/names/country-codes.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isAnyCa, isTlsServer } from '../classification.ts'
import { type AttributeView, attributesOf, hasAttribute } from '../name-view.ts'
import { day, ruleTable } from '../rule.ts'
import { nameAsText } from './general-names.ts'
import { characters } from './subject.ts'
import { quoted } from './text.ts'

/** TLS BR section 7.1.4: forms and contents of the subject, for servers and for the CAs above them. */
export const tlsSubjectRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.4', scope: 'certificate', applies: isTlsServer },
  [
    {
      id: 'tls-subject-encoding',
      section: 'TLS BR section 7.1.4.2',
      check: ({ subject }) => {
        const odd = subject.find((attribute) => encodingProblem(attribute) !== undefined)
        return odd === undefined ? undefined : encodingProblem(odd)
      },
    },
    {
      id: 'tls-subject-attributes-unique',
      section: 'TLS BR section 7.1.4.1',
      check: ({ subject }) => {
        const types = subject.map(({ type }) => type).filter((type) => !repeatable.has(type))
        const twice = types.find((type, index) => types.indexOf(type) !== index)
        return twice === undefined ? undefined : `attribute ${twice} twice`
      },
    },
    {
      id: 'tls-subject-one-attribute-each',
      section: 'TLS BR section 7.1.4.1',
      check: ({ subject }) =>
        subject.some(({ rdn }, index) => index > 0 && subject[index - 1]?.rdn === rdn)
          ? 'two attributes in one RelativeDistinguishedName'
          : undefined,
    },
    {
      id: 'tls-subject-order',
      section: 'TLS BR section 7.1.4.2',
      from: day('2023-09-15'),
      check: orderProblem,
    },
    {
      id: 'tls-subject-informational',
      section: 'TLS BR section 7.1.4.3',
      check: ({ subject }) => {
        const filler = subject.find(({ text }) => text.length > 0 && isFiller(text))
        return filler === undefined ? undefined : `attribute ${filler.type} is ${quoted(filler.text)}`
      },
    },
    {
      id: 'tls-subject-place-characters',
      section: 'TLS BR section 7.1.4.2',
      check: ({ subject }) => {
        const odd = subject.find(({ type, text }) => places.has(type) && hasMarkup(text))
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
    {
      id: 'tls-country-assigned',
      section: 'TLS BR section 7.1.2.7',
      check: ({ subject }) => {
        const odd = attributesOf(subject, oids.countryName).find(
          ({ text }) => !isCountryCode(text.toUpperCase()) && text.toUpperCase() !== 'XX',
        )
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
    {
      id: 'tls-no-organizational-unit',
      section: 'TLS BR section 7.1.4.2',
      from: day('2022-09-01'),
      check: ({ subject }) =>
        hasAttribute(subject, oids.organizationalUnitName) ? 'organizationalUnitName present' : undefined,
    },
    {
      id: 'tls-common-name-among-names',
      section: 'TLS BR section 7.1.4.3',
      check: commonNameProblem,
    },
  ],
)

/** The CA certificates of a public hierarchy. */
export const tlsCaSubjectRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.10.2', scope: 'certificate', applies: isAnyCa },
  [
    {
      id: 'ca-country-present',
      check: ({ subject }) =>
        attributesOf(subject, oids.countryName).every(({ text }) => text.trim() === '')
          ? 'absent'
          : undefined,
    },
    {
      id: 'ca-country-assigned',
      check: ({ subject }) => {
        const odd = attributesOf(subject, oids.countryName).find(({ text }) => !isCountryCode(text))
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
    {
      id: 'ca-organization-present',
      check: ({ subject }) => (hasAttribute(subject, oids.organizationName) ? undefined : 'absent'),
    },
    {
      id: 'ca-common-name-present',
      severity: 'warning',
      check: ({ subject }) => (hasAttribute(subject, oids.commonName) ? undefined : 'absent'),
    },
  ],
)

const directoryStrings = new Set([tags.UTF8_STRING, tags.PRINTABLE_STRING])
const printable = new Set([tags.PRINTABLE_STRING])
const ia5 = new Set([tags.IA5_STRING])

/** TLS BR section 7.1.4.2, table of encodings and maximum lengths. */
const encodings: ReadonlyMap<string, { readonly allowed: ReadonlySet<number>; readonly maximum: number }> =
  new Map([
    [oids.domainComponent, { allowed: ia5, maximum: 63 }],
    [oids.countryName, { allowed: printable, maximum: 2 }],
    [oids.stateOrProvinceName, { allowed: directoryStrings, maximum: 128 }],
    [oids.localityName, { allowed: directoryStrings, maximum: 128 }],
    [oids.postalCode, { allowed: directoryStrings, maximum: 40 }],
    [oids.streetAddress, { allowed: directoryStrings, maximum: 128 }],
    [oids.organizationName, { allowed: directoryStrings, maximum: 64 }],
    [oids.surname, { allowed: directoryStrings, maximum: 64 }],
    [oids.givenName, { allowed: directoryStrings, maximum: 64 }],
    [oids.organizationalUnitName, { allowed: directoryStrings, maximum: 64 }],
    [oids.commonName, { allowed: directoryStrings, maximum: 64 }],
    [oids.businessCategory, { allowed: directoryStrings, maximum: 128 }],
    [oids.jurisdictionCountryName, { allowed: printable, maximum: 2 }],
    [oids.jurisdictionStateOrProvinceName, { allowed: directoryStrings, maximum: 128 }],
    [oids.jurisdictionLocalityName, { allowed: directoryStrings, maximum: 128 }],
    [oids.serialNumber, { allowed: printable, maximum: 64 }],
    [oids.organizationIdentifier, { allowed: directoryStrings, maximum: 256 }],
  ])

export function encodingProblem({ type, tag, text }: AttributeView): string | undefined {
  const row = encodings.get(type)
  if (row === undefined) {
    return undefined
  }
  if (!row.allowed.has(tag)) {
    return `attribute ${type} has string type ${tag}`
  }
  return characters(text) > row.maximum ? `attribute ${type} has ${characters(text)} characters` : undefined
}

const repeatable: ReadonlySet<string> = new Set([
  oids.domainComponent,
  oids.streetAddress,
  oids.organizationalUnitName,
])

/** TLS BR section 7.1.4.2: the relative order of the attributes it names. */
const order: readonly string[] = [
  oids.domainComponent,
  oids.countryName,
  oids.stateOrProvinceName,
  oids.localityName,
  oids.postalCode,
  oids.streetAddress,
  oids.organizationName,
  oids.surname,
  oids.givenName,
  oids.organizationalUnitName,
  oids.commonName,
]

function orderProblem({ subject }: CertificateView): string | undefined {
  let last = -1
  for (const { type } of subject) {
    const place = order.indexOf(type)
    if (place !== -1 && place < last) {
      return `attribute ${type} after ${order[last]}`
    }
    last = Math.max(last, place)
  }
  return undefined
}

const places: ReadonlySet<string> = new Set([oids.stateOrProvinceName, oids.localityName])

/** Nothing but punctuation and spaces: what forms send for "not applicable". */
function isFiller(text: string): boolean {
  for (const character of text) {
    if (!'.-_*+ ,:;/\\?!#~'.includes(character)) {
      return false
    }
  }
  return true
}

/** Leftovers of a template or an escaped name, never part of a place. */
function hasMarkup(text: string): boolean {
  for (const character of text) {
    if ('\\{}=|;:'.includes(character) || character < ' ') {
      return true
    }
  }
  return false
}

function commonNameProblem(certificate: CertificateView): string | undefined {
  const names = certificate.subjectAltNames.map(nameAsText)
  const odd = attributesOf(certificate.subject, oids.commonName).find(({ text }) => !names.includes(text))
  return odd === undefined ? undefined : `${quoted(odd.text)} is no alternative name`
}
